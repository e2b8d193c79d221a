/** keepalived.conf(5): global_defs: arguments of the keywords about processes: processors, priorities, modes of files. */
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer } from './arguments.ts';

/** CPU_SETSIZE of the C library. */
const processor = integer(0, 1023);

/** Processors by number, as the kernel counts them from 0. How many there are is known on the machine only. */
export const processors: Argument<readonly number[]> = {
  expects: 'one or more numbers of processors, each from 0 to 1023',
  syntax: '<number>...',
  samples: { good: ['0', '0 1 2'], bad: ['', 'x', '0 -1', '0 1 1024'] },
  parse: (words) => {
    if (words.length === 0) return { ok: false };
    const numbers: number[] = [];
    for (const word of words) {
      const result = processor.parse([word]);
      if (!result.ok) return { ok: false, word };
      numbers.push(result.value);
    }
    return { ok: true, value: numbers, used: words.length };
  },
};

const highestRealTime = integer(-1, 99);

/** How far a late process may raise itself: -1 forbids it, 0 leaves it as built, `highest` is no limit. */
export const automaticPriority: Argument<number | 'highest'> = {
  expects: `${highestRealTime.expects}, or nothing for the highest that the system allows`,
  syntax: '[<-1-99>]',
  samples: { good: ['50', '-1', '0', ''], bad: ['x', '-2', '100'] },
  parse: (words) =>
    words.length === 0 ? { ok: true, value: 'highest', used: 0 } : highestRealTime.parse(words),
};

const permissionBits = new Map<string, number>();
for (const [who, shift] of [
  ['USR', 6],
  ['GRP', 3],
  ['OTH', 0],
] as const) {
  for (const [what, bit] of [
    ['R', 4],
    ['W', 2],
    ['X', 1],
  ] as const) {
    permissionBits.set(`I${what}${who}`, bit << shift);
  }
}

/** Permissions to withhold from new files: a number as in C, or bits by name. The value is the mask itself. */
export const fileModeMask: Argument<number> = {
  expects: 'a mask from 0 to 0777, or bits such as IWGRP|IWOTH',
  syntax: '<mask>',
  samples: {
    good: ['022', '0x12', '18', 'IWGRP|IWOTH', 'IWGRP | IWOTH'],
    bad: ['', '01000', '9x', '08', 'IWGRP|x', 'IWGRP | x', 'IWGRP IWOTH', 'IWGRP|', '022 IWOTH'],
  },
  parse: (words) => {
    const [word] = words;
    if (word === undefined) return { ok: false };
    if (!/^\d/.test(word.value)) return parseBits(words);
    const value = parseMask(word);
    return value <= 0o777 ? { ok: true, value, used: 1 } : { ok: false, word };
  },
};

function parseMask({ value }: Word): number {
  if (/^0x[\da-f]+$/i.test(value)) return Number.parseInt(value, 16);
  if (/^0[0-7]*$/.test(value)) return Number.parseInt(value, 8);
  return /^\d+$/.test(value) && !value.startsWith('0') ? Number(value) : Number.NaN;
}

/** Bits with `|` between them, and blanks round that or not. */
function parseBits(words: readonly Word[]): ArgumentResult<number> {
  let mask = 0;
  let isBitNext = true;
  for (const word of words) {
    for (const part of word.value.split(/(\|)/).filter((text) => text !== '')) {
      const bit = permissionBits.get(part);
      if (isBitNext ? bit === undefined : part !== '|') return { ok: false, word };
      mask |= bit ?? 0;
      isBitNext = !isBitNext;
    }
  }
  const last = words.at(-1);
  if (isBitNext) return { ok: false, ...(last && { word: last }) };
  return { ok: true, value: mask, used: words.length };
}
