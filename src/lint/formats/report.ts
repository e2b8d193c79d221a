/** What a run of the linter found, as every format gets it. */
import type { Source } from '../../config-parser/index.ts';
import type { Finding } from '../finding.ts';
import type { ProfileName } from '../profiles.ts';
import type { RuleFacts } from '../rule.ts';

export interface LintReport {
  /** In the order in which they are told. */
  readonly findings: readonly Finding[];
  /** Every text that was read, by name. */
  readonly sources: ReadonlyMap<string, Source>;
  /** The rules that looked, in their own order. */
  readonly rules: readonly RuleFacts[];
  /** The files as the operator named them. */
  readonly fileNames: readonly string[];
  readonly profile: ProfileName;
  /** Findings that a comment in a file suppresses; they are not among `findings`. */
  readonly suppressedCount: number;
  readonly toolVersion: string;
}

export interface FormatOptions {
  /** Colour in `text`; the other formats have none. */
  readonly isColoured: boolean;
  /** Similar findings of one rule that are shown one by one in what people read; 0 is all. */
  readonly maxFindings: number;
  /** Whether `text` ends in a line with the numbers. */
  readonly hasSummary: boolean;
  /** Absolute, for addresses of files that do not depend on where they are looked at from. */
  readonly baseFolder: string;
}

/** The whole text to write, with a line end after every line; empty where there is nothing to say. */
export type Format = (report: LintReport, options: FormatOptions) => string;
