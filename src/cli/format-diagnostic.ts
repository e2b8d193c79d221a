/** A diagnostic as text for people, as the linter's findings look. */
import type { Diagnostic } from '../config-parser/diagnostics.ts';
import type { Source } from '../config-parser/index.ts';
import { formatMessage } from '../lint/formats/message.ts';
import { coloured, plain } from '../lint/formats/paint.ts';

/** Several lines, without a line end after the last. */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  sources: ReadonlyMap<string, Source>,
  isColoured = false,
): string {
  const { severity: level, code: name, message, span, help, notes } = diagnostic;
  return formatMessage({ level, name, message, span, help, notes }, sources, isColoured ? coloured : plain);
}

/** All of them, one after the other, with a line end after each; empty for none. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, Source>,
  isColoured = false,
): string {
  return diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic, sources, isColoured)}\n`).join('');
}
