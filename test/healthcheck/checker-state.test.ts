import { describe, expect, test } from 'vitest';
import {
  afterAttempt,
  type CheckerState,
  firstDelayMs,
  initialState,
  isUp,
  planAttempt,
} from '../../src/healthcheck/index.ts';
import { tutorialTiming as timing } from './fixtures.ts';

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

test.each<[CheckerState, 'ok' | 'failed' | 'inconclusive', CheckerState, boolean]>([
  ['assumedUp', 'ok', 'up', false],
  ['assumedUp', 'failed', 'down', true],
  ['assumedUp', 'inconclusive', 'assumedUp', false],
  ['assumedDown', 'ok', 'up', true],
  ['assumedDown', 'failed', 'down', false],
  ['assumedDown', 'inconclusive', 'assumedDown', false],
  ['up', 'ok', 'up', false],
  ['up', 'failed', 'down', true],
  ['up', 'inconclusive', 'up', false],
  ['down', 'ok', 'up', true],
  ['down', 'failed', 'down', false],
  ['down', 'inconclusive', 'down', false],
])('a server that is %s and whose attempt was %s is %s', (state, outcome, next, changed) => {
  expect(afterAttempt(state, outcome, timing)).toEqual({ next, changed, nextDelayMs: 6000 });
});
