/**
 * keepalived.conf(5): `$NAME=VALUE`, `$NAME` and `${NAME}`. Values are looked up where they are used, and may nest. What is
 * not defined stays as it is written.
 */
import { builtIn } from './built-in-variables.ts';
import type { LineShape } from './cst.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import { joinPieces, type Origin, type Piece, type Placed } from './origin.ts';

/** One line or several, each where it stands in its file, without comments and continuation marks. */
export interface Variable {
  readonly lines: readonly Placed[];
  /** Defined over several lines, so that it may only end a line. */
  readonly isBlock: boolean;
}

export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly configId: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A whole number from `min` to `max`, another one each time. */
  readonly random: (min: number, max: number) => number;
  readonly report: (diagnostic: Diagnostic) => void;
  /** For what a variable's value would cause at each of its uses. */
  readonly reportOnce: (key: string, describe: () => Diagnostic) => void;
  /** Counts one replacement by so many characters; false when there have been too many for an honest file. */
  readonly spend: (characters: number) => boolean;
}

export interface Definition {
  readonly name: string;
  /** As written, perhaps with a backslash at its end. */
  readonly value: Placed;
}

/** A line without its comment and line end, and without a byte order mark. */
export function contentOf({ text, tokens }: LineShape, start: number, origin: Origin): Placed {
  const last = tokens.findLast(({ kind }) => kind !== 'comment' && kind !== 'newline');
  const from = tokens[0]?.kind === 'bom' ? 1 : 0;
  const to = last === undefined ? 0 : last.start + last.text.length;
  return { text: text.slice(from, to), start: start + from, origin };
}

/** The part from `from` to `to`. */
export function sliceOf({ text, start, origin }: Placed, from: number, to: number = text.length): Placed {
  return { text: text.slice(from, to), start: start + from, origin };
}

/** Without blanks at both ends. */
export function trimmed(placed: Placed): Placed {
  const from = /^[ \t]*/.exec(placed.text)?.[0].length ?? 0;
  const to = placed.text.replace(/[ \t]+$/, '').length;
  return sliceOf(placed, from, Math.max(from, to));
}

/** The definition that a line's content is, if it is one. */
export function definitionOf(content: Placed): Definition | undefined {
  const match = /^[ \t]*\$([A-Za-z_]\w*)=/.exec(content.text);
  if (match?.[1] === undefined) return undefined;
  return { name: match[1], value: trimmed(sliceOf(content, match[0].length)) };
}

/** `$NAME = value`: keepalived wants no blank before the equals sign. */
export function spacedDefinition({ text, start, origin }: Placed): Diagnostic | undefined {
  const match = /^([ \t]*)(\$\w+)[ \t]+=/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const from = start + match[1].length;
  return {
    severity: 'error',
    code: 'undefined-variable',
    message: `"${match[2]}" is not defined by a line with a blank before "="; the line is ignored`,
    span: origin.span(from, from + match[2].length),
    help: `write "${match[2]}=", without a blank`,
  };
}

/** A line of a definition without the backslash that leads to the next; `continues` if there is one. */
export function withoutContinuation(value: Placed): { readonly line: Placed; readonly continues: boolean } {
  const continues = value.text.endsWith('\\');
  return { line: trimmed(continues ? sliceOf(value, 0, value.text.length - 1) : value), continues };
}

export interface Substituted {
  readonly line: Placed;
  /** The further lines of a variable of several lines that stood at the end. */
  readonly following: readonly Placed[];
}

/** The content with its variables replaced; undefined if there are none. Quotes are those of `tokens`. */
export function substitute(content: Placed, { tokens }: LineShape, scope: Scope): Substituted | undefined {
  const quoted = tokens.filter(({ kind }) => kind === 'quoted' || kind === 'unterminated');
  const isQuoted = (offset: number): boolean =>
    quoted.some(({ start, text }) => offset >= start && offset < start + text.length);
  return replaceReferences(content, {
    scope,
    isQuoted,
    chain: [],
    file: content.origin.file,
    isWhole: true,
  });
}

interface Use {
  readonly scope: Scope;
  readonly isQuoted: (offset: number) => boolean;
  /** The variables whose values are being replaced, outermost first. */
  readonly chain: readonly string[];
  /** The file that is being read, wherever the values are written. */
  readonly file: string;
  /** The reference to the value that is being replaced; none for a line of a file. */
  readonly reference?: Reference;
  /** What is replaced is a line, so that a variable of several lines may end it. */
  readonly isWhole: boolean;
}

/** Variables within variables, beyond which a circle is assumed. */
const deepest = 32;

const reference = /\$\{([^{}\r\n]*)\}|\$([A-Za-z_]\w*)(?=[ \t,)]|$)/g;

function replaceReferences(placed: Placed, use: Use): Substituted | undefined {
  const { text, start, origin } = placed;
  if (!text.includes('$')) return undefined;
  const pieces: Piece[] = [];
  let following: readonly Placed[] = [];
  let at = 0;
  let end = 0;
  for (let match = nextReference(text, 0); match !== null; match = nextReference(text, end)) {
    const { index } = match;
    end = index + match[0].length;
    const call = { text: match[1] ?? match[2] ?? '', isBraced: match[1] !== undefined, index, end };
    const found = resolveCall(call, placed, use);
    if (found === undefined) continue;
    if (index > at) pieces.push({ text: text.slice(at, index), start: start + at, end: start + index });
    pieces.push({ ...found.piece, start: start + index, end: start + end });
    following = found.following;
    at = end;
  }
  if (at === 0) return undefined;
  if (at < text.length) {
    pieces.push({ text: text.slice(at), start: start + at, end: start + text.length });
  }
  return { line: joinPieces(pieces, origin), following };
}

