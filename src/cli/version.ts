/** The version of this holdfast, from its package. */
import { readFileSync } from 'node:fs';

/** Such as `0.1.0`. Works from `src/cli` and from `dist/cli` alike. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version?: unknown };
  if (typeof version !== 'string') throw new Error('package.json has no version');
  return version;
}
