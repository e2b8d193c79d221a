/** One timer for the earliest deadline of all: see `native/deadline-timer.h` for how it comes on time. */
import { type NativeDeadlineTimer, native } from './native.ts';

export interface DeadlineTimerOptions {
  /**
   * How much earlier than the deadline the process wakes and waits out the rest, 0 to 5. It should be a little more
   * than the machine takes to wake a sleeping process; each deadline costs that much processor time.
   */
  readonly leadMs?: number;
  /**
   * Called up to `leadMs` before `onDue`, with nothing in between save the waiting: the place to compute what is then
   * only to be performed. Setting another deadline in it calls `onDue` off. Left out when the process woke late.
   * What a socket receives in that time is delivered after `onDue`, unless that asks for it by `receivePending`.
   */
  readonly onApproach?: () => void;
}

export const DEFAULT_LEAD_MS = 0.5;

/** Keeps the process alive until closed, armed or not. */
export class DeadlineTimer {
  readonly #timer: NativeDeadlineTimer;
  #atMs: number | undefined;

  /** `onDue` is called once for every deadline set, never before it on the clock of `nowMs`. */
  constructor(onDue: () => void, options: DeadlineTimerOptions = {}) {
    const due = () => {
      this.#atMs = undefined;
      onDue();
    };
    this.#timer = new native.DeadlineTimer(options.leadMs ?? DEFAULT_LEAD_MS, due, options.onApproach);
  }

  /**
   * Replaces the deadline; undefined disarms. One in the past is due in the loop's next turn, never inside `set`.
   * Setting the same value again costs nothing.
   */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    if (atMs === undefined) this.#timer.clear();
    else this.#timer.set(atMs);
    this.#atMs = atMs;
  }

  close(): void {
    this.#timer.close();
  }

  ref(): void {
    this.#timer.ref();
  }

  unref(): void {
    this.#timer.unref();
  }
}
