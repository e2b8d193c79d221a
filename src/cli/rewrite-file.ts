/** Replaces a file's text so that whoever reads it sees the old text or the new one, never half of either. */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { notUtf8 } from './read-text.ts';

export interface Rewriting {
  /** What was read from the file. */
  readonly before: string;
  readonly after: string;
}

/**
 * Keeps mode and owner; of a symbolic link the file that it leads to is replaced. Throws what the system says, and where
 * the file no longer holds `before`, byte for byte: somebody else's change would be lost, or what reading could not keep.
 */
export function rewriteFile(path: string, { before, after }: Rewriting): void {
  if (!statSync(path).isFile()) throw new Error('it is not a regular file');
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  checkUnchanged(readFileSync(target), before);
  // A hidden name: `include conf.d/*` does not find it.
  const draft = join(dirname(target), `.holdfast-${randomUUID()}`);
  // Nobody else may read it until it has the owner and the mode of what it replaces.
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeAll(file, after);
    chownSync(draft, uid, gid);
    chmodSync(draft, mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function checkUnchanged(now: Uint8Array, before: string): void {
  const expected = new TextEncoder().encode(before);
  if (now.length === expected.length && now.every((byte, index) => byte === expected[index])) return;
  const isSameText = new TextDecoder('utf-8', { ignoreBOM: true }).decode(now) === before;
  throw new Error(isSameText ? notUtf8 : 'it has changed since it was read');
}

function writeAll(file: number, text: string): void {
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
