/** keepalived.conf(5): include and its variants, which differ in what they take for a failure. */
import type { Line } from './cst.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import type { Source } from './source.ts';
import type { SourceReader } from './source-reader.ts';

interface Variant {
  /** A file that cannot be read is a failure. */
  readonly read: boolean;
  /** So is a path, or a pattern without wildcards, that matches nothing. */
  readonly match: boolean;
  /** So is a pattern with wildcards that matches nothing. */
  readonly wildcard: boolean;
}

export const includeVariants: ReadonlyMap<string, Variant> = new Map([
  ['include', { read: false, match: false, wildcard: false }],
  ['includer', { read: true, match: false, wildcard: false }],
  ['includem', { read: true, match: true, wildcard: false }],
  ['includew', { read: true, match: true, wildcard: true }],
  ['includeb', { read: true, match: false, wildcard: false }],
  ['includea', { read: true, match: true, wildcard: true }],
]);

export interface Included {
  readonly paths: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The texts that an include line stands for, in order. */
export function resolveInclude(line: Line, file: string, files: SourceReader): Included {
  const [keyword, ...rest] = line;
  const variant = includeVariants.get(keyword?.text ?? '');
  const words = rest.filter(({ kind }) => kind !== 'comment' && kind !== 'newline');
  const pattern = words.map(({ lead, text }, index) => (index === 0 ? '' : lead) + text).join('');
  const place: Span = { file, start: keyword?.start ?? 0, end: endOf(line) };
  if (variant === undefined) return { paths: [], diagnostics: [] };
  if (pattern === '') {
    const message = `"${keyword?.text}" needs a path or a pattern`;
    return {
      paths: [],
      diagnostics: [{ severity: 'error', code: 'missing-argument', message, span: place }],
    };
  }
  return readAll(besides(file, pattern), variant, place, files);
}

function readAll(pattern: string, variant: Variant, span: Span, files: SourceReader): Included {
  const isWildcard = /[*?[]/.test(pattern);
  const isPattern = isWildcard || pattern.includes('{');
  if (isPattern && files.glob === undefined) {
    const message = `patterns cannot be expanded here, found "${pattern}"; nothing is included`;
    return { paths: [], diagnostics: [{ severity: 'error', code: 'include-failed', message, span }] };
  }
  const names = isPattern ? (files.glob?.(pattern) ?? []) : [pattern];
  const paths: Source[] = [];
  const diagnostics: Diagnostic[] = [];
  if (names.length === 0) {
    const isFailure = isWildcard ? variant.wildcard : variant.match;
    diagnostics.push(failure(`no file matches "${pattern}"`, isFailure, span));
  }
  for (const name of names) {
    const result = files.read(name);
    if ('text' in result) paths.push({ name, text: result.text });
    else
      diagnostics.push(
        failure(
          `cannot include ${name}: ${result.error}`,
          isPattern ? variant.read : variant.match || variant.read,
          span,
        ),
      );
  }
  return { paths, diagnostics };
}

function failure(message: string, isFatal: boolean, span: Span): Diagnostic {
  return { severity: isFatal ? 'fatal' : 'warning', code: 'include-failed', message, span };
}

/** keepalived reads an included file with that file's folder as its working directory. */
function besides(file: string, pattern: string): string {
  if (pattern.startsWith('/')) return pattern;
  const slash = file.lastIndexOf('/');
  return slash === -1 ? pattern : file.slice(0, slash + 1) + pattern;
}

function endOf(line: Line): number {
  const last = line.findLast(({ kind }) => kind !== 'comment' && kind !== 'newline');
  return last === undefined ? 0 : last.start + last.text.length;
}
