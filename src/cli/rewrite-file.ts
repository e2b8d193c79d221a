/** Replaces a file's text so that whoever reads it sees the old text or the new one, never half of either. */
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/** Keeps mode and owner; of a symbolic link the file that it leads to is replaced. Throws what the system says. */
export function rewriteFile(path: string, text: string): void {
  const target = realpathSync(path);
  const { mode, uid, gid } = statSync(target);
  const draft = `${target}.holdfast-${process.pid}`;
  // Nobody else may read it until it has the owner and the mode of what it replaces.
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeAll(file, text);
    chownSync(draft, uid, gid);
    chmodSync(draft, mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
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
