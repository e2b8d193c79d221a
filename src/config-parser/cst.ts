/**
 * The concrete syntax: a file as lines of tokens, with nothing left out. The texts of all tokens in order are the file, so
 * that comments and blanks survive and a formatter is possible. The types are closed; the grammar
 * (grammar/keepalived.peggy) makes the values.
 */
import type { Source } from './source.ts';

export type TokenKind =
  | 'bom'
  | 'word'
  /** `"..."`, quotes included. */
  | 'quoted'
  /** A double quote that its line does not close, with the rest of the line. */
  | 'unterminated'
  | 'open'
  | 'close'
  /** From `#` or `!` to the end of the line. */
  | 'comment'
  /** LF or CRLF; empty when the file ends in blanks. */
  | 'newline';

export interface Token {
  readonly kind: TokenKind;
  /** Offset of `text` in its source. */
  readonly start: number;
  /** The blanks before it. */
  readonly lead: string;
  readonly text: string;
  /** Where it ends in its source, if not `start` + the length of `text`: after a variable was replaced. */
  readonly end?: number;
}

export type Line = readonly Token[];

export interface CstFile {
  readonly source: Source;
  readonly lines: readonly Line[];
}

/** The file again, character for character. */
export function printCst(file: CstFile): string {
  const parts: string[] = [];
  for (const line of file.lines) {
    for (const token of line) parts.push(token.lead, token.text);
  }
  return parts.join('');
}
