/** One timer for one deadline that keeps changing. */
import { nowMs } from '../../kernel/clock.ts';

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

export class Alarm {
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;
  #atMs: number | undefined;

  /** `onDue` may be called a little early, or for no reason at all: it looks at the clock. */
  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** On the clock of `nowMs`; undefined disarms. */
  set(atMs: number | undefined): void {
    if (atMs === this.#atMs) return;
    this.clear();
    if (atMs === undefined) return;
    this.#atMs = atMs;
    const delayMs = Math.min(Math.max(Math.ceil(atMs - nowMs()), 0), longestTimerMs);
    this.#timer = setTimeout(() => {
      this.#atMs = undefined;
      this.#onDue();
    }, delayMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#atMs = undefined;
  }
}
