import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Timers } from '../../../src/daemon/checker-process/timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The clock begins at a multiple of every grace that is tried. */
function setUp(graceMs = 0) {
  const startMs = performance.now();
  const called: string[] = [];
  const timers = new Timers(() => performance.now() - startMs, graceMs);
  const callAt = (atMs: number, name: string, then = () => {}) =>
    timers.callAt(atMs, () => {
      called.push(`${Math.round(performance.now() - startMs)} ${name}`);
      then();
    });
  return { callAt, called };
}

test('calls come at their time, those of one moment in the order in which they were asked for', () => {
  const { callAt, called } = setUp();
  for (const [atMs, name] of [[30, 'd'], [10, 'a'], [20, 'b'], [20, 'c']] as const) callAt(atMs, name); // biome-ignore format: one list
  vi.advanceTimersByTime(25);
  expect(called).toEqual(['10 a', '20 b', '20 c']);
  vi.advanceTimersByTime(10);
  expect(called.at(-1)).toBe('30 d');
  expect(vi.getTimerCount()).toBe(0);
});

test('what is over already is called as soon as possible, but not while it is asked for', () => {
  const { callAt, called } = setUp();
  callAt(-5, 'late');
  expect(called).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(called).toHaveLength(1);
});

test('a forgotten call does not come, also when one of the same moment forgets it, and leaves no timer', () => {
  const { callAt, called } = setUp();
  const forget = callAt(10, 'first');
  callAt(20, 'second', () => forgetThird());
  const forgetThird = callAt(20, 'third');
  forget();
  vi.advanceTimersByTime(60);
  expect(called).toEqual(['20 second']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a call further away than a timer can hold comes neither at once nor never', () => {
  const { callAt, called } = setUp();
  callAt(2 ** 31 + 500, 'far');
  vi.advanceTimersByTime(2 ** 31);
  expect(called).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(called).toEqual([`${2 ** 31 + 500} far`]);
});

test('with a grace calls come together, at most so much late and never early, and one wake-up serves them', () => {
  const { callAt, called } = setUp(10);
  const timeouts = vi.spyOn(globalThis, 'setTimeout');
  for (const [atMs, name] of [[11, 'a'], [14, 'b'], [20, 'c'], [20.5, 'd']] as const) callAt(atMs, name); // biome-ignore format: one list
  vi.advanceTimersByTime(50);
  expect(called).toEqual(['20 a', '20 b', '20 c', '30 d']);
  expect(timeouts).toHaveBeenCalledTimes(2);
});

test('a call that throws does not keep the others from coming', () => {
  const { callAt, called } = setUp();
  callAt(10, 'bad', () => {
    throw new Error('ours');
  });
  callAt(20, 'good');
  expect(() => vi.advanceTimersByTime(15)).toThrow('ours');
  vi.advanceTimersByTime(15);
  expect(called).toEqual(['10 bad', '20 good']);
});

test('whatever is asked for and forgotten, exactly the rest comes, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 40 }), (asked) => {
      const { callAt, called } = setUp();
      const forgets = asked.map(([atMs], index) => callAt(atMs + 1, `${index}`));
      asked.forEach(([, isForgotten], index) => {
        if (isForgotten) forgets[index]?.();
      });
      vi.advanceTimersByTime(100);
      const kept = asked.flatMap(([atMs, isForgotten], index) => (isForgotten ? [] : [{ atMs, index }]));
      kept.sort((a, b) => a.atMs - b.atMs || a.index - b.index);
      expect(called).toEqual(kept.map(({ atMs, index }) => `${atMs + 1} ${index}`));
    }),
  );
});
