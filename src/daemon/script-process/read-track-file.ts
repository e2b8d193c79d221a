/** What a track file holds at this moment, and its first content. Never waits for the other end of a pipe. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TrackFileConfig } from '../../config-parser/config.ts';
import type { FileContent } from '../../tracking/index.ts';
import { mostFileBytes } from '../../tracking/index.ts';

const missing = new Set(['ENOENT', 'ENOTDIR']);

export async function readTrackFile(path: string): Promise<FileContent> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostFileBytes), 0, mostFileBytes, 0);
      return { kind: 'text', text: buffer.toString('latin1', 0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errorCode(error);
    return missing.has(code) ? { kind: 'missing' } : { kind: 'unreadable', error: code };
  }
}

/** keepalived.conf(5): init_file. Returns what went wrong. */
export function writeFirstContent({ path, initial }: TrackFileConfig): string | undefined {
  if (initial === undefined) return undefined;
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_NONBLOCK } = constants;
  const flags = O_WRONLY | O_CREAT | O_NONBLOCK | (initial.overwrite ? O_TRUNC : O_EXCL);
  try {
    const descriptor = openSync(path, flags, 0o644);
    try {
      writeSync(descriptor, `${initial.value}\n`);
    } finally {
      closeSync(descriptor);
    }
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    return code === 'EEXIST' && !initial.overwrite ? undefined : code;
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
