/** Waiting for a moment of a monotonic clock, cancellable. */

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** On the clock of `performance.now()`. */
export const waitUntil = waiter(() => performance.now());

/** Resolves when the clock has reached `atMs`; rejects with the signal's reason when that is aborted first. */
export function waiter(nowMs: () => number): (atMs: number, signal: AbortSignal) => Promise<void> {
  return async (atMs, signal) => {
    for (let leftMs = atMs - nowMs(); leftMs > 0; leftMs = atMs - nowMs()) {
      await sleep(Math.min(leftMs, longestTimerMs), signal);
    }
    signal.throwIfAborted();
  };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
