/** What can be told from a line's tokens alone: whether it needs expansion, which form it has, what its words say. */
import type { LineForm, LineShape, StatementShape, Token } from './cst.ts';
import { parse } from './generated/keepalived-grammar.js';
import { includeKeywords } from './include.ts';
import { plainValue } from './words.ts';

/** Makes shapes of lines, and the same one for equal lines. */
export class ShapeMaker {
  private readonly shapes = new Map<string, TextShape>();
  private readonly skeletons = new Map<string, Skeleton>();
  private last: TextShape | undefined;
  /** What followed the line that was new most lately: the line after a new one is seldom new. */
  private afterNew: TextShape | undefined;
  private isLastNew = false;

  /** The shape of the line that begins at `start`; lines are asked for in their order. */
  next(text: string, start: number): LineShape {
    const guess = this.last?.follower ?? this.afterNew;
    const isRight = guess?.isWhole === true && text.startsWith(guess.text, start);
    const known = this.shapes.size;
    const shape = isRight ? guess : this.lookUp(text, start);
    if (this.isLastNew) this.afterNew = shape;
    if (this.last !== undefined) this.last.follower = shape;
    this.isLastNew = this.shapes.size > known;
    this.last = shape;
    return shape;
  }

  private lookUp(text: string, start: number): TextShape {
    const line = text.slice(start, text.indexOf('\n', start) + 1 || text.length);
    const known = this.shapes.get(line);
    if (known !== undefined) return known;
    const outline = line.replace(ordinaryWords, ordinaryWord);
    let skeleton = this.skeletons.get(outline);
    if (skeleton === undefined) {
      skeleton = skeletonOf(outline);
      this.skeletons.set(outline, skeleton);
    }
    const shape = skeleton.isSimple ? simpleShape(line, skeleton) : shapeOf(line);
    this.shapes.set(line, shape);
    return shape;
  }
}

/** The shapes of lines, each with its line end. */
export function shapesOf(texts: readonly string[]): readonly LineShape[] {
  const maker = new ShapeMaker();
  return texts.map((text) => maker.next(text, 0));
}

/** Characters that are a word's own wherever they stand: which of them a word has makes no difference to the grammar. */
const ordinaryWords = /[A-Za-z0-9_.:/-]+/g;
const ordinaryWord = 'a';

/** What lines have in common that differ only in their ordinary words, such as addresses: it is parsed once. */
interface Skeleton {
  readonly outline: LineShape;
  /** Made of ordinary words, blanks and braces alone. */
  readonly isSimple: boolean;
}

function skeletonOf(outline: string): Skeleton {
  const tokens = tokensOf(outline);
  const isSimple = tokens.every(({ kind, text }) =>
    kind === 'word' ? text === ordinaryWord : kind === 'open' || kind === 'close' || kind === 'newline',
  );
  return { outline: textShape(outline, tokens), isSimple };
}

/** The shape of a text that is one line. */
export function shapeOf(text: string): TextShape {
  return textShape(text, tokensOf(text));
}

function tokensOf(text: string): readonly Token[] {
  return parse(text)[0] ?? [];
}

function textShape(text: string, tokens: readonly Token[]): TextShape {
  const form = text.includes('\0') ? 'blank' : formOf(tokens);
  const hasStatement = form === 'statement' || form === 'open';
  const words = hasStatement ? tokens.slice(0, countWords(tokens, 0)).map(plainValue) : noWords;
  return new TextShape(text, {
    form,
    isPlain: form === 'close' || !needsExpansion(tokens) || text.includes('\0'),
    indent: tokens[0]?.lead ?? '',
    brace: form === 'open' || form === 'close' ? (tokens[words.length]?.start ?? 0) : -1,
    words,
  });
}

function simpleShape(text: string, { outline }: Skeleton): TextShape {
  const { form, indent } = outline;
  const words = form === 'statement' || form === 'open' ? (text.match(ordinaryWords) ?? noWords) : noWords;
  const brace = form === 'open' ? text.indexOf('{') : form === 'close' ? text.indexOf('}') : -1;
  const isPlain = form !== 'mixed' && !isForReader(words[0] ?? '');
  if (form === 'mixed') return shapeOf(text);
  return new TextShape(text, { form, isPlain, indent, brace, words }, outline);
}

/** The tokens of a line that differs from `outline` in its ordinary words alone. */
function tokensLike({ tokens }: LineShape, text: string): readonly Token[] {
  const words = text.match(ordinaryWords) ?? noWords;
  let word = 0;
  let end = 0;
  return tokens.map(({ kind, lead, text: outlined }) => {
    const start = end + lead.length;
    const written = kind === 'word' ? (words[word++] ?? outlined) : outlined;
    end = start + written.length;
    return { kind, start, lead, text: written };
  });
}

type Facts = Pick<LineShape, 'form' | 'isPlain' | 'indent' | 'brace'> & { readonly words: readonly string[] };

/**
 * Keeps what the words say and forgets where they stand: tokens would be two thirds of the memory, and few lines are ever
 * asked for theirs. Who asks has them made again.
 */
class TextShape implements LineShape {
  readonly text: string;
  readonly form: LineForm;
  readonly isPlain: boolean;
  readonly indent: string;
  readonly brace: number;
  readonly statement: StatementShape | undefined;
  /** It has its line end: where its text stands, the line is no longer than that. */
  readonly isWhole: boolean;
  /** What came after it the last time. */
  follower: TextShape | undefined = undefined;
  private known: readonly Token[] | undefined = undefined;
  /** A line that differs from this one in its ordinary words alone. */
  private readonly outline: LineShape | undefined;

  constructor(text: string, { form, isPlain, indent, brace, words }: Facts, outline?: LineShape) {
    this.text = text;
    this.outline = outline;
    this.isWhole = text.endsWith('\n');
    this.form = form;
    this.isPlain = isPlain;
    this.indent = indent;
    this.brace = brace;
    this.statement = words.length === 0 ? undefined : new LineStatement(this, words);
  }

  get tokens(): readonly Token[] {
    this.known ??= this.outline === undefined ? tokensOf(this.text) : tokensLike(this.outline, this.text);
    return this.known;
  }
}

class LineStatement implements StatementShape {
  readonly keyword: string;
  readonly args: readonly string[];
  reading: unknown = undefined;
  private readonly line: LineShape;

  constructor(line: LineShape, words: readonly string[]) {
    this.line = line;
    this.keyword = words[0] ?? '';
    this.args = words.length === 1 ? noWords : words.slice(1);
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
    this.args = tokens.length <= 1 ? noWords : tokens.slice(1).map(plainValue);
  }
}

const noWords: readonly string[] = [];

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

/** Includes, and what the reading of includes and variables depends on. */
function isForReader(keyword: string): boolean {
  return includeKeywords.has(keyword) || readerSettings.has(keyword);
}

function needsExpansion(tokens: readonly Token[]): boolean {
  const first = tokens[0]?.kind === 'bom' ? tokens[1] : tokens[0];
  if (first === undefined) return false;
  if (first.text.startsWith('@') || first.text.startsWith('~') || isForReader(first.text)) return true;
  return tokens.some(({ kind, text }) => kind !== 'comment' && text.includes('$'));
}
