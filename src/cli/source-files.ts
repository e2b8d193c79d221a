/** The configuration's files as the parser wants them: text by name, with refusals in words. */
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ReadResult, SourceReader } from '../config-parser/index.ts';
import { errorCode } from '../daemon/logger/index.ts';
import { expandGlob, isPattern } from './glob.ts';

/** A configuration of more than this is a mistake, such as a log file named instead. */
const largestBytes = 64 * 1024 * 1024;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

export interface SourceFilesOptions {
  /** `main` may be a pipe, as in `holdfast lint <(generate)`; a pipe could keep the daemon waiting for ever. */
  readonly readsPipes?: boolean;
}

/**
 * Reads from this host's file system. keepalived(8) lets -f be a pattern: `main` with several matches reads as a text
 * that includes each of them.
 */
export function sourceFiles(main: string, { readsPipes = false }: SourceFilesOptions = {}): SourceReader {
  return {
    read: (path) => {
      if (path !== main) return readOne(path);
      return isPattern(main) ? readPattern(main) : readOne(main, readsPipes);
    },
    glob: expandGlob,
  };
}

function readPattern(pattern: string): ReadResult {
  // The name as it stands comes first: brackets are allowed in names.
  const asName = readOne(pattern);
  const matches = 'text' in asName ? [] : expandGlob(pattern);
  if (matches.length === 0) return asName;
  return { text: matches.map((path) => `includea ${resolve(path)}\n`).join('') };
}

function readOne(path: string, readsPipes = false): ReadResult {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { error: 'it is a directory', isSkipped: true };
    if (readsPipes && status.isFIFO()) return { text: readFileSync(path, 'utf8') };
    // A pipe or a socket could keep the daemon waiting for ever.
    if (!status.isFile()) return { error: 'it is not a regular file', isSkipped: true };
    if ((status.mode & 0o111) !== 0) {
      return { error: 'it is executable, and so taken for a program', isSkipped: true };
    }
    if (status.size > largestBytes) return { error: `it is larger than ${largestBytes} bytes` };
    return { text: readFileSync(path, 'utf8') };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    return { error: reasons[code] ?? code, ...(isMissing && { isMissing }) };
  }
}
