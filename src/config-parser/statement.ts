/**
 * Statements and blocks as the tree has them: small objects that know their line's shape and where the line stands. Words
 * with places are made when somebody asks for them, which for most statements nobody ever does.
 */
import type { StatementShape, Token } from './cst.ts';
import type { Span } from './diagnostics.ts';
import type { Origin } from './origin.ts';
import type { Word } from './words.ts';

export interface Statement {
  /** What it says, without places; one object for all statements of equal lines. */
  readonly shape: StatementShape;
  /** The first word of the line; in a list it is the entry itself. */
  readonly keyword: Word;
  /** The value of `keyword`, for nothing. */
  readonly keywordValue: string;
  readonly args: readonly Word[];
  readonly block?: Block | undefined;
  /** From the word at `from` to the one before `to`; 0 is the keyword. */
  spanOfWords(from: number, to?: number): Span;
}

export interface Block {
  readonly open: Span;
  readonly statements: readonly Statement[];
  /** Undefined when the file ends before the block does. */
  readonly close?: Span | undefined;
  /** Where there are many blocks with this inside. */
  readonly body?: SharedBody | undefined;
  /** Belongs to the reader of blocks, which keeps here what it made of this one. */
  contents?: unknown;
}

/** From the keyword to the last argument, without the block. */
export function headingSpan(statement: Statement): Span {
  return statement.spanOfWords(0);
}

/** From the first argument to the last; the keyword where there is none. */
export function argumentSpan(statement: Statement): Span {
  return statement.spanOfWords(statement.shape.args.length === 0 ? 0 : 1);
}

export class PlacedStatement implements Statement {
  readonly shape: StatementShape;
  block: PlacedBlock | undefined = undefined;
  private readonly origin: Origin;
  /** Of the line, in `origin`. */
  private readonly start: number;

  constructor(shape: StatementShape, origin: Origin, start: number) {
    this.shape = shape;
    this.origin = origin;
    this.start = start;
  }

  get keywordValue(): string {
    return this.shape.keyword;
  }

  get keyword(): Word {
    return new PlacedWord(this, 0, this.shape.keyword);
  }

  get args(): readonly Word[] {
    return this.shape.args.map((value, index) => new PlacedWord(this, index + 1, value));
  }

  spanOfWords(from: number, to?: number): Span {
    const { tokens } = this.shape;
    const first = tokens[from] ?? tokens[0] ?? noToken;
    const last = tokens[(to ?? tokens.length) - 1] ?? first;
    return this.origin.span(this.start + first.start, this.start + last.start + last.text.length);
  }
}

/** Its place and its text are looked up when somebody asks: of nearly all words only the value is wanted. */
class PlacedWord implements Word {
  readonly value: string;
  private readonly statement: PlacedStatement;
  /** Among the words of the statement. */
  private readonly index: number;

  constructor(statement: PlacedStatement, index: number, value: string) {
    this.value = value;
    this.statement = statement;
    this.index = index;
  }

  get lead(): string {
    return this.token.lead;
  }

  get text(): string {
    return this.token.text;
  }

  get file(): string {
    return this.span.file;
  }

  get start(): number {
    return this.span.start;
  }

  get end(): number {
    return this.span.end;
  }

  get via(): Span['via'] {
    return this.span.via;
  }

  private get token(): Token {
    return this.statement.shape.tokens[this.index] ?? noToken;
  }

  private get span(): Span {
    return this.statement.spanOfWords(this.index, this.index + 1);
  }
}

const noToken: Token = { kind: 'word', start: 0, lead: '', text: '' };

/** The inside of a block that stands many times in a file: its statements are made only where somebody looks at them. */
export interface SharedBody {
  /** Offset of the closing brace, in the lines after the one that opens the block. */
  readonly closeBrace: number;
  statementsAt(origin: Origin, start: number): readonly Statement[];
  /** Belongs to the reader of blocks, which may keep here what it made of this inside. */
  template?: unknown;
}

export class PlacedBlock implements Block {
  body: SharedBody | undefined = undefined;
  private made: readonly Statement[] | undefined = undefined;
  private readonly origin: Origin;
  private readonly brace: number;
  private closeOrigin: Origin | undefined = undefined;
  private closeBrace = 0;
  contents: unknown = undefined;

  constructor(origin: Origin, brace: number) {
    this.origin = origin;
    this.brace = brace;
  }

  get open(): Span {
    return this.origin.span(this.brace, this.brace + 1);
  }

  get close(): Span | undefined {
    return this.closeOrigin?.span(this.closeBrace, this.closeBrace + 1);
  }

  get statements(): readonly Statement[] {
    if (this.made === undefined && this.body !== undefined) {
      this.made = this.body.statementsAt(this.origin, this.closeBrace - this.body.closeBrace);
    }
    return this.made ?? noStatements;
  }

  set statements(statements: readonly Statement[]) {
    this.made = statements;
  }

  closeAt(origin: Origin, brace: number): void {
    this.closeOrigin = origin;
    this.closeBrace = brace;
  }
}

const noStatements: readonly Statement[] = [];
