/** Where holdfast is installed: a module's own place does not say, since it may be part of a bundle at another depth. */
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
}

interface Package {
  /** The folder that has package.json; ends with a slash. */
  readonly root: URL;
  /** Such as `0.1.0`. */
  readonly version: string;
}

/** Deep enough for every folder of `src` and `dist`. */
const deepest = 6;

let found: Package | undefined;

/** Throws where no package.json of holdfast is above this file. */
export function holdfastPackage(): Package {
  found ??= find();
  return found;
}

function find(): Package {
  let folder = new URL('.', import.meta.url);
  for (let depth = 0; depth < deepest; depth += 1) {
    const { name, version } = readManifest(new URL('package.json', folder));
    if (name === 'holdfast' && typeof version === 'string') return { root: folder, version };
    folder = new URL('..', folder);
  }
  throw new Error(`package.json of holdfast is not above ${import.meta.url}`);
}

function readManifest(file: URL): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
