/** What follows from diagnostics: whether the configuration can be used at all, and in which order they are told. */
import type { Diagnostic, Severity } from './diagnostics.ts';

/** From worst to mildest. */
export const severities: readonly Severity[] = ['fatal', 'error', 'warning', 'deprecated', 'info'];

/** True when keepalived would not start with this configuration, or would do what nobody can want. */
export function hasFatal(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'fatal');
}

/** Undefined when there are no diagnostics. */
export function worstSeverity(diagnostics: readonly Diagnostic[]): Severity | undefined {
  return severities.find((severity) => diagnostics.some((diagnostic) => diagnostic.severity === severity));
}

const syntaxCodes: ReadonlySet<string> = new Set([
  'nul-byte',
  'unclosed-brace',
  'unexpected-close-brace',
  'unexpected-open-brace',
  'unterminated-quote',
  'include-failed',
]);

/** True when the text itself is broken, so that what was read may be less than what was meant. */
export function hasSyntaxError(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code, severity }) => syntaxCodes.has(code) && severity !== 'warning');
}

/** In the order of the files as they were read, then by position; what has no place comes last. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
): readonly Diagnostic[] {
  const ranks = new Map(files.map((file, index) => [file, index]));
  const rank = ({ span }: Diagnostic): number =>
    span === undefined ? files.length : (ranks.get(span.file) ?? 0);
  return diagnostics.toSorted((a, b) => rank(a) - rank(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0));
}
