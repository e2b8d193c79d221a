/**
 * What happens to lines before they become statements: files are included, `@id` lines chosen, sequences taken apart,
 * variables replaced. It works on lines, not on blocks, because an include may hold half a block and a variable may hold
 * several lines.
 */
import type { CstFile, LineShape } from './cst.ts';
import type { Diagnostic, Note } from './diagnostics.ts';
import { changeCheck, type IncludeCheck, includeOf, noCheck, resolveInclude } from './include.ts';
import { shapeOf, shapesOf } from './line-shape.ts';
import { fileOrigin, madeOnce, type Origin, type Placed, reachedFrom } from './origin.ts';
import { parseSource } from './parse.ts';
import { randomNumbers } from './random.ts';
import { isSequence, readSequence } from './sequences.ts';
import type { Source } from './source.ts';
import type { SourceReader } from './source-reader.ts';
import type { Run } from './tree.ts';
import {
  contentOf,
  definitionOf,
  type Scope,
  sliceOf,
  spacedDefinition,
  substitute,
  trimmed,
  type Variable,
  withoutContinuation,
} from './variables.ts';

export interface ExpandOptions {
  readonly files: SourceReader;
  readonly configId: string;
  /** What `${_ENV NAME}` sees; nothing if not given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** keepalived(8): -e, --all-config. Every include fails as includea does. */
  readonly includeAll?: boolean;
}

