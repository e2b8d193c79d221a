/**
 * The concrete syntax: a file as lines of tokens, with nothing left out. The texts of all lines in order are the file, so
 * that comments and blanks survive and a formatter is possible. The grammar (grammar/keepalived.peggy) makes the tokens.
 *
 * Lines are flyweights: a large configuration says the same few lines again and again, so what a line's text tells by
 * itself is kept once, as its shape, and a line is a shape and the place where it stands.
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
  /** Offset of `text` in its line. */
  readonly start: number;
  /** The blanks before it. */
  readonly lead: string;
  readonly text: string;
}

export type LineForm =
  /** Only blanks or a comment; or a line that holds a NUL, which is ignored. */
  | 'blank'
  /** Words. */
  | 'statement'
  /** Words, then a brace that opens a block. */
  | 'open'
  /** Only a brace that closes a block. */
  | 'close'
  /** Anything else: several braces, an open quote, a byte order mark. */
  | 'mixed';

/** What a line's text tells by itself, wherever it stands. Lines of equal text in one source share it. */
export interface LineShape {
  /** With its line end. */
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly form: LineForm;
  /** Nothing in it is to be expanded: no include, no variable, no condition, no sequence. So are nearly all lines. */
  readonly isPlain: boolean;
  /** The blanks at its beginning. */
  readonly indent: string;
  /** Offset of the brace of an `open` or `close` line. */
  readonly brace: number;
  /** What an `open` or `statement` line says. */
  readonly statement: StatementShape | undefined;
}

/** What a statement says by itself: its words as values, without quotes and escapes. Shared like the line's shape. */
export interface StatementShape {
  readonly keyword: string;
  readonly args: readonly string[];
  /** The keyword and its arguments as tokens; starts are relative to the line. */
  readonly tokens: readonly Token[];
  /** Belongs to the reader of statements, which may keep here what it made of this one. */
  reading?: unknown;
}

export interface Line {
  /** Offset in its source. */
  readonly start: number;
  readonly shape: LineShape;
}

export interface CstFile {
  readonly source: Source;
  readonly lines: readonly Line[];
  /** The shapes of `lines`, one a line: half of the memory, for who reads them from the beginning. */
  readonly shapes: readonly LineShape[];
}

/** The file again, character for character. */
export function printCst({ shapes }: CstFile): string {
  const parts: string[] = [];
  for (const { tokens } of shapes) {
    for (const token of tokens) parts.push(token.lead, token.text);
  }
  return parts.join('');
}
