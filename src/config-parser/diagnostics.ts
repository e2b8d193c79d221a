/** What the operator is told about a configuration: a value with a stable code and a place, never prose alone. */

/** A piece of a source: offsets in UTF-16 code units; line and column are found only when a message is printed. */
export interface Span {
  /** Name of the file as the operator gave it, or as an include expanded it. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** How the text came to where it is used: the variables that led there, from the place outwards. */
  readonly via?: readonly Note[];
}

/** How bad. `fatal` cannot run at all; `error` runs with the part left out or a default; others as their names say. */
export type Severity = 'fatal' | 'error' | 'warning' | 'deprecated' | 'info';

export interface Note {
  readonly span?: Span;
  readonly message: string;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, kebab-case, for tests, suppressions and documentation: `unknown-keyword`. */
  readonly code: string;
  /** One sentence: what was found, what is allowed. No line break, no trailing full stop. */
  readonly message: string;
  readonly span?: Span;
  /** What to write instead, where that is known. */
  readonly help?: string;
  readonly notes?: readonly Note[];
}