export interface Expanded {
  readonly runs: readonly Run[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
}

/** Includes within includes, and variables of several lines within such, beyond which a circle is assumed. */
const deepest = 32;

/**
 * Included files and replaced variables, all together: without a limit a few lines could stand for billions. Files in use
 * need 30,000; this many take less than a second.
 */
const mostExpansions = 50_000;

/** Shapes of expanded lines that are kept at once. */
const mostShapes = 4096;

/** So many characters count as one more. */
const charactersEach = 256;

export function expand(file: CstFile, options: ExpandOptions): Expanded {
  const expander = new Expander(options);
  expander.addFile(file, 0);
  return expander.result();
}

/** A line that is more than itself. */
interface SpecialLine {
  readonly shape: LineShape;
  readonly start: number;
  readonly origin: Origin;
}

interface Place {
  readonly depth: number;
  /** The lines after this one, taken one by one; for a definition that goes on. */
  readonly next: () => SpecialLine | undefined;
}

class Expander implements Scope {
  readonly variables = new Map<string, Variable>();
  readonly configId: string;
  readonly environment: Readonly<Record<string, string>>;
  private readonly options: ExpandOptions;
  private readonly runs: Run[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly reported = new Set<string>();
  private readonly sources = new Map<string, Source>();
  /** The files that are being read, each included by the one before it. */
  private readonly open: string[] = [];
  /** Of lines that were put together, by their text. */
  private readonly shapes = new Map<string, LineShape>();
  /** The runs whose one line is still to be parsed, by its text. */
  private readonly waiting = new Map<string, LineShape[][]>();
  private check: IncludeCheck = noCheck;
  private numbers = randomNumbers();
  private expansions = 0;

  /** The line that is being expanded. */
  private latest: Placed | undefined;

  constructor(options: ExpandOptions) {
    this.options = options;
    this.configId = options.configId;
    this.environment = options.environment ?? {};
  }

  result(): Expanded {
    this.parseWaiting();
    return { runs: this.runs, diagnostics: this.diagnostics, sources: this.sources };
  }

  random(min: number, max: number): number {
    return min + Math.floor(this.numbers() * (max - min + 1));
  }

  spend(characters: number): boolean {
    const isFirst = this.expansions < mostExpansions;
    this.expansions += 1 + Math.floor(characters / charactersEach);
    if (this.expansions < mostExpansions) return true;
    if (isFirst) this.report(tooMany(this.latest));
    return false;
  }

  report(diagnostic: Diagnostic): void {
    // What cannot be replaced any more is not worth a message each
    if (this.expansions > mostExpansions && diagnostic.code === 'undefined-variable') return;
    this.diagnostics.push(diagnostic);
  }

  reportOnce(key: string, describe: () => Diagnostic): void {
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.report(describe());
  }

  /** keepalived restores include_check after an included file, so that a file cannot change it for the one above. */
  addFile({ source, shapes }: CstFile, depth: number): void {
    if (!this.sources.has(source.name)) this.sources.set(source.name, source);
    this.open.push(source.name);
    const check = this.check;
    this.addShapes(shapes, fileOrigin(source.name), depth);
    this.check = check;
    this.open.pop();
  }

  private addShapes(shapes: readonly LineShape[], origin: Origin, depth: number): void {
    let start = 0;
    let index = 0;
    const next = (): SpecialLine | undefined => {
      const shape = shapes[index];
      if (shape === undefined) return undefined;
      const line = { shape, start, origin };
      start += shape.text.length;
      index += 1;
      return line;
    };
    while (index < shapes.length) {
      const run = { from: index, start };
      for (let shape = shapes[index]; shape?.isPlain === true; shape = shapes[index]) {
        start += shape.text.length;
        index += 1;
      }
      if (index > run.from) this.runs.push({ origin, shapes, ...run, to: index, isExpanded: false });
      const line = next();
      if (line !== undefined) this.addSpecial(line, { depth, next });
    }
  }

  private addSpecial(line: SpecialLine, place: Place): void {
    const content = contentOf(line.shape, line.start, line.origin);
    this.latest = content;
    if (this.addInclude(content, place.depth)) return;
    if (/^[ \t]*@/.test(content.text)) this.addConditional(content, place);
    else this.addChosen(content, line, place);
  }

  /** `@id rest`, `@^id rest`: the rest where the id is ours, or is not. */
  private addConditional(content: Placed, place: Place): void {
    const match = /^[ \t]*@(\^?)([^ \t]*)[ \t]*/.exec(content.text);
    if (match === null || (match[2] === this.configId) === (match[1] === '^')) {
      skipDefinition(content, place);
      return;
    }
    const rest = sliceOf(content, match[0].length);
    if (this.addInclude(rest, place.depth)) return;
    this.addChosen(rest, this.special(rest), place);
  }

  private addChosen(content: Placed, line: SpecialLine, place: Place): void {
    if (isSequence(content)) {
      this.addSequence(content, place);
      return;
    }
    const spaced = spacedDefinition(content);
    const definition = definitionOf(content);
    if (spaced !== undefined) this.report(spaced);
    else if (definition !== undefined) this.define(definition.name, definition.value, place);
    else this.addReplaced(content, line, place);
  }

  private addSequence(content: Placed, place: Place): void {
    const replace = (parameters: Placed): Placed => {
      return substitute(parameters, this.shape(parameters.text), this)?.line ?? parameters;
    };
    const sequence = readSequence(content, replace);
    if ('severity' in sequence) {
      this.report(sequence);
      return;
    }
    if (place.depth >= deepest) {
      this.report(circle(content, `more than ${deepest} sequences hold each other`));
      return;
    }
    for (let round = 0; round < sequence.rounds; round += 1) {
      const line = sequence.line(round);
      if (!this.spend(line.text.length)) return;
      for (const [name, value] of sequence.values(round)) {
        this.variables.set(name, { lines: [value], isBlock: false });
      }
      this.addSpecial(this.special(line), { depth: place.depth + 1, next: noLine });
    }
  }

  private define(name: string, value: Placed, place: Place): void {
    const first = withoutContinuation(value);
    const lines = [first.line];
    let { continues } = first;
    while (continues) {
      const next = place.next();
      if (next === undefined) break;
      // keepalived takes comments away before it looks for lines that go on
      if (isComment(next.shape)) continue;
      const { line, ...rest } = withoutContinuation(contentOf(next.shape, next.start, next.origin));
      lines.push(line);
      continues = rest.continues;
    }
    // `$NAME=\` begins with nothing, and a blank line ends it
    const filled = lines.filter(({ text }) => text !== '');
    this.variables.set(name, {
      lines: filled.length === 0 ? lines.slice(0, 1) : filled,
      isBlock: lines.length > 1,
    });
  }

  private addReplaced(content: Placed, { shape, start }: SpecialLine, place: Place): void {
    const replaced = substitute(content, shape, this);
    if (replaced === undefined) {
      this.pushLine(shape, { ...content, start });
      return;
    }
    if (place.depth >= deepest) {
      this.report(circle(content, 'the variable holds itself'));
      return;
    }
    this.addAgain(replaced.line, place.depth);
    const { file } = content.origin;
    const notes = madeOnce(() => usedHere(content));
    for (const line of replaced.following) {
      const origin = reachedFrom(line.origin, file, notes);
      this.addSpecial(this.special({ ...line, origin }), { depth: place.depth + 1, next: noLine });
    }
  }

  /** A line after its variables were replaced: it may have become something else. */
  private addAgain(line: Placed, depth: number): void {
    if (this.addInclude(line, depth)) return;
    if (isSequence(line)) this.addSequence(line, { depth: depth + 1, next: noLine });
    else if (changesReader(line)) this.pushLine(this.shape(line.text), line);
    else this.pushLater(line);
  }

  private special({ text, start, origin }: Placed): SpecialLine {
    return { shape: this.shape(text), start, origin };
  }

  /** Templates make the same lines again and again. */
  private shape(text: string): LineShape {
    let shape = this.shapes.get(text);
    if (shape === undefined) {
      if (this.shapes.size >= mostShapes) this.shapes.clear();
      shape = shapeOf(text);
      this.shapes.set(text, shape);
    }
    return shape;
  }

  /** `shape` may hold a comment that `line` does not; they begin at the same place. */
  private pushLine(shape: LineShape, { start, origin }: Placed): void {
    this.addSettings(shape);
    this.runs.push({ origin, start, shapes: [shape], from: 0, to: 1, isExpanded: true });
  }

  /** Lines that nothing hangs on are parsed all at once in the end. */
  private pushLater({ text, start, origin }: Placed): void {
    const shapes: LineShape[] = [];
    this.runs.push({ origin, start, shapes, from: 0, to: 1, isExpanded: true });
    const waiting = this.waiting.get(text);
    if (waiting === undefined) this.waiting.set(text, [shapes]);
    else waiting.push(shapes);
  }

  private parseWaiting(): void {
    const shapes = shapesOf([...this.waiting.keys()].map((text) => `${text}\n`));
    for (const [index, waiting] of [...this.waiting.values()].entries()) {
      const shape = shapes[index];
      if (shape !== undefined) for (const line of waiting) line.push(shape);
    }
    this.waiting.clear();
  }

  /** The two keywords of global_defs that change how the rest is read. */
  private addSettings({ statement }: LineShape): void {
    if (statement?.keyword === 'include_check') this.check = changeCheck(this.check, statement.args);
    const [seed = ''] = statement?.args ?? [];
    if (statement?.keyword === 'random_seed' && /^\d+$/.test(seed))
      this.numbers = randomNumbers(Number(seed));
  }

  private addInclude(content: Placed, depth: number): boolean {
    const include = includeOf(content.text);
    if (include === undefined) return false;
    if (!this.spend(0)) return true;
    if (depth >= deepest) {
      this.report(circle(content, `more than ${deepest} files include each other`));
      return true;
    }
    const span = spanOf(content);
    const { files, includeAll = false } = this.options;
    const line = { ...include, span, file: content.origin.file };
    const { sources, diagnostics } = resolveInclude(line, { files, check: this.check, includeAll });
    this.diagnostics.push(...diagnostics);
    for (const source of sources) this.addSource(source, content, depth);
    return true;
  }

  private addSource(source: Source, content: Placed, depth: number): void {
    if (this.open.includes(source.name)) {
      this.report(circle(content, `${source.name} includes itself`));
      return;
    }
    const { file, diagnostics } = parseSource(source);
    if (!this.sources.has(source.name)) this.diagnostics.push(...diagnostics);
    this.addFile(file, depth + 1);
  }
}

function changesReader({ text }: Placed): boolean {
  return /^[ \t]*(?:include_check|random_seed)(?![^ \t])/.test(text);
}

function noLine(): undefined {
  return undefined;
}

function isComment({ tokens }: LineShape): boolean {
  return tokens[0]?.kind === 'comment';
}

/** The definition of another node: the lines that it goes on in are its own, too. */
function skipDefinition(content: Placed, { next }: Place): void {
  const rest = content.text.replace(/^[ \t]*@[^ \t]*[ \t]*/, '');
  if (definitionOf({ ...content, text: rest }) === undefined) return;
  let continues = rest.endsWith('\\');
  while (continues) {
    const line = next();
    if (line === undefined) return;
    continues = isComment(line.shape) || contentOf(line.shape, 0, line.origin).text.endsWith('\\');
  }
}

function usedHere(content: Placed): readonly Note[] {
  const { via = [], ...span } = spanOf(content);
  return [{ message: 'used here', span }, ...via];
}

function spanOf(content: Placed) {
  const { text, start, origin } = trimmed(content);
  return origin.span(start, start + text.length);
}

function tooMany(content: Placed | undefined): Diagnostic {
  return {
    severity: 'fatal',
    code: 'too-many-expansions',
    message: `includes, variables and sequences stand for more than ${mostExpansions} pieces of text; the rest is left out`,
    ...(content && { span: spanOf(content) }),
  };
}

function circle(content: Placed, message: string): Diagnostic {
  return {
    severity: 'error',
    code: 'nested-too-deep',
    message: `${message}; the line is ignored`,
    span: spanOf(content),
  };
}
