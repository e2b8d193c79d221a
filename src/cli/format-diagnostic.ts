/**
 * A diagnostic as text for people, in the shape that editors and CI understand:
 *
 *   lb01.conf:7:23: error: virtual_router_id must be a whole number from 1 to 255, found "300" [invalid-value]
 *     |
 *   7 |     virtual_router_id 300
 *     |                       ^^^
 *     = help: ...
 */
import type { Diagnostic, Note } from '../config-parser/diagnostics.ts';
import { lineText, positionAt, type Source } from '../config-parser/index.ts';

/** What to print of a source line around the place, so that a line of a megabyte does not fill the terminal. */
const widest = 160;

/** Several lines, without a line end after the last. */
export function formatDiagnostic(diagnostic: Diagnostic, sources: ReadonlyMap<string, Source>): string {
  const { severity, code, message, help, notes = [] } = diagnostic;
  return [
    `${placeOf(diagnostic, sources)}${severity}: ${clean(message)} [${code}]`,
    ...excerpt(diagnostic, sources),
    ...(help === undefined ? [] : [`  = help: ${clean(help)}`]),
    ...notes.map((note) => formatNote(note, sources)),
  ].join('\n');
}

/** All of them, one after the other, with a line end after each; empty for none. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
): string {
  return diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, sources)}\n`).join('');
}

/** `file:line:col: `, as much of it as is known. */
function placeOf({ span }: Pick<Diagnostic, 'span'>, sources: ReadonlyMap<string, Source>): string {
  if (span === undefined) return '';
  const source = sources.get(span.file);
  if (source === undefined) return `${clean(span.file)}: `;
  const { line, column } = positionAt(source, span.start);
  return `${clean(span.file)}:${line}:${column}: `;
}

function formatNote({ span, message }: Note, sources: ReadonlyMap<string, Source>): string {
  const place = span === undefined ? '' : placeOf({ span }, sources);
  return `  = note: ${place}${clean(message)}`;
}

function excerpt({ span }: Diagnostic, sources: ReadonlyMap<string, Source>): readonly string[] {
  const source = span && sources.get(span.file);
  if (span === undefined || source === undefined) return [];
  const { line, column } = positionAt(source, span.start);
  const whole = lineText(source, line);
  const from = Math.max(0, column - 1 - widest / 2);
  const shown = whole.slice(from, from + widest);
  const before = shown.slice(0, column - 1 - from);
  const length = Math.max(1, Math.min(span.end - span.start, shown.length - before.length));
  const gutter = ' '.repeat(String(line).length);
  // Tabs stay tabs, so that the caret stands under its word whatever their width.
  const indent = before.replace(/[^\t]/g, ' ');
  return [`${gutter} |`, `${line} | ${clean(shown)}`, `${gutter} | ${indent}${'^'.repeat(length)}`];
}

/** Control characters of a file must not reach the terminal. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu, (char) =>
    char === '\t' ? char : '\uFFFD',
  );
}
