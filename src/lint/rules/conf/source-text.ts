/** What stands in the sources at and round a place. */
import { parseSource, type Source, type Span, type Token } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';

export function textAt({ resolved }: FileModel, { file, start, end }: Span): string {
  return resolved.sources.get(file)?.text.slice(start, end) ?? '';
}

export interface TextLine {
  /** With its line end. */
  readonly text: string;
  readonly start: number;
  readonly source: Source;
}

/** The line that a place begins in. */
export function lineAt({ resolved }: FileModel, span: Span): TextLine | undefined {
  const source = resolved.sources.get(span.file);
  if (source === undefined) return undefined;
  const start = source.text.lastIndexOf('\n', span.start - 1) + 1;
  const end = source.text.indexOf('\n', span.start) + 1 || source.text.length;
  return { text: source.text.slice(start, end), start, source };
}

export function tokensOf({ text, source }: TextLine): readonly Token[] {
  return parseSource({ name: source.name, text }).file.shapes[0]?.tokens ?? [];
}

/** The tokens from the one at a place to the last word before a brace, a comment or the end of the line. */
export function statementAt(
  file: FileModel,
  span: Span,
): { readonly words: readonly Token[]; readonly span: Span; readonly next: Token | undefined } | undefined {
  const line = lineAt(file, span);
  if (line === undefined) return undefined;
  const tokens = tokensOf(line);
  const from = tokens.findIndex(({ start }) => line.start + start === span.start);
  if (from === -1) return undefined;
  const rest = tokens.slice(from);
  const count = rest.findIndex(({ kind }) => kind !== 'word' && kind !== 'quoted');
  const words = count === -1 ? rest : rest.slice(0, count);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const end = line.start + last.start + last.text.length;
  return {
    words,
    span: { file: span.file, start: span.start, end },
    next: count === -1 ? undefined : rest[count],
  };
}

/** What is cut out when a statement is deleted: its line, if there is nothing else on it. */
export function deletionOf(file: FileModel, span: Span): Span {
  const line = lineAt(file, span);
  const { file: name, start, end } = span;
  if (line === undefined) return { file: name, start, end };
  const before = line.text.slice(0, start - line.start);
  const after = line.text.slice(end - line.start);
  const isAlone = before.trim() === '' && after.trim() === '';
  return isAlone
    ? { file: name, start: line.start, end: line.start + line.text.length }
    : { file: name, start, end };
}
