/** keepalived.conf(5): datagrams of UDP_CHECK, as hexadecimal digits. */
import type { Word } from '../words.ts';
import type { Argument } from './arguments.ts';

/** What a datagram must begin with: where a bit of `mask` is 0, any bit is good. */
export interface HexPattern {
  readonly bytes: readonly number[];
  /** As long as `bytes`. */
  readonly mask: readonly number[];
}

/** Digits in pairs; blanks may stand between, and a digit before a blank or the end is a byte alone. */
export const hexBytes: Argument<readonly number[]> = {
  expects: 'hexadecimal digits, in pairs',
  syntax: '<hex> ...',
  samples: {
    good: ['0a0b', '0A 0b', '"0a 0b"', '0 1'],
    bad: ['', 'xyz', '0x0a', '0a:0b', '""', '0a XX'],
  },
  parse: (words) => {
    const pairs = pairsOf(words, /^[\da-f\s]*$/i);
    if (typeof pairs === 'string') return { ok: false };
    if ('refused' in pairs) return { ok: false, word: pairs.refused };
    return { ok: true, value: pairs.map((pair) => Number.parseInt(pair, 16)), used: words.length };
  },
};

/** As `hexBytes`, where `x` stands for any digit. */
export const hexPattern: Argument<HexPattern> = {
  expects: 'hexadecimal digits, in pairs, and "x" for any digit',
  syntax: '<hex> ...',
  samples: { good: ['0a0b', '0a XX 1x', 'xx'], bad: ['', 'zz', '0a:0b', '""'] },
  parse: (words) => {
    const pairs = pairsOf(words, /^[\da-fx\s]*$/i);
    if (typeof pairs === 'string') return { ok: false };
    if ('refused' in pairs) return { ok: false, word: pairs.refused };
    const bytes = pairs.map((pair) => Number.parseInt(pair.replace(/x/gi, '0'), 16));
    const mask = pairs.map((pair) => Number.parseInt(pair.replace(/[^x]/gi, 'f').replace(/x/gi, '0'), 16));
    return { ok: true, value: { bytes, mask }, used: words.length };
  },
};

/** One or two digits each. */
function pairsOf(
  words: readonly Word[],
  allowed: RegExp,
): readonly string[] | { readonly refused: Word } | 'missing' {
  if (words.length === 0) return 'missing';
  const refused = words.find(({ value }) => value.trim() === '' || !allowed.test(value));
  if (refused !== undefined) return { refused };
  return words.flatMap(({ value }) => value.match(/[\da-fx]{1,2}/gi) ?? []);
}
