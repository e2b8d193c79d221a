import { describe, expect, test } from 'vitest';
import { quorumAfter, quorumThreshold } from '../../src/healthcheck/index.ts';

describe('with quorum 4 and hysteresis 1', () => {
  const config = { quorum: 4, hysteresis: 1 };

  test.each([
    [false, 4, false],
    [false, 5, true],
    [true, 3, true],
    [true, 2, false],
    [true, 4, true],
  ])('having had a quorum: %s, a live weight of %i makes it %s', (had, weight, has) => {
    expect(quorumAfter(config, had, weight)).toBe(has);
  });

  test('the threshold named in the log is the one that applies', () => {
    expect(quorumThreshold(config, false)).toBe(5);
    expect(quorumThreshold(config, true)).toBe(3);
  });
});

test.each([false, true])('no live server is no quorum, also when 0 is asked for (had one: %s)', (had) => {
  expect(quorumAfter({ quorum: 0, hysteresis: 0 }, had, 0)).toBe(false);
});
