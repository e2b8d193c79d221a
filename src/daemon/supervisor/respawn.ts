/**
 * When a child process that died is started again: at once, then after 1, 2, 4 ... 60 seconds while it keeps dying
 * within a minute of its start, as keepalived does.
 */

/** A child that lived this long has earned an immediate restart again. */
export const stableAfterMs = 60_000;

const longestDelayMs = 60_000;

export interface RespawnState {
  /** What the next restart will wait, milliseconds. */
  readonly nextDelayMs: number;
}

export const initialRespawn: RespawnState = { nextDelayMs: 0 };

export interface RespawnStep {
  readonly next: RespawnState;
  /** How long to wait before this restart, milliseconds. */
  readonly delayMs: number;
}

/** A child that was started at `startedAtMs` died at `nowMs`; both on the same monotonic clock. */
export function respawnAfterDeath(state: RespawnState, startedAtMs: number, nowMs: number): RespawnStep {
  const delayMs = nowMs - startedAtMs >= stableAfterMs ? 0 : state.nextDelayMs;
  const doubledMs = delayMs === 0 ? 1000 : Math.min(2 * delayMs, longestDelayMs);
  return { next: { nextDelayMs: doubledMs }, delayMs };
}
