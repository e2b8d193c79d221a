/** The clock of one attempt: its phases, the time limits of each step and of the whole, and the abort from outside. */
import type { CheckerTiming } from '../../config-parser/config.ts';
import type { ProbePhase } from '../probe.ts';
import type { StepFailure } from './outcome.ts';

export type PhaseName = ProbePhase['name'];

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** Has timers and a listener until `close`. Deadlines are `interrupt`'s to act on. */
export class StreamAttempt {
  /** Called at most once: the attempt is over, for this reason, which is `interruption` from then on. */
  interrupt: (failure: StepFailure) => void = () => {};

  readonly #timing: CheckerTiming;
  readonly #signal: AbortSignal;
  readonly #startedAtMs = performance.now();
  readonly #phases: ProbePhase[] = [];
  /** One for both limits: a timer a step, set and cleared thousands of times a second, costs more than the rare early look. */
  #timer: NodeJS.Timeout | undefined;
  #lastLook: NodeJS.Immediate | undefined;
  /** The wait for data is counted from here. */
  #progressAtMs = this.#startedAtMs;
  readonly #onAbort = (): void =>
    this.#interruptWith({ kind: 'inconclusive', what: 'The check was stopped' });
  #phase: PhaseName | undefined;
  #phaseStartedAtMs = this.#startedAtMs;
  #settledAtMs: number | undefined;
  #interruption: StepFailure | undefined;

  constructor(timing: CheckerTiming, signal: AbortSignal) {
    this.#timing = timing;
    this.#signal = signal;
    this.#arm(this.#startedAtMs);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /** Until it was settled. */
  get elapsedMs(): number {
    return (this.#settledAtMs ?? performance.now()) - this.#startedAtMs;
  }

  get interruption(): StepFailure | undefined {
    return this.#interruption;
  }

  /** The one that is under way, which is the one that failed when something has. */
  get phase(): PhaseName | undefined {
    return this.#phase;
  }

  get phases(): readonly ProbePhase[] {
    return this.#phases;
  }

  /** Ends the phase that is under way, and gives the next one its time. */
  enter(name: PhaseName): void {
    if (this.#settledAtMs === undefined) this.settle();
    else this.#phaseStartedAtMs = performance.now();
    this.#settledAtMs = undefined;
    this.#phase = name;
    this.hasProgressed();
  }

  /** Something came: the wait for the next begins. */
  hasProgressed(): void {
    this.#progressAtMs = performance.now();
  }

  /** What is known by now is the verdict: what comes until the next phase takes no part in it. */
  settle(): void {
    if (this.#settledAtMs !== undefined) return;
    const nowMs = performance.now();
    if (this.#phase !== undefined)
      this.#phases.push({ name: this.#phase, ms: nowMs - this.#phaseStartedAtMs });
    this.#phaseStartedAtMs = nowMs;
    this.#settledAtMs = nowMs;
  }

  close(): void {
    this.settle();
    clearTimeout(this.#timer);
    clearImmediate(this.#lastLook);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  #arm(nowMs: number): void {
    const { connectTimeoutMs, attemptTimeoutMs } = this.#timing;
    const wholeLeftMs = this.#startedAtMs + attemptTimeoutMs - nowMs;
    // Between two phases no step is limited, and the next one has not begun.
    const stepFromMs = this.#settledAtMs === undefined ? this.#progressAtMs : nowMs;
    const leftMs = Math.min(wholeLeftMs, stepFromMs + connectTimeoutMs - nowMs, longestTimerMs);
    this.#timer = setTimeout(() => this.#look(), Math.ceil(leftMs));
  }

  /** What came in time lies unread when this process was late itself: it is taken in before a limit decides anything. */
  #look(hasTakenIn = false): void {
    const nowMs = performance.now();
    const over = this.#limitOver(nowMs);
    if (over === undefined) this.#arm(nowMs);
    else if (hasTakenIn) this.#interruptWith(over);
    else this.#lastLook = setImmediate(() => this.#look(true));
  }

  #limitOver(nowMs: number): StepFailure | undefined {
    const { connectTimeoutMs, attemptTimeoutMs } = this.#timing;
    if (nowMs >= this.#startedAtMs + attemptTimeoutMs) return wholeOver(attemptTimeoutMs);
    const isStepOver = this.#settledAtMs === undefined && nowMs >= this.#progressAtMs + connectTimeoutMs;
    return isStepOver ? stepOver(connectTimeoutMs, this.#phase) : undefined;
  }

  #interruptWith(failure: StepFailure): void {
    if (this.#interruption !== undefined) return;
    this.#interruption = failure;
    this.interrupt(failure);
  }
}

function stepOver(limitMs: number, phase: PhaseName | undefined): StepFailure {
  const seconds = limitMs / 1000;
  const what =
    phase === 'connect'
      ? `The server did not answer within ${seconds} s`
      : `Nothing came from the server for ${seconds} s`;
  return { kind: 'failed', reason: 'timeout', what };
}

function wholeOver(limitMs: number): StepFailure {
  const what = `The attempt as a whole was not over after ${limitMs / 1000} s, its attempt_timeout`;
  return { kind: 'failed', reason: 'timeout', what };
}
