import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/config-parser/suggest.ts';

describe('nearest', () => {
  const words = ['priority', 'preempt', 'interface', 'real_server'];
  it.each([
    ['prioritty', 'priority'],
    ['PRIORITY', 'priority'],
    ['pirority', 'priority'],
    ['intreface', 'interface'],
    ['realserver', 'real_server'],
    ['colour', undefined],
    ['x', undefined],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, words)).toBe(expected);
  });
});

describe('editDistance', () => {
  it.each([
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['abc', 'xyz', 3],
    ['', 'abc', 3],
  ])('from %j to %j is %i', (a, b, expected) => {
    expect(editDistance(a, b, 10)).toBe(expected);
    expect(editDistance(b, a, 10)).toBe(expected);
  });

  it('stops at its limit', () => {
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(2);
  });
});
