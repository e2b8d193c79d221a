import { describe, expect, test } from 'vitest';
import {
  isAfter,
  marksAfter,
  type SenderMark,
  secondsAhead,
} from '../../../src/vrrp/authentication/sequence.ts';
import { them, us } from '../reception-fixtures.ts';

const max = 0xffff_ffff;

describe('RFC 1982: order of 64-bit numbers', () => {
  test.each([
    [{ high: 1, low: 0 }, { high: 0, low: max }, true],
    [{ high: 0, low: max }, { high: 0, low: 0x7fff_ffff }, true],
    [{ high: 5, low: 7 }, { high: 5, low: 7 }, false],
    [{ high: 5, low: 6 }, { high: 5, low: 7 }, false],
    // The seconds wrap in 2106, and pass 2^31 in 2038.
    [{ high: 0, low: 0 }, { high: max, low: max }, true],
    [{ high: max, low: max }, { high: 0, low: 0 }, false],
    [{ high: 0x8000_0000, low: 0 }, { high: 0x7fff_ffff, low: 9 }, true],
  ])('%j after %j: %s', (a, b, expected) => {
    expect(isAfter(a, b)).toBe(expected);
  });

  test('a second is ahead or behind across the wrap too', () => {
    const present = { unixSeconds: 2 ** 32 + 0.9, windowSeconds: 5 };
    expect(secondsAhead({ high: 3, low: 0 }, present)).toBe(3);
    expect(secondsAhead({ high: max, low: 0 }, present)).toBe(-1);
  });
});

describe('marksAfter', () => {
  const mark: SenderMark = { source: them, keyId: 1, sequence: { high: 100, low: 5 } };

  test('a new sender and a new key come first, and leave the others alone', () => {
    const sequence = { high: 1, low: 0 };
    expect(marksAfter([mark], { source: us, keyId: 1, sequence })).toEqual([
      { source: us, keyId: 1, sequence },
      mark,
    ]);
    expect(marksAfter([mark], { source: them, keyId: 2, sequence })).toEqual([
      { source: them, keyId: 2, sequence },
      mark,
    ]);
  });

  test('a later number takes the place of the last, an equal or earlier one is refused', () => {
    const later = { high: 100, low: 6 };
    expect(marksAfter([mark], { ...mark, sequence: later })).toEqual([{ ...mark, sequence: later }]);
    expect(marksAfter([mark], mark)).toBeUndefined();
    expect(marksAfter([mark], { ...mark, sequence: { high: 99, low: max } })).toBeUndefined();
  });

  test('of the present it is refused as well, unless the mark is ahead of the present', () => {
    const sequence = { high: 50, low: 0 };
    const heard = { source: them, keyId: 1, sequence };
    expect(marksAfter([mark], heard, { unixSeconds: 96, windowSeconds: 50 })).toBeUndefined();
    expect(marksAfter([mark], heard, { unixSeconds: 50, windowSeconds: 5 })).toEqual([
      { ...heard, ahead: mark.sequence },
    ]);
    // Neither the present nor later than the mark.
    expect(marksAfter([mark], heard, { unixSeconds: 30, windowSeconds: 5 })).toBeUndefined();
  });

  test('what was ahead is refused until the present has come there, and what is later still is heard', () => {
    const corrected = [{ ...mark, sequence: { high: 50, low: 0 }, ahead: mark.sequence }];
    const present = { unixSeconds: 50, windowSeconds: 5 };
    expect(marksAfter(corrected, { ...mark, sequence: { high: 90, low: 0 } }, present)).toBeUndefined();
    expect(marksAfter(corrected, mark, present)).toBeUndefined();
    expect(marksAfter(corrected, { ...mark, sequence: { high: 51, low: 0 } }, present)).toHaveLength(1);
    expect(marksAfter(corrected, { ...mark, sequence: { high: 101, low: 0 } }, present)).toHaveLength(1);
    expect(
      marksAfter(
        corrected,
        { ...mark, sequence: { high: 90, low: 0 } },
        { unixSeconds: 90, windowSeconds: 5 },
      ),
    ).toHaveLength(1);
  });
});
