/**
 * From lines of tokens to statements and blocks. A line is a statement: a keyword, its arguments, and a block if a brace
 * follows. Nesting is kept on a stack of our own, so depth costs memory and nothing else. What a keyword means is not
 * known here.
 */
import type { Line, Token } from './cst.ts';
import type { Diagnostic, Note, Span } from './diagnostics.ts';
import { plainWord, type Word } from './words.ts';

/** A line, in the file where it stands. */
export interface PlacedLine {
  readonly file: string;
  readonly tokens: Line;
}

export interface Statement {
  /** The first word of the line; in a list it is the entry itself. */
  readonly keyword: Word;
  readonly args: readonly Word[];
  readonly block?: Block;
}

export interface Block {
  readonly open: Span;
  readonly statements: readonly Statement[];
  /** Undefined when the file ends before the block does. */
  readonly close?: Span;
}

export interface Tree {
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

export function buildTree(lines: readonly PlacedLine[]): Tree {
  const builder = new TreeBuilder();
  for (const line of lines) builder.addLine(line);
  return builder.finish();
}

/** From the keyword to the last argument, without the block. */
export function headingSpan({ keyword, args }: Statement): Span {
  const last = args.at(-1);
  return {
    file: keyword.file,
    start: keyword.start,
    end: last?.file === keyword.file ? last.end : keyword.end,
  };
}

interface OpenStatement {
  keyword: Word;
  args: readonly Word[];
  block?: OpenBlock;
}

interface OpenBlock {
  open: Span;
  statements: OpenStatement[];
  close?: Span;
  /** No heading, or inside such a block: nothing in it is reported or kept. */
  readonly skipped: boolean;
  /** Column of the first word of the line that opened it; to tell which of several braces is missing. */
  readonly indent: string;
}

const reportedUnclosed = 5;

class TreeBuilder {
  private readonly root: OpenStatement[] = [];
  private readonly stack: OpenBlock[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private words: Word[] = [];
  /** The statement before this point, while only blanks, comments and line ends lie between: it may get its brace yet. */
  private latest: OpenStatement | undefined;
  private misaligned: Note | undefined;

  addLine({ file, tokens }: PlacedLine): void {
    // keepalived ignores a line with a NUL; the text as a whole was reported when it was read
    if (tokens.some((token) => token.text.includes('\0'))) return;
    const indent = tokens[0]?.lead ?? '';
    for (const [index, token] of tokens.entries())
      this.addToken(token, file, index === 0 ? indent : undefined, indent);
    this.endStatement();
  }

  finish(): Tree {
    for (const block of this.stack.slice(0, reportedUnclosed)) {
      if (!block.skipped) this.reportUnclosed(block);
    }
    return { statements: this.root, diagnostics: this.diagnostics };
  }

  private addToken(token: Token, file: string, closingIndent: string | undefined, indent: string): void {
    switch (token.kind) {
      case 'unterminated':
        this.reportUnterminated(token, file);
        this.words.push(plainWord(token, file));
        return;
      case 'word':
      case 'quoted':
        this.words.push(plainWord(token, file));
        return;
      case 'open':
        this.openBlock(spanOf(token, file), indent);
        return;
      case 'close':
        this.closeBlock(spanOf(token, file), closingIndent);
        return;
      case 'bom':
      case 'comment':
      case 'newline':
        return;
    }
  }

  private endStatement(): void {
    const [keyword, ...args] = this.words;
    if (keyword === undefined) return;
    this.words = [];
    this.latest = { keyword, args };
    const parent = this.stack.at(-1);
    (parent?.statements ?? this.root).push(this.latest);
  }

  private openBlock(open: Span, indent: string): void {
    this.endStatement();
    const owner = this.latest;
    const skipped = owner === undefined || this.stack.at(-1)?.skipped === true;
    const block: OpenBlock = { open, statements: [], skipped, indent };
    if (owner !== undefined) owner.block = block;
    else if (this.stack.at(-1)?.skipped !== true) this.reportUnexpectedOpen(open);
    this.stack.push(block);
    this.latest = undefined;
  }

  private closeBlock(close: Span, indent: string | undefined): void {
    this.endStatement();
    this.latest = undefined;
    const block = this.stack.pop();
    if (block === undefined) {
      this.diagnostics.push(unexpectedClose(close));
      return;
    }
    block.close = close;
    if (indent !== undefined && indent !== block.indent) this.misaligned ??= misalignedNote(close);
  }

  private reportUnterminated(token: Token, file: string): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'unterminated-quote',
      message: 'a double quote is not closed on its line; the rest of the line is taken as one word',
      span: spanOf(token, file),
      help: 'close the quote, or leave it away',
    });
  }

  private reportUnexpectedOpen(span: Span): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'unexpected-open-brace',
      message: 'this brace opens a block that has no name; it is skipped to its closing brace',
      span,
      notes: [
        { message: 'keepalived ignores the brace and reads what follows as part of the block around it' },
      ],
    });
  }

  private reportUnclosed(block: OpenBlock): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'unclosed-brace',
      message: 'the file ends before this block is closed',
      span: block.open,
      help: 'add the missing "}"',
      notes: this.misaligned === undefined ? [] : [this.misaligned],
    });
  }
}

function unexpectedClose(span: Span): Diagnostic {
  return {
    severity: 'error',
    code: 'unexpected-close-brace',
    message: 'this brace closes nothing; it is ignored',
    span,
    help: 'remove it, or look for a block above that is closed too early',
  };
}

function misalignedNote(span: Span): Note {
  return { span, message: 'going by its indentation this brace was meant for another block: look above it' };
}

function spanOf({ start, end, text }: Token, file: string): Span {
  return { file, start, end: end ?? start + text.length };
}
