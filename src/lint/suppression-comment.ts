/**
 * Comments that speak to the linter:
 *
 *   priority 100  # lint-ignore vrrp/vrid-sparse -- both nodes are equal on purpose
 *   ! lint-ignore vrrp/vrid-sparse, conf/deprecated-keyword -- until the old pair is gone
 *   # lint-ignore-block lvs/* -- a copy of the vendor's example
 *   # lint-ignore-file conf/missing-file-exit-0 -- checked by the deploy script
 */
import { type CstFile, type Line, parseSource, type Source, type Span } from '../config-parser/index.ts';

/** What a comment is for. `unknown` begins with lint-ignore and goes on in a way that means nothing. */
export type SuppressionScope = 'line' | 'block' | 'file' | 'unknown';

export interface SuppressedName {
  /** `vrrp/vrid-sparse`, or a group, `vrrp/*`. */
  readonly text: string;
  readonly span: Span;
}

export interface SuppressionComment {
  readonly scope: SuppressionScope;
  /** `lint-ignore-block`, as it is written. */
  readonly directive: string;
  readonly names: readonly SuppressedName[];
  /** After `--`; empty where there is none. */
  readonly reason: string;
  /** The comment, with its mark. */
  readonly span: Span;
  /** What goes when the comment goes: the blanks before it too, or the whole line. */
  readonly removal: Span;
  /** Offsets in the file of which it speaks: from the begin of a line to the end of one. */
  readonly start: number;
  readonly end: number;
}

/** A comment together with what came of it: what the rules of the group `lint` look at. */
export interface Suppression extends SuppressionComment {
  /** Names that are neither a rule's nor a group's. */
  readonly unknown: readonly SuppressedName[];
  /** Names of rules that looked, and of which nothing had to be suppressed. */
  readonly unused: readonly SuppressedName[];
  /** The name that an unknown one was probably meant to be. */
  readonly suggest: (name: string) => string | undefined;
}

const scopes: Readonly<Record<string, SuppressionScope>> = {
  'lint-ignore': 'line',
  'lint-ignore-block': 'block',
  'lint-ignore-file': 'file',
};

/** All of a file, in its order. Parses it only where there is something to find: a large file is read once already. */
export function findSuppressionComments(source: Source): readonly SuppressionComment[] {
  if (!source.text.includes('lint-ignore')) return [];
  const { file } = parseSource(source);
  const comments: SuppressionComment[] = [];
  for (const [index, { text }] of file.shapes.entries()) {
    const comment = text.includes('lint-ignore') ? commentOn(file, index) : undefined;
    if (comment !== undefined) comments.push(comment);
  }
  return comments;
}

function commentOn(file: CstFile, index: number): SuppressionComment | undefined {
  const line = file.lines[index];
  const token = line?.shape.tokens.findLast(({ kind }) => kind === 'comment');
  if (line === undefined || token === undefined) return undefined;
  const match = /^[#!]+[ \t]*(lint-ignore[\w-]*)(?![^\s:])/.exec(token.text);
  if (match === null) return undefined;
  const [head, directive = ''] = match;
  const start = line.start + token.start;
  const text = token.text.trimEnd();
  const { name } = file.source;
  const isAlone = line.shape.tokens.every(
    ({ kind }) => kind === 'comment' || kind === 'newline' || kind === 'bom',
  );
  const scope = scopes[directive] ?? 'unknown';
  const rest = text.slice(head.length).replace(/^:/, ' ');
  const { names, reason } = readRest(rest, { file: name, start: start + head.length });
  return {
    scope,
    directive,
    names,
    reason,
    span: { file: name, start, end: start + text.length },
    removal: isAlone
      ? { file: name, start: line.start, end: endOf(line) }
      : { file: name, start: start - token.lead.length, end: start + text.length },
    ...rangeOf(scope, file, isAlone ? nextStatement(file, index) : index),
  };
}

/** `RULE[, RULE...] -- reason`. */
function readRest(text: string, at: { readonly file: string; readonly start: number }) {
  const dashes = /(^|\s)--(\s|$)/.exec(text);
  const list = dashes === null ? text : text.slice(0, dashes.index);
  const names = [...list.matchAll(/[^\s,]+/g)].map((match): SuppressedName => {
    const start = at.start + match.index;
    return { text: match[0], span: { file: at.file, start, end: start + match[0].length } };
  });
  const reason = dashes === null ? '' : text.slice(dashes.index + dashes[0].length).trim();
  return { names, reason };
}

/** The line after `index` that is neither blank nor only a comment; the number of lines where there is none. */
function nextStatement({ shapes }: CstFile, index: number): number {
  let next = index + 1;
  while (shapes[next]?.form === 'blank') next += 1;
  return next;
}

function rangeOf(scope: SuppressionScope, { source, lines }: CstFile, index: number) {
  const line = lines[index];
  if (scope === 'file') return { start: 0, end: source.text.length + 1 };
  if (scope === 'unknown' || line === undefined) return { start: 0, end: 0 };
  const last = scope === 'block' ? lines[endOfBlock(lines, index)] : line;
  return { start: line.start, end: endOf(last ?? line) };
}

/** The line that closes the block whose heading is at `index`; that line itself where no block follows. */
function endOfBlock(lines: readonly Line[], index: number): number {
  let depth = 0;
  let isOpen = false;
  for (let at = index; at < lines.length; at += 1) {
    const shape = lines[at]?.shape;
    // The brace may stand on a line of its own below the heading, and nothing else may come between.
    if (!isOpen && at > index && shape?.form !== 'blank' && !startsWithBrace(lines[at])) return index;
    for (const { kind } of shape?.tokens ?? []) {
      if (kind === 'open') depth += 1;
      if (kind === 'close') depth -= 1;
    }
    isOpen ||= depth > 0;
    if (isOpen && depth <= 0) return at;
  }
  return isOpen ? lines.length - 1 : index;
}

function startsWithBrace(line: Line | undefined): boolean {
  return line?.shape.tokens[0]?.kind === 'open';
}

function endOf({ start, shape }: Line): number {
  return start + shape.text.length;
}
