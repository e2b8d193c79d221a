/** Remembers, in .holdfast/, from which sources a result was made, so that it is made again only when they change. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A hash over names and contents of the files, and of all files in the folders, given relative to the root. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((one) => filesIn(one))) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Every file below the path, sorted; generated ones are results, not sources. */
export function filesIn(path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => name !== 'generated')
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

export function isStamped(name, value) {
  const file = stampFile(name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

export function stamp(name, value) {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), value);
}

function stampFile(name) {
  return join(root, '.holdfast', name);
}
