/** keepalived.conf(5): include and its variants, which differ in what they take for a failure, and include_check. */
import type { Diagnostic, Span } from './diagnostics.ts';
import { expandBraces } from './expand-braces.ts';
import type { Source } from './source.ts';
import type { ReadFailure, SourceReader } from './source-reader.ts';

/** What is a failure, and not only worth a warning. */
export interface IncludeCheck {
  /** A file that cannot be read. */
  readonly read: boolean;
  /** A path, or a pattern without wildcards, that matches nothing. */
  readonly match: boolean;
  /** A pattern with wildcards that matches nothing. */
  readonly wildcard: boolean;
  /** One of several alternatives in braces that matches nothing. */
  readonly brace: boolean;
}

export const noCheck: IncludeCheck = { read: false, match: false, wildcard: false, brace: false };
export const fullCheck: IncludeCheck = { read: true, match: true, wildcard: true, brace: true };

/** Undefined for plain `include`, which does as include_check says. */
const variants: ReadonlyMap<string, IncludeCheck | undefined> = new Map<string, IncludeCheck | undefined>([
  ['include', undefined],
  ['includer', { ...noCheck, read: true }],
  ['includem', { ...noCheck, read: true, match: true }],
  ['includew', { ...noCheck, read: true, match: true, wildcard: true }],
  ['includeb', { ...noCheck, read: true, brace: true }],
  ['includea', fullCheck],
]);

export const includeKeywords: ReadonlySet<string> = new Set(variants.keys());

const checkWords: Readonly<Record<string, keyof IncludeCheck>> = {
  read: 'read',
  match: 'match',
  wildcard_match: 'wildcard',
  brace_match: 'brace',
};

/** The words after `include_check`; those that it does not know change nothing and are reported with the keyword. */
export function changeCheck(check: IncludeCheck, words: readonly string[]): IncludeCheck {
  if (words.length === 0) return fullCheck;
  let changed = check;
  for (const [index, word] of words.entries()) {
    const sign = /^[+-]/.exec(word)?.[0];
    const name = Object.hasOwn(checkWords, sign === undefined ? word : word.slice(1))
      ? checkWords[sign === undefined ? word : word.slice(1)]
      : undefined;
    // Only the first word may set; keepalived clears what was set before even where it does not know the word
    if (sign === undefined && index === 0) changed = noCheck;
    if (name === undefined || (sign === undefined && index > 0)) continue;
    changed = { ...changed, ...(sign === undefined && { read: true }), [name]: sign !== '-' };
  }
  return changed;
}

export interface IncludeLine {
  readonly keyword: string;
  /** The rest of the line; quotes are part of it. */
  readonly pattern: string;
  readonly span: Span;
  /** The file that is being read. */
  readonly file: string;
}

/** The include that a line's content is, if it is one. */
export function includeOf(
  content: string,
): { readonly keyword: string; readonly pattern: string } | undefined {
  const match = /^[ \t]*(include[a-z]?)(?:[ \t]+(.*))?$/.exec(content);
  const keyword = match?.[1];
  if (keyword === undefined || !includeKeywords.has(keyword)) return undefined;
  return { keyword, pattern: match?.[2] ?? '' };
}

export interface IncludeOptions {
  readonly files: SourceReader;
  /** What holds for plain `include`. */
  readonly check: IncludeCheck;
  /** keepalived(8): -e, --all-config. */
  readonly includeAll: boolean;
}

export interface Included {
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The texts that an include line stands for, in order. */
export function resolveInclude(line: IncludeLine, options: IncludeOptions): Included {
  const { keyword, pattern, span, file } = line;
  if (pattern === '') {
    const message = `"${keyword}" needs a path or a pattern`;
    return { sources: [], diagnostics: [{ severity: 'error', code: 'missing-argument', message, span }] };
  }
  const check = options.includeAll ? fullCheck : (variants.get(keyword) ?? options.check);
  return new Includer(span, check, options.files).readAll(besides(file, pattern));
}

class Includer {
  private readonly sources: Source[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private readonly span: Span;
  private readonly check: IncludeCheck;
  private readonly files: SourceReader;

  constructor(span: Span, check: IncludeCheck, files: SourceReader) {
    this.span = span;
    this.check = check;
    this.files = files;
  }

  readAll(pattern: string): Included {
    const alternatives = expandBraces(pattern);
    const isWildcard = /[*?[]/.test(pattern);
    const hasBraces = alternatives.length > 1;
    if (isWildcard && this.files.glob === undefined) {
      const message = `patterns cannot be expanded here, found "${pattern}"; nothing is included`;
      this.diagnostics.push({ severity: 'error', code: 'include-failed', message, span: this.span });
      return this.result();
    }
    const missing = alternatives.filter((path) => !this.readAlternative(path, hasBraces));
    if (missing.length === 0) return this.result();
    const isPartly = missing.length < alternatives.length;
    const isFailure =
      (hasBraces && this.check.brace) || (!isPartly && (isWildcard ? this.check.wildcard : this.check.match));
    const rest = isPartly ? 'it is left out' : 'nothing is included';
    const reason = isPartly ? 'partly' : isWildcard ? 'unmatched' : 'missing';
    this.fail(`no file matches "${isPartly ? missing.join('", "') : pattern}"; ${rest}`, isFailure, reason);
    return this.result();
  }

  /** False when the alternative matches nothing at all, which is told of all alternatives together. */
  private readAlternative(path: string, isOneOfSeveral: boolean): boolean {
    if (!/[*?[]/.test(path)) return this.readOne(path, isOneOfSeveral);
    const names = this.files.glob?.(path) ?? [];
    for (const name of names) this.readOne(name, false);
    return names.length > 0;
  }

  private readOne(name: string, isOneOfSeveral: boolean): boolean {
    const result = this.files.read(name);
    if ('text' in result) {
      this.sources.push({ name, text: result.text, includedFrom: this.span });
      return true;
    }
    if (isOneOfSeveral && result.isSkipped !== true) return false;
    this.fail(`cannot include ${name}: ${result.error}`, this.isFailure(result), reasonOf(result));
    return true;
  }

  /** A path that leads nowhere matches nothing; a file that is there and cannot be read is another matter. */
  private isFailure({ isMissing, isSkipped }: ReadFailure): boolean {
    if (isMissing === true) return this.check.match;
    return this.check.read || (isSkipped !== true && isMissing === undefined && this.check.match);
  }

  private fail(message: string, isFatal: boolean, reason: string): void {
    this.diagnostics.push({
      severity: isFatal ? 'fatal' : 'warning',
      code: 'include-failed',
      reason,
      message,
      span: this.span,
    });
  }

  private result(): Included {
    return { sources: this.sources, diagnostics: this.diagnostics };
  }
}

function reasonOf({ isMissing, isSkipped }: ReadFailure): string {
  if (isSkipped === true) return 'skipped';
  return isMissing === true ? 'missing' : 'unreadable';
}

/** keepalived reads an included file with that file's folder as its working directory. */
function besides(file: string, pattern: string): string {
  if (pattern.startsWith('/')) return pattern;
  const slash = file.lastIndexOf('/');
  return slash === -1 ? pattern : file.slice(0, slash + 1) + pattern;
}
