import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nowMs } from '../../src/kernel/clock.ts';
import { DelayHistogram, monitorEventLoop } from '../../src/kernel/event-loop-delay.ts';

function filled(delaysMs: readonly number[], spacingMs = 1e13): DelayHistogram {
  const histogram = new DelayHistogram();
  for (const delayMs of delaysMs) histogram.add(delayMs, spacingMs);
  return histogram;
}

describe('the histogram of delays', () => {
  it('gives quantiles at most 4.5 % too high, and never too low', () => {
    const { p50Ms, p99Ms, p999Ms, maxMs } = filled(
      Array.from({ length: 1000 }, (_, index) => (index + 1) / 100),
    ).summary(1);
    for (const [given, exact] of [
      [p50Ms, 5],
      [p99Ms, 9.9],
      [p999Ms, 9.99],
    ] as const) {
      expect(given).toBeGreaterThanOrEqual(exact);
      expect(given).toBeLessThanOrEqual(exact * 1.045);
    }
    expect(maxMs).toBe(10);
  });

  it('counts a pause once for each sample that it kept from being taken', () => {
    // 10 s on time, then 1 s of standing still: 20 of 220 samples are late, by 1000, 950 … 50 ms.
    const histogram = filled(Array<number>(200).fill(0.1), 50);
    histogram.add(1000, 50);
    const { p50Ms, p99Ms, maxMs } = histogram.summary(11);
    expect(p50Ms).toBeLessThan(0.105);
    expect(p99Ms).toBeGreaterThanOrEqual(900);
    expect(maxMs).toBe(1000);
  });

  it('is all zero without a sample', () => {
    expect(filled([]).summary(2)).toEqual({ p50Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0, overSeconds: 2 });
  });

  it('takes what cannot be for the least and the most that it knows', () => {
    const { p50Ms, maxMs } = filled([-1, 0, 1e12]).summary(1);
    expect(p50Ms).toBeLessThan(0.002);
    expect(maxMs).toBe(1e12);
  });
});

describe('the monitor of the event loop', () => {
  it('sees a callback that held the loop, and forgets it with the reading', async () => {
    const monitor = monitorEventLoop();
    try {
      await setTimeout(1);
      const untilMs = nowMs() + 300;
      while (nowMs() < untilMs);
      await setTimeout(10);
      const held = monitor.read();
      // The first sample is due within 75 ms, so at least 225 of the 300 are seen.
      expect(held.maxMs).toBeGreaterThan(220);
      expect(held.overSeconds).toBeGreaterThan(0.3);
      expect(monitor.read()).toMatchObject({ maxMs: 0, p999Ms: 0 });
    } finally {
      monitor.close();
    }
  });
});
