/** glob(3) with brace expansion, as keepalived finds files: `*`, `?`, `[a-z]`, `{a,b}`; sorted; no shell involved. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../daemon/logger/index.ts';

/** So many alternatives of braces at most: `{a,b}{a,b}...` doubles with each pair. */
const mostAlternatives = 1000;

/** Paths that match `pattern`, relative where it is relative. What cannot be listed matches nothing, as in glob(3). */
export function expandGlob(pattern: string): readonly string[] {
  const found = expandBraces(pattern).flatMap((alternative) => {
    const start = alternative.startsWith('/') ? '/' : '';
    const segments = alternative.split('/').filter((segment) => segment !== '');
    return segments.length === 0 ? [] : matchSegments(start, segments);
  });
  return [...new Set(found)].sort();
}

/** Whether a path is a pattern at all. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The innermost pair of braces first, until there are none left. */
function expandBraces(pattern: string): readonly string[] {
  let patterns = [pattern];
  while (patterns.length < mostAlternatives) {
    const next = patterns.flatMap(expandOnePair);
    if (next.length === patterns.length && next.every((text, index) => text === patterns[index])) break;
    patterns = next;
  }
  return patterns;
}

function expandOnePair(pattern: string): readonly string[] {
  const pair = /\{([^{}]*)\}/.exec(pattern);
  if (pair === null) return [pattern];
  const before = pattern.slice(0, pair.index);
  const after = pattern.slice(pair.index + pair[0].length);
  return (pair[1] ?? '').split(',').map((alternative) => before + alternative + after);
}

function matchSegments(folder: string, segments: readonly string[]): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  const matches = matcherOf(segment);
  return listFolder(folder)
    .filter((name) => matches(name))
    .flatMap((name) => matchSegments(join(folder, name), rest));
}

/** `.` and `..` are not among what a folder lists, but a path may go through them. */
function listFolder(folder: string): readonly string[] {
  try {
    return ['.', '..', ...readdirSync(folder === '' ? '.' : folder)];
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}

function matcherOf(segment: string): (name: string) => boolean {
  if (!/[*?[]/.test(segment)) return (name) => name === segment;
  const expression = new RegExp(`^${toRegularExpression(segment)}$`, 'su');
  // glob(3): a leading dot must be asked for.
  return (name) => (segment.startsWith('.') || !name.startsWith('.')) && expression.test(name);
}

function toRegularExpression(segment: string): string {
  return segment.replace(/\[[!^]?\]?[^\]]*\]|[\s\S]/gu, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return characterClass(part);
    return part.replace(/[\\^$.*+?()[\]{}|/-]/u, '\\$&');
  });
}

function characterClass(part: string): string {
  const isNegated = /^\[[!^]/.test(part);
  const members = part.slice(isNegated ? 2 : 1, -1).replace(/[\\\][^]/gu, '\\$&');
  return isNegated ? `[^${members}]` : `[${members}]`;
}
