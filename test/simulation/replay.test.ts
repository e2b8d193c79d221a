/** A seed is all that a story needs. */
import { expect, test } from 'vitest';
import { play } from './scenario.ts';

test.each([2, 3, 77, 780])('seed %i tells the same story twice', (seed) => {
  const [first, second] = [play(seed), play(seed)].map(({ instances, shell, nowMs }) => ({
    nowMs,
    seen: [...shell.seen],
    states: instances.map(({ state, held }) => [state, [...held.keys()]]),
  }));
  expect(first).toEqual(second);
});
