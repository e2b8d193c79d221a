/**
 * What happens to lines before they become statements: files are included, `@id` lines chosen, variables replaced. It
 * works on lines, not on blocks, because an include may hold half a block and a variable may hold several lines.
 * Not expanded yet, and said so: `~SEQ`, `~LST`, `${_RANDOM}`, `${_ENV}`.
 */
import type { CstFile, Line, Token } from './cst.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import { includeVariants, resolveInclude } from './include.ts';
import { parseSource } from './parse.ts';
import type { Source } from './source.ts';
import type { SourceReader } from './source-reader.ts';
import type { PlacedLine } from './tree.ts';
import {
  definitionOf,
  type Scope,
  spacedDefinition,
  substitute,
  type Variable,
  wholeLineVariable,
  withoutContinuation,
} from './variables.ts';

export interface ExpandOptions {
  readonly files: SourceReader;
  readonly configId: string;
}

export interface Expanded {
  readonly lines: readonly PlacedLine[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
}

/** Includes within includes, and variables within variables, beyond which a circle is assumed. */
const deepest = 32;

/** Included files and replaced variables, all together: without a limit a few lines could stand for billions. */
const mostExpansions = 200_000;

export function expand(file: CstFile, options: ExpandOptions): Expanded {
  const expander = new Expander(options);
  expander.addFile(file, 0);
  return expander.result();
}

class Expander implements Scope {
  readonly variables = new Map<string, Variable>();
  readonly configId: string;
  private readonly files: SourceReader;
  private readonly lines: PlacedLine[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly sources = new Map<string, Source>();
  /** The files that are being read, each included by the one before it. */
  private readonly open: string[] = [];
  private expansions = 0;

  constructor({ files, configId }: ExpandOptions) {
    this.files = files;
    this.configId = configId;
  }

  result(): Expanded {
    return { lines: this.lines, diagnostics: this.diagnostics, sources: this.sources };
  }

  spend(): boolean {
    this.expansions += 1;
    if (this.expansions === mostExpansions) this.diagnostics.push(tooMany());
    return this.expansions < mostExpansions;
  }

  report(diagnostic: Diagnostic): void {
    this.diagnostics.push(diagnostic);
  }

  addFile({ source, lines }: CstFile, depth: number): void {
    this.sources.set(source.name, source);
    this.open.push(source.name);
    this.addLines(lines, source.name, depth);
    this.open.pop();
  }

  private addLines(lines: readonly Line[], file: string, depth: number): void {
    let at = 0;
    while (at < lines.length) {
      const tokens = lines[at] ?? [];
      at += 1;
      if (isPlain(tokens)) this.lines.push({ file, tokens });
      else at += this.addSpecial(tokens, lines, at, { file, depth });
    }
  }

  /** Handles a line that is more than itself; returns how many of the lines after it, from `next`, belong to it. */
  private addSpecial(line: Line, lines: readonly Line[], next: number, place: Place): number {
    const [first] = line;
    if (first !== undefined && includeVariants.has(first.text)) {
      this.include(line, place);
      return 0;
    }
    const tokens = this.chooseById(line);
    if (tokens === undefined) return 0;
    const spaced = spacedDefinition(tokens, place.file);
    if (spaced !== undefined) {
      this.report(spaced);
      return 0;
    }
    const definition = definitionOf(tokens, place.file);
    if (definition === undefined) {
      this.addExpanded(tokens, place);
      return 0;
    }
    const { name, variable } = definition;
    if (!definition.continues) {
      this.variables.set(name, variable);
      return 0;
    }
    const rest = continuedLines(lines, next);
    const all = [
      ...variable.lines,
      ...rest.map((tokens) => ({ file: place.file, tokens: withoutContinuation(tokens) })),
    ];
    this.variables.set(name, { ...variable, lines: all });
    return rest.length;
  }

  private addExpanded(tokens: Line, place: Place): void {
    const [first] = tokens;
    if (first?.kind === 'word' && first.text.startsWith('~')) {
      this.report(notExpanded(first, place.file));
      return;
    }
    const whole = wholeLineVariable(tokens, this);
    if (whole === undefined) {
      this.lines.push({ file: place.file, tokens: substitute(tokens, place.file, this) });
    } else if (!this.spend()) return;
    else if (place.depth >= deepest) this.report(circle(tokens, place.file, 'the variable holds itself'));
    else for (const line of whole.lines) this.addLines([line.tokens], line.file, place.depth + 1);
  }

  /** Without its `@id` when the line is for us, undefined when it is not. */
  private chooseById(tokens: Line): Line | undefined {
    const [first, ...rest] = tokens;
    const condition = first?.kind === 'word' ? /^@(\^?)(.*)$/s.exec(first.text) : null;
    if (condition === null) return tokens;
    const isOurs = (condition[2] === this.configId) !== (condition[1] === '^');
    return isOurs ? rest : undefined;
  }

  private include(line: Line, place: Place): void {
    if (!this.spend()) return;
    if (place.depth >= deepest) {
      this.report(circle(line, place.file, `more than ${deepest} files include each other`));
      return;
    }
    const { paths, diagnostics } = resolveInclude(line, place.file, this.files);
    this.diagnostics.push(...diagnostics);
    for (const { name, text } of paths) {
      if (this.open.includes(name)) {
        this.report(circle(line, place.file, `${name} includes itself`));
        continue;
      }
      const { file, diagnostics: textual } = parseSource({ name, text });
      if (!this.sources.has(name)) this.diagnostics.push(...textual);
      this.addFile(file, place.depth + 1);
    }
  }
}

interface Place {
  readonly file: string;
  readonly depth: number;
}

/** Nothing to expand: so are nearly all lines. */
function isPlain(tokens: Line): boolean {
  const [first] = tokens;
  if (first === undefined || first.kind === 'newline' || first.kind === 'comment') return true;
  if (first.text.startsWith('@') || first.text.startsWith('~') || includeVariants.has(first.text))
    return false;
  return !tokens.some((token) => token.kind !== 'comment' && token.text.includes('$'));
}

/** The lines of a definition after its first: up to and with the one that does not end in a backslash. */
function continuedLines(lines: readonly Line[], from: number): readonly Line[] {
  let end = from;
  while (end < lines.length) {
    const line = lines[end] ?? [];
    end += 1;
    // A comment inside of a definition does not end it, if its line ends in a backslash too.
    const last = line.findLast(({ kind }) => kind !== 'newline');
    if (last?.text.endsWith('\\') !== true) break;
  }
  return lines.slice(from, end);
}

function spanOf(token: Token, file: string): Span {
  return { file, start: token.start, end: token.start + token.text.length };
}

function notExpanded(token: Token, file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'not-acted-on',
    message: `"${token.text.split('(')[0]}" is not expanded yet; the line is ignored`,
    span: spanOf(token, file),
  };
}

function tooMany(): Diagnostic {
  return {
    severity: 'fatal',
    code: 'too-many-expansions',
    message: `includes and variables stand for more than ${mostExpansions} pieces of text; the rest is left out`,
  };
}

function circle(tokens: Line, file: string, message: string): Diagnostic {
  const [first] = tokens;
  return {
    severity: 'error',
    code: 'nested-too-deep',
    message: `${message}; the line is ignored`,
    ...(first && { span: spanOf(first, file) }),
  };
}
