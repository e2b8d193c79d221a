/** Where a span is, in the lines and columns that editors show. */
import { positionAt, type Source, type Span } from '../../config-parser/index.ts';

/** Lines and columns from 1, columns in UTF-16 code units; the end is the place after the last character. */
export interface Region {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Undefined for a text that was not read. */
export function regionOf(span: Span, sources: ReadonlyMap<string, Source>): Region | undefined {
  const source = sources.get(span.file);
  if (source === undefined) return undefined;
  const { line, column } = positionAt(source, span.start);
  const end = positionAt(source, Math.max(span.start, span.end));
  return { line, column, endLine: end.line, endColumn: end.column };
}
