/** Waiting for a moment of the monotonic clock, cancellable. */

/** setTimeout fires at once for anything longer. */
const longestTimerMs = 2 ** 31 - 1;

/** Resolves when `performance.now()` has reached `atMs`; rejects with the signal's reason when that is aborted first. */
export async function waitUntil(atMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = atMs - performance.now(); leftMs > 0; leftMs = atMs - performance.now()) {
    await sleep(Math.min(leftMs, longestTimerMs), signal);
  }
  signal.throwIfAborted();
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
