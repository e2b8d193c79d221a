/** keepalived.conf(5): what HTTP_GET and SSL_GET want of a page. */
import type { Word } from '../words.ts';
import { type Argument, integer } from './arguments.ts';

/** A range of status codes, both ends in it. */
export interface StatusRange {
  readonly first: number;
  readonly last: number;
}

const lowestStatus = 100;
const highestStatus = 599;

/** `200`, `200-299`, or several of them with blanks between. */
export const statusCodes: Argument<readonly StatusRange[]> = {
  expects: `status codes from ${lowestStatus} to ${highestStatus} or ranges such as 200-299, with blanks between them`,
  syntax: '<code>[-<code>] ...',
  samples: {
    good: ['200', '200-299', '200 301-302 404', '100-599'],
    bad: ['', '200,301', '99', '600', '300-200', '200 - 299', '200-', 'ok', '200 x'],
  },
  parse: (words) => {
    if (words.length === 0) return { ok: false };
    const ranges: StatusRange[] = [];
    for (const word of words) {
      const range = statusRange(word);
      if (range === undefined) return { ok: false, word };
      ranges.push(range);
    }
    return { ok: true, value: ranges, used: words.length };
  },
};

function statusRange({ value }: Word): StatusRange | undefined {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(value);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return first >= lowestStatus && first <= last && last <= highestStatus ? { first, last } : undefined;
}

/** The MD5 of a body, in lower case. */
export const digest: Argument<string> = {
  expects: 'an MD5 digest of 32 hexadecimal digits',
  syntax: '<md5>',
  samples: {
    good: ['9b3a0c85a887a256d6939da88aabd8cd', '9B3A0C85A887A256D6939DA88AABD8CD'],
    bad: ['', 'abc', '9b3a0c85a887a256d6939da88aabd8cg', '9b3a0c85a887a256d6939da88aabd8cd0'],
  },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const isGood = /^[\da-f]{32}$/i.test(word.value);
    return isGood ? { ok: true, value: word.value.toLowerCase(), used: 1 } : { ok: false, word };
  },
};

export const regexOptionNames = [
  'allow_empty_class', 'alt_bsux', 'auto_callout', 'caseless', 'dollar_endonly', 'dotall', 'dupnames', 'extended',
  'firstline', 'match_unset_backref', 'multiline', 'never_ucp', 'never_utf', 'no_auto_capture', 'no_auto_possess',
  'no_dotstar_anchor', 'no_start_optimize', 'ucp', 'ungreedy', 'utf', 'never_backslash_c', 'alt_circumflex',
  'alt_verbnames', 'use_offset_limit',
] as const; // biome-ignore format: one list
export type RegexOption = (typeof regexOptionNames)[number];

/** PCRE2's options by name, several with blanks between. */
export const regexOptions: Argument<readonly RegexOption[]> = {
  expects: `names of PCRE2 options: ${regexOptionNames.join(', ')}`,
  syntax: '<option> ...',
  choices: regexOptionNames,
  samples: { good: ['caseless', 'multiline dotall', ...regexOptionNames], bad: ['', 'i', 'caseless,dotall'] },
  parse: (words) => {
    if (words.length === 0) return { ok: false };
    const options: RegexOption[] = [];
    for (const word of words) {
      const option = regexOptionNames.find((name) => name === word.value);
      if (option === undefined) return { ok: false, word };
      options.push(option);
    }
    return { ok: true, value: options, used: words.length };
  },
};

export interface RegexStack {
  readonly startBytes: number;
  readonly maxBytes: number;
}

const size = integer(1, 0x7fff_ffff);

/** `MIN MAX` */
export const regexStack: Argument<RegexStack> = {
  expects: 'two sizes in bytes, the second not below the first',
  syntax: '<start> <max>',
  samples: { good: ['1024 65536', '4096 4096'], bad: ['', '1024', '0 1024', '65536 1024', 'x 1024'] },
  parse: (words) => {
    const [startWord, maxWord] = words;
    const start = size.parse(words);
    if (!start.ok) return { ok: false, ...(startWord && { word: startWord }) };
    const max = size.parse(words.slice(1));
    if (maxWord === undefined) return { ok: false };
    if (!max.ok || max.value < start.value) return { ok: false, word: maxWord };
    return { ok: true, value: { startBytes: start.value, maxBytes: max.value }, used: 2 };
  },
};