/** What is found may be replaced before the next is looked for, which looks for more: the expression is shared. */
function nextReference(text: string, from: number): RegExpExecArray | null {
  reference.lastIndex = from;
  return reference.exec(text);
}

/** A call with its place, which is worked out when something is to be told. */
interface Reference {
  readonly call: Call;
  readonly placed: Placed;
  readonly use: Use;
}

interface Call {
  /** What stands in the braces, or the name. */
  readonly text: string;
  readonly isBraced: boolean;
  readonly index: number;
  readonly end: number;
}

interface Found {
  readonly piece: Pick<Piece, 'text' | 'value' | 'note'>;
  readonly following: readonly Placed[];
}

function resolveCall(call: Call, placed: Placed, use: Use): Found | undefined {
  const { scope, chain } = use;
  const variable = scope.variables.get(call.text);
  if (!scope.spend(variable?.lines[0]?.text.length ?? 0)) return undefined;
  const here: Reference = { call, placed, use };
  if (variable === undefined) {
    const value = builtIn(call.text, { scope, span: () => spanOfReference(here), file: use.file });
    if (value === 'unknown') reportUndefined(here);
    if (typeof value === 'string') return undefined;
    // Outside of quotes `${_HASH}` and `${_BANG}` begin a comment: they switch whole lines off
    const text = commentStarts.has(call.text) ? value.text : escaped(value.text, use.isQuoted(call.index));
    return { piece: { text, ...(value.note && { note: value.note }) }, following: [] };
  }
  if (chain.includes(call.text) || chain.length >= deepest) {
    scope.reportOnce(`circle ${call.text}`, () => circle(call.text, spanOfReference(here)));
    return undefined;
  }
  const isLast = use.isWhole && placed.text.slice(call.end).trim() === '';
  if (variable.isBlock && !isLast) {
    scope.report(manyLines(call.text, spanOfReference(here)));
    return undefined;
  }
  return resolveVariable(here, variable, isLast);
}

/** With all the uses that led to it. */
function spanOfReference({ call, placed: { start, origin }, use }: Reference): Span {
  const span = origin.span(start + call.index, start + call.end);
  if (use.reference === undefined) return span;
  const { via = [], ...used } = spanOfReference(use.reference);
  return { ...span, via: [...(span.via ?? []), { message: 'used here', span: used }, ...via] };
}

function resolveVariable(here: Reference, variable: Variable, isWhole: boolean): Found {
  const { call, use } = here;
  const [first, ...following] = variable.lines;
  if (first === undefined) return { piece: { text: '' }, following };
  const isQuoted = use.isQuoted(call.index);
  // What a sequence holds is replaced line by line, when its own variables have been
  const isHeld = first.text.startsWith('~');
  const inner = isHeld
    ? undefined
    : replaceReferences(first, {
        ...use,
        isQuoted: () => isQuoted,
        chain: [...use.chain, call.text],
        reference: here,
        isWhole,
      });
  const value = inner?.line ?? first;
  // In quotes a backslash is a backslash; the value was written where it escapes
  const text = isQuoted ? value.text.replace(/\\([#!])/g, '$1') : value.text;
  const lines = [...(inner?.following ?? []), ...following];
  return { piece: text === value.text ? { text, value } : { text }, following: lines };
}

function reportUndefined(here: Reference): void {
  const { call, use } = here;
  const describe = () => undefinedVariable(call, spanOfReference(here));
  if (use.reference === undefined) use.scope.report(describe());
  else use.scope.reportOnce(`undefined ${call.text}`, describe);
}

const commentStarts: ReadonlySet<string> = new Set(['_HASH', '_BANG']);

/** No other value makes a comment: what stands in the environment is not written for this file. */
function escaped(text: string, isQuoted: boolean): string {
  return isQuoted ? text : text.replace(/[#!]/g, '\\$&');
}

function undefinedVariable({ text, isBraced }: Call, span: Span): Diagnostic {
  return {
    severity: isBraced ? 'error' : 'warning',
    code: 'undefined-variable',
    message: `the variable "${text}" is not defined above; the text stays as it is`,
    span,
    ...(isBraced && { notes: [{ message: 'keepalived would take its braces for those of a block' }] }),
  };
}

function circle(name: string, span: Span): Diagnostic {
  return {
    severity: 'error',
    code: 'nested-too-deep',
    message: `the value of "${name}" holds "${name}" itself; the text stays as it is`,
    span,
    notes: [{ message: 'keepalived would replace it for ever' }],
  };
}

function manyLines(name: string, span: Span): Diagnostic {
  return {
    severity: 'error',
    code: 'undefined-variable',
    message: `"${name}" stands for several lines and is replaced at the end of a line only; the text stays as it is`,
    span,
    help: 'put it on a line of its own',
  };
}
