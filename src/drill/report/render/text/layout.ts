/** Text in columns and lines of a terminal's width. Pure. */
import { safeText } from '../safe-text.ts';

/** Columns that characters take: wide ones of East Asia two, combining ones none. Near enough to line columns up. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : wide.test(char) ? 2 : 1;
  return width;
}

const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]|\p{Emoji_Presentation}/u;

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The beginning of it, with an ellipsis where something is left out. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let taken = '';
  for (const char of text) {
    if (widthOf(taken + char) > width - 1) break;
    taken += char;
  }
  return `${taken}…`;
}

/** In lines of at most `width`, where words allow it; each begins with `indent`. Control characters are replaced. */
export function wrap(text: string, width: number, indent = ''): readonly string[] {
  const room = Math.max(12, width - widthOf(indent));
  const lines: string[] = [];
  let line = '';
  for (const word of safeText(text)
    .split(' ')
    .filter((one) => one !== '')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > room) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, indent + line];
}

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  readonly isNumber?: boolean;
}

export interface ColumnOptions {
  readonly width: number;
  readonly indent: string;
  /** The column that is wrapped where lines would be longer than `width`; 0 unless told. */
  readonly yielding?: number;
}

/** Columns as wide as their widest cell. */
export function columns(
  rows: readonly (readonly Cell[])[],
  { width, indent, yielding = 0 }: ColumnOptions,
): readonly string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: safeText(cell.text) })));
  const count = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...clean.map((row) => widthOf(row[column]?.text ?? ''))),
  );
  const all = widths.reduce((sum, one) => sum + one + 2, widthOf(indent) - 2);
  const natural = widths[yielding] ?? 0;
  if (all > width) widths[yielding] = Math.min(natural, Math.max(12, natural - (all - width)));
  return clean.flatMap((row) => rowLines(row, widths, yielding)).map((line) => (indent + line).trimEnd());
}

/** What of the yielding cell does not fit stands below. */
function rowLines(row: readonly Cell[], widths: readonly number[], yielding: number): readonly string[] {
  const pieces = wrap(row[yielding]?.text ?? '', widths[yielding] ?? 0);
  return Array.from({ length: Math.max(1, pieces.length) }, (_, line) =>
    row
      .map((cell, column) => {
        const text = column === yielding ? (pieces[line] ?? '') : line === 0 ? cell.text : '';
        return format({ ...cell, text }, widths[column] ?? 0);
      })
      .join('  '),
  );
}

function format({ text, paint = same, isNumber }: Cell, width: number): string {
  const short = cut(text, width);
  const padding = ' '.repeat(Math.max(0, width - widthOf(short)));
  return isNumber ? padding + paint(short) : paint(short) + padding;
}

function same(text: string): string {
  return text;
}
