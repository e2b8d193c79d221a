/** By what virtual servers, real servers and checkers are the same before and after a reload. */
import type { CheckerConfig, RealServerConfig } from '../config-parser/config.ts';

/** What a virtual server knows its real server by. */
export function realServerKey(server: Pick<RealServerConfig, 'address' | 'port'>): string {
  return `${server.address} ${server.port}`;
}

/**
 * What is asked of whom, in short: `TCP_CHECK 1f3k9z…`. Timing, `alpha` and what is logged are left out: a shorter `delay_loop`
 * does not make a known verdict unknown.
 */
export function checkerKey(checker: CheckerConfig): string {
  const { timing: _timing, alpha: _alpha, logAllFailures: _log, ...definition } = checker;
  return `${checker.kind} ${digestOf(definitionText(definition))}`;
}

/** The same text for equal plain data, whatever the order of its members; undefined members count as absent. */
export function definitionText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(definitionText).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${definitionText(member)}`).join()}}`;
}

/** Whether `definitionText` would be the same, without making any text: a reload compares everything that there is. */
export function isSameDefinition(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const [first, second] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let members = 0;
  for (const name in first) {
    if (!isSameDefinition(first[name], second[name])) return false;
    if (first[name] !== undefined) members += 1;
  }
  for (const name in second) if (second[name] !== undefined) members -= 1;
  return members === 0;
}

/**
 * Two 32-bit FNV-1a hashes with different beginnings, in base 36. It tells apart the few checkers of one server; nobody gains by
 * making two of them collide.
 */
function digestOf(text: string): string {
  const [first, second] = [fnv1a(text, 0x811c9dc5), fnv1a(text, 0x01234567)];
  return `${first.toString(36)}${second.toString(36)}`;
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
