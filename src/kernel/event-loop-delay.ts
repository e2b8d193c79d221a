/**
 * How late the event loop of this process serves what is due. A timerfd is due some twenty times a second, at uneven distances so
 * that it does not keep step with advertisements, and how late its callback comes is noted. (perf_hooks.monitorEventLoopDelay asks
 * a timer of whole milliseconds, and counts a pause of a second once among a hundred samples that nobody was there to take.)
 */
import { nowMs } from './clock.ts';
import { DeadlineTimer } from './deadline-timer.ts';

export interface EventLoopDelay {
  /** Half of all that could have been due would have been served within this; and so on. At most 4.5 % too high. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly overSeconds: number;
}

export interface EventLoopMonitor {
  /** Over the time since the last reading. */
  read(): EventLoopDelay;
  close(): void;
}

/** Each wake-up costs some 0.09 ms of processor time: a five-hundredth of one processor. */
const meanSpacingMs = 50;
/** Multiples of it, less their whole part, fill the unit interval evenly and never repeat. */
const goldenRatio = 0.618_033_988_749_895;

/** Does not keep the process alive. */
export function monitorEventLoop(): EventLoopMonitor {
  let delays = new DelayHistogram();
  let sinceMs = nowMs();
  let dueAtMs = 0;
  let phase = 0;
  const arm = (afterMs: number) => {
    phase = (phase + goldenRatio) % 1;
    dueAtMs = afterMs + meanSpacingMs * (0.5 + phase);
    timer.set(dueAtMs);
  };
  const timer = new DeadlineTimer(
    () => {
      const now = nowMs();
      delays.add(now - dueAtMs, meanSpacingMs);
      arm(now);
    },
    { leadMs: 0 },
  );
  timer.unref();
  arm(sinceMs);
  return {
    read: () => {
      const now = nowMs();
      const reading = delays.summary((now - sinceMs) / 1000);
      delays = new DelayHistogram();
      sinceMs = now;
      return reading;
    },
    close: () => timer.close(),
  };
}

const bucketsPerDoubling = 16;
const leastMs = 0.001;
/** Up to two hours; what is later is counted there. */
const bucketCount = 33 * bucketsPerDoubling;
/** So many samples one pause stands for at most: eight minutes. */
const mostMissed = 10_000;

/** Delays in classes of equal ratio. Exported for its test. */
export class DelayHistogram {
  readonly #counts = new Uint32Array(bucketCount);
  #total = 0;
  #maxMs = 0;

  /**
   * One sample, and those that a pause kept from being taken: whatever was due `spacingMs` later was late by that much less.
   * Without them a process that stood still for a second would look as one that was late once.
   */
  add(delayMs: number, spacingMs: number): void {
    this.#maxMs = Math.max(this.#maxMs, delayMs);
    const missed = Math.min(Math.floor(Math.max(0, delayMs) / spacingMs), mostMissed);
    for (let index = 0; index <= missed; index += 1) this.#count(delayMs - index * spacingMs);
  }

  summary(overSeconds: number): EventLoopDelay {
    return {
      p50Ms: this.#quantile(0.5),
      p99Ms: this.#quantile(0.99),
      p999Ms: this.#quantile(0.999),
      maxMs: this.#maxMs,
      overSeconds,
    };
  }

  #count(delayMs: number): void {
    const bucket = Math.floor(Math.log2(Math.max(delayMs, leastMs) / leastMs) * bucketsPerDoubling);
    const index = Math.min(bucket, bucketCount - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#total += 1;
  }

  /** The upper end of the class, so that it is never said too low. */
  #quantile(share: number): number {
    let remaining = Math.ceil(share * this.#total);
    for (const [index, count] of this.#counts.entries()) {
      remaining -= count;
      if (count > 0 && remaining <= 0) {
        return Math.min(this.#maxMs, leastMs * 2 ** ((index + 1) / bucketsPerDoubling));
      }
    }
    return 0;
  }
}
