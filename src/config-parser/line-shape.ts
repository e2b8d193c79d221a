/** What can be told from a line's tokens alone: whether it needs expansion, which form it has, what its words say. */
import type { LineForm, LineShape, StatementShape, Token } from './cst.ts';
import { parse } from './generated/keepalived-grammar.js';
import { includeKeywords } from './include.ts';
import { plainValue } from './words.ts';

/** How many lines are parsed by one call: each call has its cost, and what one call makes is all in memory at once. */
const linesAtOnce = 512;

/** The shapes of lines, of which only the last may lack its line end. */
export function shapesOf(texts: readonly string[]): readonly LineShape[] {
  const shapes: LineShape[] = [];
  for (let from = 0; from < texts.length; from += linesAtOnce) {
    const some = texts.slice(from, from + linesAtOnce);
    const lines: readonly (readonly Token[])[] = parse(some.join(''));
    for (const [index, text] of some.entries()) shapes.push(new TextShape(text, lines[index] ?? []));
  }
  return shapes;
}

/** The shape of a text that is one line. */
export function shapeOf(text: string): LineShape {
  return new TextShape(text, tokensOf(text));
}

function tokensOf(text: string): readonly Token[] {
  return parse(text)[0] ?? [];
}

/**
 * Keeps what the words say and forgets where they stand: tokens would be two thirds of the memory, and few lines are ever
 * asked for theirs. Who asks has them parsed again.
 */
class TextShape implements LineShape {
  readonly text: string;
  readonly form: LineForm;
  readonly isPlain: boolean;
  readonly indent: string;
  readonly brace: number;
  readonly statement: StatementShape | undefined;
  private known: readonly Token[] | undefined = undefined;

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.form = text.includes('\0') ? 'blank' : formOf(tokens);
    const hasStatement = this.form === 'statement' || this.form === 'open';
    const words = hasStatement ? countWords(tokens, 0) : 0;
    this.isPlain = this.form === 'close' || !needsExpansion(tokens) || text.includes('\0');
    this.indent = tokens[0]?.lead ?? '';
    this.brace = this.form === 'open' || this.form === 'close' ? (tokens[words]?.start ?? 0) : -1;
    this.statement = words === 0 ? undefined : new LineStatement(this, tokens, words);
  }

  get tokens(): readonly Token[] {
    this.known ??= tokensOf(this.text);
    return this.known;
  }
}

class LineStatement implements StatementShape {
  readonly keyword: string;
  readonly args: readonly string[];
  reading: unknown = undefined;
  private readonly line: LineShape;

  constructor(line: LineShape, tokens: readonly Token[], count: number) {
    this.line = line;
    const first = tokens[0];
    this.keyword = first === undefined ? '' : plainValue(first);
    this.args = valuesOf(tokens, 1, count);
  }

  get tokens(): readonly Token[] {
    return this.line.tokens.slice(0, this.args.length + 1);
  }
}

/** The statement that `count` words from the token at `from` make. */
export function statementOf(tokens: readonly Token[], from: number, count: number): StatementShape {
  return new TokenStatement(tokens.slice(from, from + count));
}

export function isWord({ kind }: Token): boolean {
  return kind === 'word' || kind === 'quoted' || kind === 'unterminated';
}

/** A statement that shares its line with others. */
class TokenStatement implements StatementShape {
  readonly keyword: string;
  readonly args: readonly string[];
  readonly tokens: readonly Token[];
  reading: unknown = undefined;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    const [first] = tokens;
    this.keyword = first === undefined ? '' : plainValue(first);
    this.args = valuesOf(tokens, 1, tokens.length);
  }
}

const noArguments: readonly string[] = [];

function valuesOf(tokens: readonly Token[], from: number, to: number): readonly string[] {
  return from >= to ? noArguments : tokens.slice(from, to).map(plainValue);
}

function countWords(tokens: readonly Token[], from: number): number {
  let at = from;
  while (at < tokens.length && (tokens[at]?.kind === 'word' || tokens[at]?.kind === 'quoted')) at += 1;
  return at - from;
}

function formOf(tokens: readonly Token[]): LineForm {
  const words = countWords(tokens, 0);
  const kind = tokens[words]?.kind;
  const hasBrace = kind === 'open' || kind === 'close';
  const end = tokens[hasBrace ? words + 1 : words]?.kind;
  if (end !== undefined && end !== 'newline' && end !== 'comment') return 'mixed';
  if (!hasBrace) return words === 0 ? 'blank' : 'statement';
  if (kind === 'open') return words === 0 ? 'mixed' : 'open';
  return words === 0 ? 'close' : 'mixed';
}

/** Keywords that change how the lines below them are read. */
const readerSettings: ReadonlySet<string> = new Set(['include_check', 'random_seed']);

function needsExpansion(tokens: readonly Token[]): boolean {
  const first = tokens[0]?.kind === 'bom' ? tokens[1] : tokens[0];
  if (first === undefined) return false;
  if (first.text.startsWith('@') || first.text.startsWith('~') || includeKeywords.has(first.text))
    return true;
  if (readerSettings.has(first.text)) return true;
  return tokens.some(({ kind, text }) => kind !== 'comment' && text.includes('$'));
}
