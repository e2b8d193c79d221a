/** The one clock of deadlines and of receive times. */
import { native } from './native.ts';

/** CLOCK_MONOTONIC in milliseconds with fraction: the clock of `process.hrtime`, of every deadline and `receivedAtMs`. */
export function nowMs(): number {
  return native.monotonicMs();
}
