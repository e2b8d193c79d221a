import { expect, it } from 'vitest';
import { nowMs } from '../../src/kernel/clock.ts';

it('nowMs is the clock of process.hrtime in milliseconds', () => {
  const hrtimeMs = () => Number(process.hrtime.bigint()) / 1e6;
  const before = hrtimeMs();
  const now = nowMs();
  const after = hrtimeMs();
  expect(now).toBeGreaterThanOrEqual(before - 1e-3);
  expect(now).toBeLessThanOrEqual(after + 1e-3);
});

it('nowMs keeps fractions of a millisecond and never goes back', () => {
  const readings = Array.from({ length: 1000 }, () => nowMs());
  expect(readings.some((reading) => !Number.isInteger(reading))).toBe(true);
  expect(readings).toEqual(readings.toSorted((a, b) => a - b));
});
