/** keepalived.conf(5): `$NAME=VALUE`, `$NAME` and `${NAME}`. Values are looked up where they are used, and may nest. */
import type { Line, Token } from './cst.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parseLines } from './parse.ts';
import type { PlacedLine } from './tree.ts';

/** One line or several, each where it stands in its file. */
export interface Variable {
  readonly lines: readonly PlacedLine[];
}

export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly configId: string;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Counts one replacement; false when there have been too many for an honest file. */
  readonly spend: () => boolean;
}

export interface Definition {
  readonly name: string;
  readonly variable: Variable;
  /** The value goes on in the next line. */
  readonly continues: boolean;
}

/** The definition that a line is, if it is one. */
export function definitionOf(tokens: Line, file: string): Definition | undefined {
  const [first, ...rest] = tokens;
  const match = first?.kind === 'word' ? /^\$([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : null;
  if (first === undefined || match === null) return undefined;
  const [, name = '', begin = ''] = match;
  const start = first.start + first.text.length - begin.length;
  const value: Line = begin === '' ? rest : [{ kind: 'word', start, lead: '', text: begin }, ...rest];
  const last = contentOf(value).at(-1);
  return {
    name,
    variable: { lines: [{ file, tokens: withoutContinuation(value) }] },
    continues: last?.text.endsWith('\\') === true,
  };
}

/** `$NAME = value`: keepalived wants no blank before the equals sign. */
export function spacedDefinition(tokens: Line, file: string): Diagnostic | undefined {
  const [first, second] = tokens;
  const isSpaced = first !== undefined && /^\$\w+$/.test(first.text) && second?.text.startsWith('=') === true;
  if (!isSpaced) return undefined;
  return {
    severity: 'error',
    code: 'undefined-variable',
    message: `"${first.text}" is not defined by a line with a blank before "="; the line is ignored`,
    span: { file, start: first.start, end: first.start + first.text.length },
    help: `write "${first.text}=", without a blank`,
  };
}

/** A line of a definition without the backslash that leads to the next. */
export function withoutContinuation(tokens: Line): Line {
  const content = contentOf(tokens);
  const last = content.at(-1);
  if (last?.text.endsWith('\\') !== true) return content;
  const before = content.slice(0, -1);
  return last.text === '\\' ? before : [...before, { ...last, text: last.text.slice(0, -1) }];
}

/** The variable of several lines that a line consists of. */
export function wholeLineVariable(tokens: Line, scope: Scope): Variable | undefined {
  const [first, second] = contentOf(tokens);
  if (first === undefined || second !== undefined) return undefined;
  const name = /^\$(?:\{(\w+)\}|(\w+))$/.exec(first.text);
  const variable = scope.variables.get(name?.[1] ?? name?.[2] ?? '');
  return variable !== undefined && variable.lines.length > 1 ? variable : undefined;
}

/** A stretch of the line after replacement, and what it stands for in the file. */
interface Stretch {
  readonly text: string;
  readonly start: number;
  /** Of a replaced variable; undefined where the text is the file's own. */
  readonly end?: number;
}

const reference = /\$\{([^{}]*)\}|\$([A-Za-z_]\w*)(?=[\s,)]|$)/g;

/** The line with its variables replaced, split into tokens anew, each still pointing at the file. */
export function substitute(tokens: Line, file: string, scope: Scope): Line {
  const stretches = contentOf(tokens).flatMap((token) => stretchesOf(token, file, scope));
  if (!stretches.some(({ end }) => end !== undefined)) return tokens;
  const places = new Places(stretches);
  const text = stretches.map((stretch) => stretch.text).join('');
  return parseLines(text).flatMap((line) => line.map((token) => places.place(token)));
}

function stretchesOf(token: Token, file: string, scope: Scope): readonly Stretch[] {
  const stretches: Stretch[] = [{ text: token.lead, start: token.start - token.lead.length }];
  let at = 0;
  for (const match of token.text.matchAll(reference)) {
    const start = token.start + match.index;
    const name = match[1] ?? match[2] ?? '';
    const value = textOfVariable(name, { scope, file }, 0);
    if (value === undefined) {
      scope.report(
        undefinedVariable({ file, start, end: start + match[0].length }, name, match[1] !== undefined),
      );
      continue;
    }
    stretches.push({ text: token.text.slice(at, match.index), start: token.start + at });
    stretches.push({ text: value, start, end: start + match[0].length });
    at = match.index + match[0].length;
  }
  stretches.push({ text: token.text.slice(at), start: token.start + at });
  return stretches.filter(({ text, end }) => text !== '' || end !== undefined);
}

/** Variables within variables, beyond which a circle is assumed. */
const deepest = 32;

interface Use {
  readonly scope: Scope;
  /** The file whose line uses the variable. */
  readonly file: string;
}

/** The value with its own variables replaced; undefined for what is not defined. */
function textOfVariable(name: string, { scope, file }: Use, depth: number): string | undefined {
  if (depth > deepest || !scope.spend()) return undefined;
  const variable = scope.variables.get(name);
  if (variable === undefined) return builtIn(name, { scope, file });
  const [line] = variable.lines;
  const text = (line?.tokens ?? [])
    .map((token, index) => (index === 0 ? '' : token.lead) + token.text)
    .join('');
  return text.replace(reference, (whole, braced?: string, bare?: string) => {
    return textOfVariable(braced ?? bare ?? '', { scope, file }, depth + 1) ?? whole;
  });
}

function builtIn(name: string, { scope, file }: Use): string | undefined {
  if (name === '_PWD') return file.includes('/') ? file.slice(0, Math.max(file.lastIndexOf('/'), 1)) : '.';
  if (name === '_INSTANCE') return scope.configId;
  if (name === '_HASH') return '\\#';
  if (name === '_BANG') return '\\!';
  return undefined;
}

/** Finds where the characters of a replaced line stand in the file. */
class Places {
  private readonly stretches: readonly Stretch[];
  /** Offset of each stretch in the replaced line. */
  private readonly offsets: readonly number[];

  constructor(stretches: readonly Stretch[]) {
    this.stretches = stretches;
    let offset = 0;
    this.offsets = stretches.map(({ text }) => {
      const own = offset;
      offset += text.length;
      return own;
    });
  }

  place(token: Token): Token {
    const [start] = this.find(token.start);
    const [, end] = this.find(token.start + Math.max(token.text.length - 1, 0));
    return { ...token, start, end };
  }

  /** The begin and the end, in the file, of one character; of the whole reference where a variable was. */
  private find(offset: number): readonly [number, number] {
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const stretch = this.stretches[low];
    if (stretch === undefined) return [0, 0];
    const own = stretch.start + offset - (this.offsets[low] ?? 0);
    return stretch.end === undefined ? [own, own + 1] : [stretch.start, stretch.end];
  }
}

function contentOf(tokens: Line): Line {
  return tokens.filter(({ kind }) => kind !== 'comment' && kind !== 'newline');
}

function undefinedVariable(
  span: NonNullable<Diagnostic['span']>,
  name: string,
  isBraced: boolean,
): Diagnostic {
  const builtInName = /^_(RANDOM|ENV)\b/.exec(name)?.[0];
  if (builtInName !== undefined) {
    const message = `"\${${name}}" is not expanded yet; the text stays as it is`;
    return { severity: 'error', code: 'not-acted-on', message, span };
  }
  return {
    severity: isBraced ? 'error' : 'warning',
    code: 'undefined-variable',
    message: `the variable "${name}" is not defined above; the text stays as it is`,
    span,
    ...(isBraced && { notes: [{ message: 'keepalived would take its braces for those of a block' }] }),
  };
}
