/**
 * Calls at moments of one clock: many waiting calls, one timer of Node.js. To be woken costs more than a check does: calls that are
 * due within the same few milliseconds can be made to come together, and what they begin is then answered together too.
 */
import { DeadlineQueue, type Timed } from '../vrrp-process/deadline-queue.ts';

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** For checks, which are seconds apart: nobody feels so little, and it is a third of what many of them cost. */
export const checkGraceMs = 10;

export class Timers {
  readonly #nowMs: () => number;
  readonly #graceMs: number;
  readonly #queue = new DeadlineQueue<Call>();
  #timer: NodeJS.Timeout | undefined;
  #armedForMs = Number.POSITIVE_INFINITY;
  #isRunning = false;
  #asked = 0;

  /** A call comes up to `graceMs` late, never early. */
  constructor(nowMs: () => number, graceMs = 0) {
    this.#nowMs = nowMs;
    this.#graceMs = graceMs;
  }

  /** Calls `run` once, at `atMs` or as soon as that has passed, but never before this returns. The returned function forgets it. */
  callAt(atMs: number, run: () => void): () => void {
    this.#asked += 1;
    const call = new Call(atMs, this.#asked, run);
    this.#queue.update(call);
    this.#arm();
    return () => {
      call.isForgotten = true;
      this.#queue.remove(call);
      this.#arm();
    };
  }

  #arm(): void {
    if (this.#isRunning) return;
    const atMs = this.#together(this.#queue.earliest?.atMs ?? Number.POSITIVE_INFINITY);
    // A timer that comes too early finds nothing due: armed anew only for what is earlier, or when there is nothing at all.
    if (atMs >= this.#armedForMs && atMs !== Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    this.#armedForMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(atMs - this.#nowMs(), 0), longestTimerMs);
    this.#timer = setTimeout(() => this.#runDue(), Math.ceil(delayMs));
  }

  /** The next of the moments, `graceMs` apart, at which calls come. */
  #together(atMs: number): number {
    return this.#graceMs === 0 ? atMs : Math.ceil(atMs / this.#graceMs) * this.#graceMs;
  }

  #runDue(): void {
    this.#armedForMs = Number.POSITIVE_INFINITY;
    this.#isRunning = true;
    try {
      // What was asked for the same moment comes in the order of the asking.
      const due = [...this.#queue.dueBy(this.#nowMs())].sort((a, b) => a.compare(b));
      for (const call of due) {
        // One that ran before it may have made it forget.
        if (call.isForgotten) continue;
        this.#queue.remove(call);
        call.timeout();
      }
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }
}

class Call implements Timed {
  readonly nextTimeoutMs: number;
  isForgotten = false;
  readonly #asked: number;
  readonly #run: () => void;

  constructor(atMs: number, asked: number, run: () => void) {
    this.nextTimeoutMs = atMs;
    this.#asked = asked;
    this.#run = run;
  }

  compare(other: Call): number {
    return this.nextTimeoutMs - other.nextTimeoutMs || this.#asked - other.#asked;
  }

  timeout(): void {
    this.#run();
  }
}
