/**
 * Reads lines that are made of options, in any order, each with an argument of its own that may be several words:
 * `via IP`, `mtu lock 1400`, `nexthop via IP weight 2`.
 */
import { nearest } from '../suggest.ts';
import type { Word } from '../words.ts';
import type { Argument, Problem } from './arguments.ts';

/** What an option makes of the words after it, put into the draft of the entry. */
export interface LineOption<Draft> {
  readonly syntax: string;
  readonly read: (draft: Draft, after: readonly Word[]) => OptionResult;
}

export type OptionResult =
  | {
      readonly ok: true;
      readonly used: number;
      readonly problems?: readonly Problem[];
      readonly remark?: string;
    }
  | { readonly ok: false; readonly word?: Word; readonly expects: string };

/** An option whose words are an argument. */
export function option<Draft, Value>(
  argument: Argument<Value>,
  assign: (draft: Draft, value: Value) => void,
): LineOption<Draft> {
  return {
    syntax: argument.syntax,
    read: (draft, after) => {
      const result = argument.parse(after);
      if (!result.ok) return { expects: argument.expects, ...result };
      assign(draft, result.value);
      return result;
    },
  };
}

/** An option that stands alone. */
export function switchOn<Draft>(assign: (draft: Draft) => void): LineOption<Draft> {
  return {
    syntax: '',
    read: (draft) => {
      assign(draft);
      return { ok: true, used: 0 };
    },
  };
}

export type LineOptions<Draft> = ReadonlyMap<string, LineOption<Draft>>;

/** Something wrong with one option: a word that is none, or a bad value. */
export interface OptionFault {
  readonly word: Word;
  /** Undefined where the word is no option. */
  readonly option?: Word;
  /** Completes "must be", of the option's value; empty where the word is no option. */
  readonly expects: string;
  /** The option that the word was probably meant to be. */
  readonly suggested?: string;
}

export interface ReadLine {
  readonly faults: readonly OptionFault[];
  readonly problems: readonly Problem[];
}

export interface LineReading<Draft> {
  /** Takes a word that is no option, or gives false. */
  readonly subject?: (draft: Draft, word: Word) => boolean;
  readonly skipFaults?: boolean;
}

/** Fills `draft`. At the first fault it stops, or with `skipFaults` goes on behind it. */
export function readOptionLine<Draft>(
  words: readonly Word[],
  options: LineOptions<Draft>,
  draft: Draft,
  { subject, skipFaults = false }: LineReading<Draft> = {},
): ReadLine {
  const faults: OptionFault[] = [];
  const problems: Problem[] = [];
  let at = 0;
  while (at < words.length && (skipFaults || faults.length === 0)) {
    const word = words[at];
    if (word === undefined) break;
    const known = options.get(word.value);
    if (known === undefined) {
      // What follows an unknown word is probably its value, and no second mistake.
      const last = faults.at(-1);
      const isValue = last !== undefined && last.option === undefined && last.word === words[at - 1];
      if (subject?.(draft, word) !== true && !isValue) faults.push(unknownWord(word, options));
      at += 1;
      continue;
    }
    const result = known.read(draft, words.slice(at + 1));
    if (result.ok) {
      problems.push(...(result.problems ?? []));
      if (result.remark !== undefined) problems.push(remarked(word, result.remark));
      at += 1 + result.used;
    } else {
      faults.push({ word: result.word ?? word, option: word, expects: result.expects });
      at += 2;
    }
  }
  return { faults, problems };
}

/** Why a whole entry is refused; `entry` is what it should be, with its article: `a destination`. */
export function refusalOf(
  { word, option, expects, suggested }: OptionFault,
  entry: string,
): { readonly ok: false; readonly word: Word; readonly expects: string } {
  if (option === undefined) {
    const near = suggested === undefined ? '' : `, such as "${suggested}"`;
    return { ok: false, word, expects: `${entry} with known options${near}` };
  }
  return { ok: false, word, expects: `${entry} with ${expects} after "${option.value}"` };
}

/** `[via <ip>] [onlink]`, for usage lines; of several spellings in a row only the first. */
export function syntaxOf<Draft>(options: LineOptions<Draft>): string {
  const shown = new Set<LineOption<Draft>>();
  const parts: string[] = [];
  for (const [word, known] of options) {
    if (!shown.has(known)) parts.push(`[${[word, known.syntax].filter((part) => part !== '').join(' ')}]`);
    shown.add(known);
  }
  return parts.join(' ');
}

function remarked(word: Word, remark: string): Problem {
  return {
    word,
    severity: 'warning',
    code: 'value-changed',
    message: `the value of "${word.value}" ${remark}`,
  };
}

function unknownWord<Draft>(word: Word, options: LineOptions<Draft>): OptionFault {
  const suggested = nearest(word.value, options.keys());
  return { word, expects: '', ...(suggested !== undefined && { suggested }) };
}
