import { describe, expect, test } from 'vitest';
import { outcomeOfFile } from '../../../src/healthcheck/probes/file-check.ts';
import { fileCheck } from './other-fixtures.ts';

const ok = { kind: 'ok', elapsedMs: 0 };

function down(value: number) {
  const detail = `The track file maintenance holds ${value}.`;
  return { kind: 'failed', reason: 'other', detail, elapsedMs: 0 };
}

test.each([
  [0, false, ok],
  [1, false, down(1)],
  [-3, false, down(-3)],
  [0, true, down(0)],
  [1, true, ok],
])('without a weight, %i with reverse %s', (value, reverse, expected) => {
  expect(outcomeOfFile(fileCheck({ reverse }), value)).toEqual(expected);
  expect(outcomeOfFile(fileCheck({ reverse, weight: 0 }), value)).toEqual(expected);
});

describe('with a weight', () => {
  test.each([
    [5, 2, false, 10],
    [-5, 2, false, -10],
    [5, -2, false, -10],
    [5, 2, true, -10],
    [0, 2, false, 0],
    [0, 2, true, 0],
    [-300, 1, false, -300],
    [2 ** 31, 1, false, 2 ** 31 - 1],
    [-(2 ** 31) + 1, 1, false, -(2 ** 31) + 1],
  ])('the number %i times %i (reverse %s) adds %i', (value, weight, reverse, added) => {
    expect(outcomeOfFile(fileCheck({ weight, reverse }), value)).toEqual({ ...ok, weight: { added } });
  });

  test.each([
    [-(2 ** 31), 1, false],
    [2 ** 31, 1, true],
    [2 ** 20, -(2 ** 16), false],
  ])(
    'the number %i times %i (reverse %s) is below all weights and takes the server down',
    (value, weight, reverse) => {
      expect(outcomeOfFile(fileCheck({ weight, reverse }), value)).toEqual(down(value));
    },
  );
});

test('a file that nobody has read yet says nothing', () => {
  expect(outcomeOfFile(fileCheck(), undefined)).toEqual({
    kind: 'inconclusive',
    detail: 'The track file maintenance has not been read yet.',
    elapsedMs: 0,
  });
});
