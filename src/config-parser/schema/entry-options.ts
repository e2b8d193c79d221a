/** Reads what follows the subject of a line: options, some with a word of their own, in any order. */

import type { Word } from '../words.ts';
import type { ArgumentResult, Problem } from './arguments.ts';

/** Why a whole line cannot be used: `expects` completes "an entry must be". */
export interface Refusal {
  readonly refused: Word;
  readonly expects: string;
}

export interface EntryOption<Draft> {
  /** Set when the next word is its value, which may be missing at the end of the line. */
  readonly takesValue?: true;
  /** Notes it in the draft; gives what is wrong with it. */
  readonly read: (draft: Draft, option: Word, value: Word | undefined) => Problem | Refusal | undefined;
}

export type OptionTable<Draft> = ReadonlyMap<string, EntryOption<Draft>>;

/** Fills `draft` from `words`; the result of the whole line, of which `used` words stood before the options. */
export function readOptions<Draft extends object>(
  words: readonly Word[],
  used: number,
  options: OptionTable<Draft>,
  draft: Draft,
  unknown: (word: Word) => Problem | Refusal,
): ArgumentResult<Readonly<Draft>> {
  const problems: Problem[] = [];
  for (let at = used; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const option = options.get(word.value);
    if (option?.takesValue === true) at += 1;
    const value = option?.takesValue === true ? words[at] : undefined;
    const wrong = option === undefined ? unknown(word) : option.read(draft, word, value);
    if (wrong === undefined) continue;
    if ('refused' in wrong) return { ok: false, word: wrong.refused, expects: wrong.expects };
    problems.push(wrong);
  }
  return { ok: true, value: draft, used: words.length, ...(problems.length > 0 && { problems }) };
}

/** A value that is not one of those allowed. */
export function invalidValue(word: Word, message: string): Problem {
  return { word, severity: 'error', code: 'invalid-value', message };
}

export function unknownOption(word: Word, message: string, help?: string): Problem {
  return { word, severity: 'error', code: 'unknown-option', message, ...(help !== undefined && { help }) };
}
