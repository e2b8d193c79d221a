/**
 * A piece of configuration text with a name, and the way from an offset to what an editor shows. Offsets and columns count
 * UTF-16 code units; lines and columns start at 1; a tab counts one.
 */
import type { Diagnostic, Span } from './diagnostics.ts';

export interface Source {
  /** As the operator gave it, or as an include expanded it. */
  readonly name: string;
  readonly text: string;
  /** Where the include stands that led to it; undefined for the file that was asked for. */
  readonly includedFrom?: Span;
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

/** It begins a file, or stands where another file was appended. */
function checkByteOrderMark({ name, text }: Source): readonly Diagnostic[] {
  const start = text.startsWith('\uFEFF') ? 0 : text.indexOf('\n\uFEFF') + 1;
  if (start === 0 && !text.startsWith('\uFEFF')) return [];
  return [
    {
      severity: 'error',
      code: 'byte-order-mark',
      message: `the ${start === 0 ? 'file' : 'line'} begins with a byte order mark, which is skipped`,
      span: { file: name, start, end: start + 1 },
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

function checkLongLines({ name, text }: Source): readonly Diagnostic[] {
  const start = findLongLine(text);
  if (start === -1) return [];
  return [
    {
      severity: 'warning',
      code: 'line-too-long',
      message: `a line is longer than ${longestLine} bytes`,
      span: { file: name, start, end: start + 1 },
      notes: [{ message: 'keepalived ignores such a line; holdfast reads it' }],
    },
  ];
}

/** Where the first such line begins, or -1. */
function findLongLine(text: string): number {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    // A UTF-16 code unit is three bytes at most
    if ((end - start) * 3 > longestLine && byteLength(text, start, end) > longestLine) return start;
    start = end;
  }
  return -1;
}

/** In UTF-8; a surrogate pair is four bytes. */
function byteLength(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    const isSurrogate = code >= 0xd800 && code <= 0xdfff;
    bytes += code < 0x80 ? 1 : code < 0x800 || isSurrogate ? 2 : 3;
  }
  return bytes;
}
