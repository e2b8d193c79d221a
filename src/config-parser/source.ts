/**
 * A piece of configuration text with a name, and the way from an offset to what an editor shows. Offsets and columns count
 * UTF-16 code units; lines and columns start at 1; a tab counts one.
 */
import type { Diagnostic } from './diagnostics.ts';

export interface Source {
  /** As the operator gave it, or as an include expanded it. */
  readonly name: string;
  readonly text: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** keepalived reads lines into a buffer of 1024 bytes, the line end among them, and drops what is longer. */
const longestLine = 1023;

/** Found on demand and kept as long as the source: most files never need them. */
const lineStartsOf = new WeakMap<Source, readonly number[]>();

/** Line and column of `offset`, by binary search. An offset past the end counts as the end. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const at = Math.min(Math.max(offset, 0), source.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** The text of a line (counted from 1) without its line end; empty where there is no such line. */
export function lineText(source: Source, line: number): string {
  const starts = lineStarts(source);
  const start = starts[line - 1];
  if (start === undefined) return '';
  return source.text.slice(start, starts[line] ?? source.text.length).replace(/\r?\n$/, '');
}

/** What is wrong with a text before it is read as a language: byte order mark, NUL bytes, lines too long for keepalived. */
export function checkText(source: Source): readonly Diagnostic[] {
  return [...checkByteOrderMark(source), ...checkNulBytes(source), ...checkLongLines(source)];
}

function lineStarts(source: Source): readonly number[] {
  const known = lineStartsOf.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let end = source.text.indexOf('\n'); end !== -1; end = source.text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  lineStartsOf.set(source, starts);
  return starts;
}

function checkByteOrderMark({ name, text }: Source): readonly Diagnostic[] {
  if (!text.startsWith('\uFEFF')) return [];
  return [
    {
      severity: 'error',
      code: 'byte-order-mark',
      message: 'the file begins with a byte order mark, which is skipped',
      span: { file: name, start: 0, end: 1 },
      help: 'save the file as UTF-8 without a byte order mark',
      notes: [
        { message: 'keepalived takes the mark for a part of the first word and does not know that word' },
      ],
    },
  ];
}

function checkNulBytes({ name, text }: Source): readonly Diagnostic[] {
  const first = text.indexOf('\0');
  if (first === -1) return [];
  return [
    {
      severity: 'error',
      code: 'nul-byte',
      message: 'the file holds NUL bytes; lines with one are ignored',
      span: { file: name, start: first, end: first + 1 },
      help: 'save the file as UTF-8 text',
    },
  ];
}

function checkLongLines(source: Source): readonly Diagnostic[] {
  const starts = lineStarts(source);
  const index = starts.findIndex((start, i) => (starts[i + 1] ?? source.text.length) - start > longestLine);
  if (index === -1) return [];
  const start = starts[index] ?? 0;
  return [
    {
      severity: 'warning',
      code: 'line-too-long',
      message: `a line is longer than ${longestLine} characters`,
      span: { file: source.name, start, end: start + 1 },
      notes: [{ message: 'keepalived ignores such a line; holdfast reads it' }],
    },
  ];
}
