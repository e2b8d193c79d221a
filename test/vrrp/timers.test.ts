/** Every expected value is worked out by hand from the RFCs' formulae, not by the code. */
import { describe, expect, test } from 'vitest';
import { masterDownIntervalMs, skewTimeMs } from '../../src/vrrp/index.ts';

const downTimerAdverts = 3;

describe('RFC3768-6.1: version 2', () => {
  // (256 - 100) / 256 = 156 / 256 = 0.609375 s; and so on.
  test.each([
    [100, 609.375, 3609.375],
    [150, 414.0625, 3414.0625],
    [254, 7.8125, 3007.8125],
    [255, 3.90625, 3003.90625],
    [1, 996.09375, 3996.09375],
  ])('priority %i has skew %f ms and master down interval %f ms', (priority, skew, down) => {
    const parameters = { version: 2, priority, masterAdverIntervalMs: 1000 } as const;
    expect(skewTimeMs(parameters)).toBe(skew);
    expect(masterDownIntervalMs({ ...parameters, downTimerAdverts })).toBe(down);
  });

  test('the skew does not grow with the interval, the master down interval does', () => {
    const parameters = { version: 2, priority: 100, masterAdverIntervalMs: 10_000 } as const;
    expect(skewTimeMs(parameters)).toBe(609.375);
    expect(masterDownIntervalMs({ ...parameters, downTimerAdverts })).toBe(30_609.375);
  });
});

describe('RFC5798-6.1: version 3', () => {
  test.each([
    [100, 100, 60.9375, 360.9375],
    [10, 150, 4.140625, 34.140625],
    [1000, 100, 609.375, 3609.375],
    // The longest interval that 12 bits of centiseconds say: 255 x 40950 / 256.
    [40_950, 1, 40_790.0390625, 163_640.0390625],
  ])(
    'interval %i ms, priority %i has skew %f ms and master down interval %f ms',
    (interval, priority, skew, down) => {
      const parameters = { version: 3, priority, masterAdverIntervalMs: interval } as const;
      expect(skewTimeMs(parameters)).toBe(skew);
      expect(masterDownIntervalMs({ ...parameters, downTimerAdverts })).toBe(down);
    },
  );
});

test('no two priorities have the same skew, and the higher one is shorter: a defect of others is to truncate it', () => {
  for (const [version, interval] of [
    [2, 1000],
    [3, 10],
  ] as const) {
    for (let priority = 2; priority <= 255; priority += 1) {
      const skew = skewTimeMs({ version, priority, masterAdverIntervalMs: interval });
      expect(skew).toBeGreaterThan(0);
      expect(skew).toBeLessThan(
        skewTimeMs({ version, priority: priority - 1, masterAdverIntervalMs: interval }),
      );
    }
  }
});

test('down_timer_adverts replaces the 3', () => {
  const parameters = { version: 2, priority: 100, masterAdverIntervalMs: 1000 } as const;
  expect(masterDownIntervalMs({ ...parameters, downTimerAdverts: 1 })).toBe(1609.375);
  expect(masterDownIntervalMs({ ...parameters, downTimerAdverts: 10 })).toBe(10_609.375);
});
