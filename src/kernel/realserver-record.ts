/** The file that says what was changed on a real server: whole or not there, and for root alone to write and to read. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { emptyRecord, formatRecord, parseRecord, type RealServerRecord } from '../realserver/index.ts';
import { codeOf } from './netlink/index.ts';

/** It holds something that we have not written. */
export class UnreadableRecordError extends Error {}

/** The empty record where there is no file. Throws UnreadableRecordError, or what the system says. */
export function readRecord(path: string): RealServerRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return emptyRecord;
    throw error;
  }
  const record = parseRecord(text);
  if (record === undefined) {
    throw new UnreadableRecordError(
      `${path} does not hold what was changed on this host, so nothing can be undone by it; look at it and remove it`,
    );
  }
  return record;
}

/** Replaces the file in one step; the empty record is none. Throws what the system says. */
export function writeRecord(path: string, record: RealServerRecord): void {
  if (record.virtualAddresses.length === 0 && record.changes.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, formatRecord(record), { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
