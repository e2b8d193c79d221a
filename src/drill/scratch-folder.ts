/** Temporary folders of a run: private, removed at its end, and those of runs that were killed removed by the next. */
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './cleanup.ts';

export interface ScratchFolder {
  readonly path: string;
  readonly remove: () => void;
}

const ownName = /^holdfast-drill-(\d+)-/;

export function makeScratchFolder(): ScratchFolder {
  removeAbandoned();
  const path = mkdtempSync(join(tmpdir(), `holdfast-drill-${process.pid}-`));
  writeFileSync(join(path, ownerFile), processWorld());
  return { path, remove: atExit(() => rmSync(path, { recursive: true, force: true })) };
}

/** True while a process with this id runs, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const ownerFile = '.owner';

/** Where a process id means what it means here: this boot of this kernel, this namespace of processes. */
function processWorld(): string {
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
}

/** Whether a folder was made in our own world, so that a dead owner is a dead owner. */
function isOfThisWorld(path: string): boolean {
  try {
    return readFileSync(join(path, ownerFile), 'utf8') === processWorld();
  } catch {
    // It has no such file: made by something older, or being made just now.
    return false;
  }
}

/** An hour is longer than any run: a process id that means nothing here may be alive in somebody else's container. */
const abandonedAfterMs = 3_600_000;

function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = ownName.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(tmpdir(), name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
    if (isOfThisWorld(path) || Date.now() - found.mtimeMs > abandonedAfterMs)
      rmSync(path, { recursive: true, force: true });
  }
}
