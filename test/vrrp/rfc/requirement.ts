/** What a sentence of RFC 5798 or RFC 9568 asks, in our words, and what becomes of it: the rows of docs/rfc-coverage.md. */

/** As the text has it; lower case where its word is in lower case, `rule` where it says what happens without such a word. */
export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'must' | 'should' | 'should not' | 'rule';

/** A line of a source file. `text` stands there as it is here. */
export interface Place {
  readonly file: string;
  readonly text: string;
}

export type Verdict =
  | { readonly kind: 'follows'; readonly note?: string }
  /** Another thing is done, and `where` is the line that says so. */
  | { readonly kind: 'departs'; readonly why: string; readonly where: Place }
  | { readonly kind: 'not ours'; readonly whose: 'kernel' | 'host'; readonly why: string };

/** A test that does not have the id in its title. */
export interface TestReference {
  readonly file: string;
  readonly title: string;
}

/** What a test shows: what we do, or what we refuse. */
export type Side = 'does' | 'refuses';

export interface Requirement {
  /** RFC, section, and in the state machines of RFC 5798 the number of the step. */
  readonly id: string;
  readonly level: Level;
  readonly summary: string;
  readonly verdict: Verdict;
  readonly elsewhere?: { readonly [S in Side]?: readonly TestReference[] };
  /** Why there is nothing that could be refused. */
  readonly oneSided?: string;
}

/** A mistake that another implementation was seen to make; its id is in the title of the test that rules it out. */
export interface Defect {
  readonly id: string;
  readonly summary: string;
}

export const follows: Verdict = { kind: 'follows' };

export function followsAs(note: string): Verdict {
  return { kind: 'follows', note };
}

export function departs(why: string, file: string, text: string): Verdict {
  return { kind: 'departs', why, where: { file, text } };
}

export function notOurs(whose: 'kernel' | 'host', why: string): Verdict {
  return { kind: 'not ours', whose, why };
}
