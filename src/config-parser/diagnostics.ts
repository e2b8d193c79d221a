/** What the operator is told about a configuration: a value with a stable code and a place, never prose alone. */

/** A piece of a source: offsets in UTF-16 code units; line and column are found only when a message is printed. */
export interface Span {
  /** Name of the file as the operator gave it, or as an include expanded it. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** How the text came to where it is used: the variables that led there, from the place outwards. */
  readonly via?: readonly Note[] | undefined;
}

/** How bad. `fatal` cannot run at all; `error` runs with the part left out or a default; others as their names say. */
export type Severity = 'fatal' | 'error' | 'warning' | 'deprecated' | 'info';

export interface Note {
  readonly span?: Span;
  readonly message: string;
}

export interface Subject {
  readonly block: string;
  readonly keyword: string;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, kebab-case, for tests, suppressions and documentation: `unknown-keyword`. */
  readonly code: string;
  /** The keyword that it is about, in the table's spelling, and the block that the keyword stands in. */
  readonly subject?: Subject;
  /** One sentence: what was found, what is allowed. No line break, no trailing full stop. */
  readonly message: string;
  readonly span?: Span;
  /** What to write instead, where that is known. */
  readonly help?: string;
  readonly notes?: readonly Note[];
  /** Which of the cases of its code it is, where those want different answers: of `include-failed` `unmatched`. */
  readonly reason?: string;
  /** The word to write in place of the one at `span`, where there is one. */
  readonly suggestion?: string;
}
