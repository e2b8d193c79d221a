import { describe, expect, test } from 'vitest';
import { compareFacts, describeDrift } from '../../src/fullnat/index.ts';

describe('two listings', () => {
  test('in another order are the same', () => {
    expect(compareFacts(['a', 'b', 'b'], ['b', 'a', 'b'])).toBeUndefined();
  });

  test('differ in what is missing and in what is unknown, also where one thing is there twice', () => {
    expect(compareFacts(['a', 'b', 'b'], ['b', 'c', 'c'])).toEqual({
      missing: ['a', 'b'],
      unknown: ['c', 'c'],
    });
  });
});

test('a drift is told in one line, with three things of each kind at most', () => {
  expect(describeDrift({ missing: ['a', 'b'], unknown: [] }, 2)).toBe('nothing of them was left');
  expect(describeDrift({ missing: ['a', 'b', 'c', 'd', 'e'], unknown: ['x'] }, 9)).toBe(
    'missing: "a", "b", "c" and 2 more; not ours: "x"',
  );
});
