/**
 * When a track script runs and what its results mean. keepalived.conf(5): vrrp_script. The program itself is run elsewhere: this
 * says when, and is told how it ended.
 */
import type { TrackScriptConfig } from '../config-parser/config.ts';

export type ScriptTiming = Pick<TrackScriptConfig, 'intervalMs' | 'rise' | 'fall' | 'initFail'>;

/** Absolute times are on the clock of `nowMs`. */
export interface ScriptState {
  readonly verdict: 'unknown' | 'good' | 'bad';
  /** How many results in a row have spoken against the verdict. */
  readonly contrary: number;
  readonly nextRunAtMs: number;
  readonly run: 'idle' | RunningScript;
  /** The last exit status; before the first, 0, so that only a failure is news. */
  readonly lastStatus: number;
}

export interface RunningScript {
  /** Its time was over: it has been counted, and is only waited for. */
  readonly timedOut: boolean;
  /** That a run was left out for it has been said. */
  readonly skipSaid: boolean;
}

export type ScriptOutcome =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string }
  /** It is missing, not executable, or refused. */
  | { readonly kind: 'not-started' };

export type ScriptEvent =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'finished'; readonly outcome: ScriptOutcome }
  /** The time of the run is over; the end of the process will come as `ended`. */
  | { readonly kind: 'timedOut' }
  /** A process that had timed out is gone. */
  | { readonly kind: 'ended' };

export type ScriptReport =
  | { readonly kind: 'returning'; readonly status: number }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly outcome: ScriptOutcome }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'skipped'; readonly because: 'running' | 'being-timed-out' };

/** In the order in which they are to be performed. */
export type ScriptEffect =
  | { readonly kind: 'run' }
  | { readonly kind: 'report'; readonly report: ScriptReport }
  | { readonly kind: 'reading'; readonly isUp: boolean };

export interface ScriptStep {
  readonly next: ScriptState;
  readonly effects: readonly ScriptEffect[];
}

/** With keepalived.conf(5): init_fail it is bad until it has succeeded; otherwise nothing is known before the first result. */
export function initialScript(config: ScriptTiming, firstRunAtMs: number): ScriptState {
  const verdict = config.initFail ? 'bad' : 'unknown';
  return { verdict, contrary: 0, nextRunAtMs: firstRunAtMs, run: 'idle', lastStatus: 0 };
}

/** Between the first runs of two scripts: starting a process takes a moment, and hundreds at once would take it from others. */
const spreadMs = 5;

/** When the script that is the `index`th to be started at `nowMs` runs first: soon, since its first result is waited for. */
export function firstScriptRunAtMs({ intervalMs }: ScriptTiming, index: number, nowMs: number): number {
  return nowMs + ((index * spreadMs) % intervalMs);
}

/** Undefined while nothing is known. */
export function scriptReading({ verdict }: ScriptState): boolean | undefined {
  return verdict === 'unknown' ? undefined : verdict === 'good';
}

export function stepScript(
  config: ScriptTiming,
  state: ScriptState,
  event: ScriptEvent,
  nowMs: number,
): ScriptStep {
  switch (event.kind) {
    case 'timeout':
      return nowMs < state.nextRunAtMs ? { next: state, effects: [] } : tick(config, state, nowMs);
    case 'finished':
      return noteResult(config, { ...state, run: 'idle' }, event.outcome);
    case 'timedOut':
      return noteTimeOut(config, state);
    case 'ended':
      return { next: { ...state, run: 'idle' }, effects: [] };
  }
}

function tick(config: ScriptTiming, state: ScriptState, nowMs: number): ScriptStep {
  const next = { ...state, nextRunAtMs: tickAfter(state.nextRunAtMs, config.intervalMs, nowMs) };
  if (state.run === 'idle') {
    return { next: { ...next, run: { timedOut: false, skipSaid: false } }, effects: [{ kind: 'run' }] };
  }
  // Never two at once: a check that hangs must not pile up.
  if (state.run.skipSaid) return { next, effects: [] };
  const because = state.run.timedOut ? 'being-timed-out' : 'running';
  return {
    next: { ...next, run: { ...state.run, skipSaid: true } },
    effects: [report({ kind: 'skipped', because })],
  };
}

/** The runs keep their own beat; what a late process has missed is not made up for. */
function tickAfter(tickAtMs: number, intervalMs: number, nowMs: number): number {
  return tickAtMs + (Math.floor((nowMs - tickAtMs) / intervalMs) + 1) * intervalMs;
}

function noteTimeOut(config: ScriptTiming, state: ScriptState): ScriptStep {
  if (state.run === 'idle' || state.run.timedOut) return { next: state, effects: [] };
  const counted = { ...state, run: { ...state.run, timedOut: true } };
  return judge(config, counted, { isGood: false, said: { kind: 'timedOut' } });
}

function noteResult(config: ScriptTiming, state: ScriptState, outcome: ScriptOutcome): ScriptStep {
  if (outcome.kind !== 'exited') {
    return judge(config, state, { isGood: false, said: { kind: 'failed', outcome } });
  }
  const isGood = outcome.status === 0;
  const said: ScriptReport = isGood ? { kind: 'succeeded' } : { kind: 'failed', outcome };
  const { next, effects } = judge(config, { ...state, lastStatus: outcome.status }, { isGood, said });
  if (outcome.status === state.lastStatus) return { next, effects };
  return { next, effects: [report({ kind: 'returning', status: outcome.status }), ...effects] };
}

/** The first result decides at once, later ones when enough in a row say the same; counting starts over with each change. */
function judge(
  { rise, fall }: ScriptTiming,
  state: ScriptState,
  { isGood, said }: { isGood: boolean; said: ScriptReport },
): ScriptStep {
  const verdict = isGood ? 'good' : 'bad';
  if (state.verdict === verdict) return { next: { ...state, contrary: 0 }, effects: [] };
  const contrary = state.contrary + 1;
  const needed = state.verdict === 'unknown' ? 1 : isGood ? rise : fall;
  if (contrary < needed) return { next: { ...state, contrary }, effects: [] };
  return {
    next: { ...state, verdict, contrary: 0 },
    effects: [report(said), { kind: 'reading', isUp: isGood }],
  };
}

function report(text: ScriptReport): ScriptEffect {
  return { kind: 'report', report: text };
}
