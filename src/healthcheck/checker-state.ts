/**
 * keepalived's rules for the verdict of one checker, as pure functions. A checker that is up goes down after `retry` + 1
 * failures in a row; one that is down comes up with one success. The first run is special: see `CheckerState`.
 */
import type { CheckerConfig, CheckerTiming } from '../config-parser/config.ts';
import type { ProbeOutcome } from './probe.ts';

/**
 * `assumed…` has not run yet. Without `alpha` a server is assumed up and carries traffic at once, but its first failing
 * run brings it down without retries: nothing has ever shown it to work.
 */
export type CheckerState = 'assumedUp' | 'assumedDown' | 'up' | 'down';

/** How the next attempt is made: `retries` further probes after a failing one, `delayBeforeRetryMs` apart. */
export interface AttemptPlan {
  readonly retries: number;
  readonly delayBeforeRetryMs: number;
}

export interface AfterAttempt {
  readonly next: CheckerState;
  /** Whether the server's being up, as this checker sees it, changed. */
  readonly changed: boolean;
  readonly nextDelayMs: number;
}

/** keepalived schedules no check in the first second of its life. */
const bootstrapDelayMs = 1000;

/** The state of a checker about which nothing is known. keepalived.conf(5): alpha. */
export function initialState(checker: Pick<CheckerConfig, 'alpha'>): CheckerState {
  return checker.alpha ? 'assumedDown' : 'assumedUp';
}

export function isUp(state: CheckerState): boolean {
  return state === 'up' || state === 'assumedUp';
}

/** keepalived.conf(5): retry, delay_before_retry. Only a server seen working is granted retries. */
export function planAttempt(state: CheckerState, timing: CheckerTiming): AttemptPlan {
  return { retries: state === 'up' ? timing.retry : 0, delayBeforeRetryMs: timing.delayBeforeRetryMs };
}

/** What an attempt, retries included, makes of the state. An inconclusive one makes nothing of it. */
export function afterAttempt(
  state: CheckerState,
  outcome: ProbeOutcome['kind'],
  timing: CheckerTiming,
): AfterAttempt {
  const next = stateAfter(state, outcome);
  return { next, changed: isUp(next) !== isUp(state), nextDelayMs: timing.delayLoopMs };
}

/** keepalived.conf(5): warmup. `random` is from 0 to below 1, so that many checkers do not start in one moment. */
export function firstDelayMs(timing: CheckerTiming, random: number): number {
  return bootstrapDelayMs + random * timing.warmupMs;
}

function stateAfter(state: CheckerState, outcome: ProbeOutcome['kind']): CheckerState {
  switch (outcome) {
    case 'ok':
      return 'up';
    case 'failed':
      return 'down';
    case 'inconclusive':
      return state;
  }
}
