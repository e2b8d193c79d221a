/** The version of this holdfast, from its package. */
import { existsSync, readFileSync } from 'node:fs';

/** From `src/cli`, `dist/cli` and `dist/bundled`, and from `dist` itself. */
const places = ['../../package.json', '../package.json'];

/** Such as `0.1.0`. */
export function readVersion(): string {
  for (const place of places) {
    const file = new URL(place, import.meta.url);
    if (!existsSync(file)) continue;
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
    if (name === 'holdfast' && typeof version === 'string') return version;
  }
  throw new Error('package.json of holdfast is not where it should be');
}
