import { describe, expect, test } from 'vitest';
import { initialRespawn, respawnAfterDeath } from '../../../src/daemon/supervisor/respawn.ts';

/** Delays of a child that dies `livedMs` after each start, on a virtual clock. */
function delaysOf(deaths: number, livedMs: number): number[] {
  let state = initialRespawn;
  let nowMs = 1_000_000;
  return Array.from({ length: deaths }, () => {
    const step = respawnAfterDeath(state, nowMs, nowMs + livedMs);
    state = step.next;
    nowMs += livedMs + step.delayMs;
    return step.delayMs;
  });
}

describe('respawn', () => {
  test('a child that keeps dying at once is restarted after 0, 1, 2, 4 ... 60 seconds', () => {
    expect(delaysOf(9, 10)).toEqual([0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('a child that dies a millisecond before its minute is over is still delayed', () => {
    expect(delaysOf(3, 59_999)).toEqual([0, 1000, 2000]);
  });

  test('a child that lived a minute is restarted at once, every time', () => {
    expect(delaysOf(3, 60_000)).toEqual([0, 0, 0]);
  });

  test('a minute of life forgets the delays before it', () => {
    const troubled = { nextDelayMs: 32_000 };
    const step = respawnAfterDeath(troubled, 0, 60_000);
    expect(step).toEqual({ delayMs: 0, next: { nextDelayMs: 1000 } });
  });
});
