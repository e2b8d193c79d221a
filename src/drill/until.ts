/** Waiting for something to become true, within a limit. */
import { setTimeout as delay } from 'node:timers/promises';

/** Asks every 50 ms until the answer is yes; throws, naming what was awaited, when `limitMs` is over. */
export async function until(
  what: string,
  limitMs: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`);
    await delay(50);
  }
}
