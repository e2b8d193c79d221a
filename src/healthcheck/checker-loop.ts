/**
 * One checker's life: wait, attempt, judge, again until aborted. Clock, chance and the probe itself are arguments.
 * The retries inside an attempt are p-retry's.
 */
import pRetry from 'p-retry';
import type { CheckerTiming } from '../config-parser/config.ts';
import { afterAttempt, type CheckerState, firstDelayMs, planAttempt } from './checker-state.ts';
import type { Probe, ProbeFailure, ProbeOutcome } from './probe.ts';

/** What the loop needs of the world. All times are of one monotonic clock. */
export interface LoopPorts {
  readonly probe: Probe;
  readonly nowMs: () => number;
  /** Resolves at `atMs`, at once when that has passed; rejects when `signal` is aborted. */
  readonly waitUntil: (atMs: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface CheckerLoop {
  readonly timing: CheckerTiming;
  readonly state: CheckerState;
  readonly signal: AbortSignal;
  /** After every probe, retries included. `state` is that before the attempt. */
  readonly onProbe: (outcome: ProbeOutcome, state: CheckerState) => void;
  /** After every attempt that gave a new state. */
  readonly onVerdict: (next: CheckerState, before: CheckerState) => void;
}

/** Runs until `loop.signal` is aborted, then resolves. Rejects only for a mistake of ours inside the probe. */
export async function runChecker(loop: CheckerLoop, ports: LoopPorts): Promise<void> {
  try {
    await checkRepeatedly(loop, ports);
  } catch (error) {
    if (!loop.signal.aborted) throw error;
  }
}

/** setTimeout fires at once for anything longer than 2^31 - 1 ms, which p-retry does not know. */
const longestTimerMs = 2 ** 31 - 1;

async function checkRepeatedly(loop: CheckerLoop, ports: LoopPorts): Promise<void> {
  let { state } = loop;
  let startAtMs = ports.nowMs() + firstDelayMs(loop.timing, ports.random());
  while (!loop.signal.aborted) {
    await ports.waitUntil(startAtMs, loop.signal);
    const { outcome, isFirstTry } = await attempt(loop, state, ports);
    const { next, nextDelayMs } = afterAttempt(state, outcome, loop.timing);
    if (next !== state) loop.onVerdict(next, state);
    state = next;
    // A healthy server is asked at a steady pace: the time that connecting takes does not add up.
    const countedFromMs = outcome === 'ok' && isFirstTry ? startAtMs : ports.nowMs();
    startAtMs = Math.max(countedFromMs + nextDelayMs, ports.nowMs());
  }
}

interface AttemptResult {
  readonly outcome: ProbeOutcome['kind'];
  readonly isFirstTry: boolean;
}

/** keepalived.conf(5): retry, delay_before_retry. */
async function attempt(loop: CheckerLoop, state: CheckerState, ports: LoopPorts): Promise<AttemptResult> {
  const plan = planAttempt(state, loop.timing);
  const delayMs = Math.min(plan.delayBeforeRetryMs, longestTimerMs);
  const probeOnce = async (attemptNumber: number): Promise<AttemptResult> => {
    const outcome = await ports.probe(loop.signal);
    loop.signal.throwIfAborted();
    loop.onProbe(outcome, state);
    if (outcome.kind === 'failed') throw new ProbeFailedError(outcome);
    return { outcome: outcome.kind, isFirstTry: attemptNumber === 1 };
  };
  try {
    return await pRetry(probeOnce, {
      retries: plan.retries,
      factor: 1,
      minTimeout: delayMs,
      maxTimeout: delayMs,
      signal: loop.signal,
      shouldRetry: ({ error }) => error instanceof ProbeFailedError,
    });
  } catch (error) {
    if (error instanceof ProbeFailedError) return { outcome: 'failed', isFirstTry: false };
    throw error;
  }
}

/** Carries a failed outcome through p-retry, which retries what throws. */
class ProbeFailedError extends Error {
  constructor(failure: ProbeFailure) {
    super(failure.detail);
    this.name = 'ProbeFailedError';
  }
}
