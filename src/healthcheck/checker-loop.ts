/**
 * One checker's life: wait, attempt, judge, again until stopped. Clock, chance and the probe itself are arguments.
 * The retries inside an attempt are p-retry's; what is good at once never gets there, since thousands a second are.
 */
import pRetry from 'p-retry';
import type { CheckerConfig } from '../config-parser/config.ts';
import {
  type AttemptPlan,
  afterAttempt,
  type CheckerState,
  firstDelayMs,
  type Progress,
  planAttempt,
  resumeDelayMs,
} from './checker-state.ts';
import type { Probe, ProbeFailure, ProbeOutcome } from './probe.ts';

/** What the loop needs of the world. All times are of one monotonic clock. */
export interface LoopPorts {
  readonly nowMs: () => number;
  /** Calls `run` once, at `atMs` or as soon as that has passed; the returned function forgets it. Never calls at once. */
  readonly callAt: (atMs: number, run: () => void) => () => void;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** A mistake of ours inside a probe. It says nothing about the server. */
  readonly onMistake: (error: unknown) => void;
}

export interface CheckerLoop {
  readonly checker: CheckerConfig;
  readonly probe: Probe;
  readonly state: CheckerState;
  /** It ran before and rested: no first second is waited for. */
  readonly isResumed?: boolean;
  /**
   * For a checker that is told and not polled (FILE_CHECK, BFD_CHECK): asks to be called at every change, and gives what ends that.
   * Such a one is asked at once and at every change; it has no warmup, no delay_loop and no retries.
   */
  readonly follow?: (changed: () => void) => () => void;
  /** After every probe, retries included. `state` is that before the attempt. */
  readonly onProbe: (outcome: ProbeOutcome, state: CheckerState) => void;
  /** After every attempt that gave a new state. */
  readonly onVerdict: (next: CheckerState, before: CheckerState, outcome: ProbeOutcome) => void;
}

/** Runs until the returned function is called; after that it reports nothing. */
export function startChecker(loop: CheckerLoop, ports: LoopPorts): () => void {
  return loop.follow === undefined ? startPolling(loop, ports) : startFollowing(loop, loop.follow, ports);
}

function startPolling(loop: CheckerLoop, ports: LoopPorts): () => void {
  const { timing } = loop.checker;
  const run = new CheckerRun(loop, ports);
  const delayMs = loop.isResumed
    ? resumeDelayMs(timing, ports.random())
    : firstDelayMs(timing, ports.random());
  run.attemptAt(ports.nowMs() + delayMs);
  return () => run.stop();
}

function startFollowing(
  loop: CheckerLoop,
  follow: NonNullable<CheckerLoop['follow']>,
  ports: LoopPorts,
): () => void {
  const run = new CheckerRun(loop, ports);
  const unfollow = follow(() => run.ask());
  run.ask();
  return () => {
    unfollow();
    run.stop();
  };
}

/** setTimeout fires at once for anything longer than 2^31 - 1 ms, which p-retry does not know. */
const longestTimerMs = 2 ** 31 - 1;

class CheckerRun {
  readonly #loop: CheckerLoop;
  readonly #ports: LoopPorts;
  readonly #controller = new AbortController();
  #progress: Progress;
  #forget: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();

  constructor(loop: CheckerLoop, ports: LoopPorts) {
    this.#loop = loop;
    this.#ports = ports;
    this.#progress = { state: loop.state, goodAttempts: 0 };
  }

  attemptAt(startAtMs: number): void {
    this.#forget = this.#ports.callAt(startAtMs, () => {
      this.#attempt(startAtMs).catch((error) => this.#report(error));
    });
  }

  /** Once, after what is being asked already. */
  ask(): void {
    this.#asking = this.#asking.then(() => this.#follow()).catch((error) => this.#report(error));
  }

  stop(): void {
    this.#forget?.();
    this.#controller.abort();
  }

  async #attempt(startAtMs: number): Promise<void> {
    const plan = planAttempt(this.#progress.state, this.#loop.checker.timing);
    const first = await this.#probe();
    const isRetried = first.kind === 'failed' && plan.retries > 0;
    const outcome = isRetried ? await this.#retry(first, plan) : first;
    const nextDelayMs = this.#judge(outcome);
    const nowMs = this.#ports.nowMs();
    // A healthy server is asked at a steady pace: the time that connecting takes does not add up.
    const countedFromMs = first.kind === 'ok' ? startAtMs : nowMs;
    this.attemptAt(Math.max(countedFromMs + nextDelayMs, nowMs));
  }

  async #follow(): Promise<void> {
    if (!this.#controller.signal.aborted) this.#judge(await this.#probe());
  }

  /** How long to wait for the next attempt. */
  #judge(outcome: ProbeOutcome): number {
    const before = this.#progress.state;
    const { next, nextDelayMs } = afterAttempt(this.#loop.checker, this.#progress, outcome.kind);
    this.#progress = next;
    if (next.state !== before) this.#loop.onVerdict(next.state, before, outcome);
    return nextDelayMs;
  }

  /** Rejects when the run was stopped meanwhile: nothing is reported after that. */
  async #probe(): Promise<ProbeOutcome> {
    const { signal } = this.#controller;
    const outcome = await this.#loop.probe(signal);
    signal.throwIfAborted();
    this.#loop.onProbe(outcome, this.#progress.state);
    return outcome;
  }

  /** keepalived.conf(5): retry, delay_before_retry. The first try has failed already. */
  async #retry(first: ProbeFailure, plan: AttemptPlan): Promise<ProbeOutcome> {
    const delayMs = Math.min(plan.delayBeforeRetryMs, longestTimerMs);
    const probe = async (attemptNumber: number): Promise<ProbeOutcome> => {
      const outcome = attemptNumber === 1 ? first : await this.#probe();
      if (outcome.kind === 'failed') throw new ProbeFailedError(outcome);
      return outcome;
    };
    try {
      return await pRetry(probe, {
        retries: plan.retries,
        factor: 1,
        minTimeout: delayMs,
        maxTimeout: delayMs,
        signal: this.#controller.signal,
        shouldRetry: ({ error }) => error instanceof ProbeFailedError,
      });
    } catch (error) {
      if (error instanceof ProbeFailedError) return error.outcome;
      throw error;
    }
  }

  #report(error: unknown): void {
    if (!this.#controller.signal.aborted) this.#ports.onMistake(error);
  }
}

/** Carries a failed outcome through p-retry, which retries what throws. */
class ProbeFailedError extends Error {
  readonly outcome: ProbeFailure;

  constructor(outcome: ProbeFailure) {
    super(outcome.detail);
    this.name = 'ProbeFailedError';
    this.outcome = outcome;
  }
}
