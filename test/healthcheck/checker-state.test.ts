import { describe, expect, test } from 'vitest';
import {
  afterAttempt,
  type CheckerState,
  firstDelayMs,
  initialState,
  isUp,
  planAttempt,
} from '../../src/healthcheck/index.ts';
import { tcpCheck, tutorialTiming as timing } from './fixtures.ts';

describe('before the first run', () => {
  test('a server without alpha is assumed up', () => {
    expect(isUp(initialState({ alpha: false }))).toBe(true);
  });

  test('a server with alpha is assumed down', () => {
    expect(isUp(initialState({ alpha: true }))).toBe(false);
  });

  test('the first run comes 1 s after the start when chance says 0', () => {
    expect(firstDelayMs(timing, 0)).toBe(1000);
  });

  test('the first run comes 1 s and the whole warmup after the start when chance says nearly 1', () => {
    expect(firstDelayMs(timing, 0.999)).toBeCloseTo(6994);
  });
});

test.each<[CheckerState, number]>([
  ['up', 3],
  ['assumedUp', 0],
  ['down', 0],
  ['assumedDown', 0],
])('a server that is %s is granted %i retries', (state, retries) => {
  expect(planAttempt(state, timing)).toEqual({ retries, delayBeforeRetryMs: 3000 });
});

test.each<[CheckerState, 'ok' | 'failed' | 'inconclusive', CheckerState]>([
  ['assumedUp', 'ok', 'up'],
  ['assumedUp', 'failed', 'down'],
  ['assumedUp', 'inconclusive', 'assumedUp'],
  ['assumedDown', 'ok', 'up'],
  ['assumedDown', 'failed', 'down'],
  ['assumedDown', 'inconclusive', 'assumedDown'],
  ['up', 'ok', 'up'],
  ['up', 'failed', 'down'],
  ['up', 'inconclusive', 'up'],
  ['down', 'ok', 'up'],
  ['down', 'failed', 'down'],
  ['down', 'inconclusive', 'down'],
])('a server that is %s and whose attempt was %s is %s', (state, outcome, next) => {
  expect(afterAttempt(tcpCheck('10.0.0.7', 80), { state, goodAttempts: 0 }, outcome)).toEqual({
    next: { state: next, goodAttempts: 0 },
    nextDelayMs: 6000,
  });
});
