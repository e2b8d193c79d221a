/** Where a program is, whether an account may execute it, and who else could change it. Follows links; runs nothing. */
import { realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

export type FoundProgram =
  | { readonly ok: true; readonly path: string; readonly facts: Stats }
  | { readonly ok: false; readonly error: string };

/** What keepalived searches, and then where Debian and others keep administration programs. */
const searchedWithout = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A name without a slash is searched for in `searchPath`, as execvp(3) does. Relative paths count from `/`. */
export function findProgram(program: string, searchPath: string | undefined): FoundProgram {
  if (program.includes('/')) return statProgram(isAbsolute(program) ? program : join('/', program));
  for (const folder of (searchPath || searchedWithout).split(':')) {
    if (!isAbsolute(folder)) continue;
    const found = statProgram(join(folder, program));
    if (found.ok) return found;
  }
  return { ok: false, error: `no folder of PATH has a program "${program}"` };
}

function statProgram(path: string): FoundProgram {
  try {
    const facts = statSync(path);
    return facts.isFile() ? { ok: true, path, facts } : { ok: false, error: `${path} is not a regular file` };
  } catch (error) {
    return { ok: false, error: `${path}: ${errorCode(error)}` };
  }
}

/** The path without links; itself where that cannot be found out. */
export function resolveLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** By the mode and not by access(2), which answers for us and not for the account that it is to run as. */
export function mayExecute(facts: Stats, account: { uid: number; gids: readonly number[] }): boolean {
  const { mode, uid, gid } = facts;
  if (account.uid === 0) return (mode & 0o111) !== 0;
  if (account.uid === uid) return (mode & 0o100) !== 0;
  return (mode & (account.gids.includes(gid) ? 0o010 : 0o001)) !== 0;
}

/**
 * Why others than root could change what runs under `path`: the file itself or a folder above it, as one clause. Undefined
 * when only root can.
 */
export function whoElseCanChange(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    const weakness = weaknessOf(at);
    if (weakness !== undefined) return weakness;
    if (dirname(at) === at) return undefined;
  }
}

function weaknessOf(path: string): string | undefined {
  let facts: Stats;
  try {
    facts = statSync(path);
  } catch (error) {
    return `${path} cannot be examined (${errorCode(error)})`;
  }
  const mode = (facts.mode & 0o7777).toString(8).padStart(4, '0');
  if (facts.uid !== 0) return `${path} belongs to user ${facts.uid} (mode ${mode})`;
  // In a folder with the sticky bit, such as /tmp, nobody can replace what is somebody else's.
  if (facts.isDirectory() && (facts.mode & 0o1000) !== 0) return undefined;
  if ((facts.mode & 0o002) !== 0) return `${path} can be written by everybody (mode ${mode})`;
  if (facts.gid !== 0 && (facts.mode & 0o020) !== 0) {
    return `${path} can be written by group ${facts.gid} (mode ${mode})`;
  }
  return undefined;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
