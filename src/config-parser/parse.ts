/** From text to concrete syntax. Never fails: what is wrong with the text is in the diagnostics, the text is in the CST. */
import type { CstFile, Line } from './cst.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parse } from './generated/keepalived-grammar.js';
import { checkText, type Source } from './source.ts';

export interface Parsed {
  readonly file: CstFile;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseSource(source: Source): Parsed {
  return { file: { source, lines: parseLines(source.text) }, diagnostics: checkText(source) };
}

/** The lines of a text that stands in no file of its own, such as a line after its variables have been replaced. */
export function parseLines(text: string): readonly Line[] {
  return parse(text);
}
