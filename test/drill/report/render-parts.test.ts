/** Numbers, axes and thinning: the small parts that every format leans on. */
import { describe, expect, test } from 'vitest';
import { marksOf, strokesPath } from '../../../src/drill/report/render/html/drawing/thin.ts';
import {
  formatCount,
  formatDuration,
  formatFigure,
  formatInstant,
  formatOffset,
} from '../../../src/drill/report/render/numbers.ts';
import { createScale, ticksOf } from '../../../src/drill/report/render/scale.ts';
import { exitSentence, tallySentence } from '../../../src/drill/report/render/words.ts';
import { mixedReport, report, scenario } from './fixtures.ts';

test.each([
  [0, '0 ms'],
  [0.421, '0.42 ms'],
  [9.996, '10 ms'],
  [361.2, '361 ms'],
  [999.6, '1.00 s'],
  [3609.375, '3.61 s'],
  [151_000, '2 min 31 s'],
  [Number.POSITIVE_INFINITY, 'never'],
  [Number.NaN, 'unknown'],
])('a duration of %d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, 10, '0'],
  [3420, 10, '+3.42 s'],
  [-2000, 10, '−2.00 s'],
  [10_788.42, 0.05, '+10.78842 s'],
  [10_788.42, 1, '+10.788 s'],
])('%d ms after the injection, told apart to %d ms, reads %s', (ms, finestMs, text) => {
  expect(formatOffset(ms, finestMs)).toBe(text);
});

test('counts are grouped, shares have two digits, and an instant is in UTC', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatCount(1234.5)).toBe('1,234.5');
  expect(formatFigure(1.234, 'percent')).toBe('1.23 %');
  expect(formatInstant('2026-11-23T07:59:40.123Z')).toBe('2026-11-23 07:59:40 UTC');
  expect(formatInstant('yesterday')).toBe('yesterday');
});

describe('an axis', () => {
  test.each([
    [-2000, 14_000, 11, ['−2 s', '0', '+2 s', '+4 s', '+6 s', '+8 s', '+10 s', '+12 s', '+14 s']],
    [-40, 460, 6, ['0', '+100 ms', '+200 ms', '+300 ms', '+400 ms']],
    [10_781, 10_791, 5, ['+10.782 s', '+10.784 s', '+10.786 s', '+10.788 s', '+10.790 s']],
    [0, 1, 5, ['0', '+0.2 ms', '+0.4 ms', '+0.6 ms', '+0.8 ms', '+1.0 ms']],
  ])('from %d to %d ms with at most about %d ticks counts from the injection', (from, to, most, labels) => {
    expect(ticksOf(createScale(from, to), 0, most).map(({ label }) => label)).toEqual(labels);
  });

  test('of no length and of a day have a bearable number of ticks', () => {
    expect(ticksOf(createScale(5, 5), 5, 10).length).toBeLessThanOrEqual(11);
    expect(ticksOf(createScale(0, 86_400_000), 0, 10).length).toBeLessThanOrEqual(11);
  });
});

describe('thinning', () => {
  const scale = createScale(0, 1000);

  test('makes one mark of what lies on one cell, and counts', () => {
    const points = [1, 2, 3, 500].map(
      (atMs) => ({ lane: 'a', kind: 'log', atMs, label: `at ${atMs}` }) as const,
    );
    expect(marksOf(points, scale, 100)).toEqual([
      { kind: 'log', atMs: 1, label: 'at 1', count: 3 },
      { kind: 'log', atMs: 500, label: 'at 500', count: 1 },
    ]);
  });

  test('draws neighbours as one rectangle and all of a crowd in a line of a few letters', () => {
    const box = { cells: 100, y: 2, height: 10 };
    expect(strokesPath([5, 505], scale, box)).toBe('M0 2v10M50 2v10');
    expect(strokesPath([0, 10, 20, 30, 500], scale, box)).toBe('M0 2h3v10h-3zM50 2v10');
    const crowd = Array.from({ length: 100_000 }, (_, index) => index / 100);
    expect(strokesPath(crowd, scale, box)).toBe('M0 2h99v10h-99z');
  });
});

test('a drill is summed up in one sentence', () => {
  expect(tallySentence(report())).toBe('1 scenario passed.');
  expect(tallySentence({ scenarios: [scenario(), scenario()] })).toBe('All 2 scenarios passed.');
  expect(tallySentence(mixedReport())).toBe(
    '1 scenario failed, 1 could not run, 1 was aborted, 2 passed, 1 was skipped.',
  );
  expect(exitSentence(mixedReport())).toBe('1: a limit or an invariant is broken');
});
