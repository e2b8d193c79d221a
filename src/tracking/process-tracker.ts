/** Whether enough processes run, with the delays of keepalived.conf(5): vrrp_track_process. Which ones count is decided before. */
import type { TrackProcessConfig } from '../config-parser/config.ts';

export type ProcessQuorum = Pick<
  TrackProcessConfig,
  'quorum' | 'quorumMax' | 'forkDelayMs' | 'terminateDelayMs'
>;

/** Absolute times are on the clock of `nowMs`. */
export interface ProcessState {
  readonly pids: ReadonlySet<number>;
  /** Undefined before the first look. */
  readonly isUp: boolean | undefined;
  /** When it changes, if the number of processes stays on that side until then. */
  readonly changesAtMs: number | undefined;
}

export type ProcessEvent =
  /** All that count, after looking through every process. */
  | { readonly kind: 'scanned'; readonly pids: ReadonlySet<number> }
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number }
  | { readonly kind: 'timeout' };

/** `count` is how many run. */
export interface ProcessEffect {
  readonly kind: 'reading';
  readonly isUp: boolean;
  readonly count: number;
}

export interface ProcessStep {
  readonly next: ProcessState;
  readonly effects: readonly ProcessEffect[];
}

export const initialProcesses: ProcessState = { pids: new Set(), isUp: undefined, changesAtMs: undefined };

export function stepProcesses(
  config: ProcessQuorum,
  state: ProcessState,
  event: ProcessEvent,
  nowMs: number,
): ProcessStep {
  if (event.kind === 'timeout') {
    if (state.changesAtMs === undefined || nowMs < state.changesAtMs) return { next: state, effects: [] };
    return become(state, !state.isUp);
  }
  const pids = pidsAfter(state.pids, event);
  if (pids === state.pids) return { next: state, effects: [] };
  const next = { ...state, pids };
  const isUp = hasQuorum(config, pids.size);
  // What is there at the start has been there, and waits for nothing.
  if (state.isUp === undefined) return become(next, isUp);
  if (isUp === state.isUp) return { next: { ...next, changesAtMs: undefined }, effects: [] };
  const delayMs = pids.size > state.pids.size ? config.forkDelayMs : config.terminateDelayMs;
  const changesAtMs = Math.min(state.changesAtMs ?? Number.POSITIVE_INFINITY, nowMs + delayMs);
  return changesAtMs <= nowMs ? become(next, isUp) : { next: { ...next, changesAtMs }, effects: [] };
}

/** The same set when nothing has changed, save for the first look, which always counts. */
function pidsAfter(
  pids: ReadonlySet<number>,
  event: Exclude<ProcessEvent, { kind: 'timeout' }>,
): ReadonlySet<number> {
  if (event.kind === 'scanned') return event.pids;
  if (event.kind === 'started') return pids.has(event.pid) ? pids : new Set(pids).add(event.pid);
  if (!pids.has(event.pid)) return pids;
  const left = new Set(pids);
  left.delete(event.pid);
  return left;
}

function hasQuorum({ quorum, quorumMax }: ProcessQuorum, count: number): boolean {
  // keepalived.conf(5): quorum_max 0 means that none may run, whatever quorum says.
  if (quorumMax === 0) return count === 0;
  return count >= quorum && (quorumMax === undefined || count <= quorumMax);
}

function become(state: ProcessState, isUp: boolean): ProcessStep {
  const next = { ...state, isUp, changesAtMs: undefined };
  return { next, effects: [{ kind: 'reading', isUp, count: state.pids.size }] };
}
