/** Small programs in a folder of their own that only root can write to, gone after the test. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { ScriptSecurityConfig } from '../../../src/config-parser/config.ts';

export const isRoot = process.geteuid?.() === 0;

export const plainSecurity: ScriptSecurityConfig = {
  defaultUser: 'root',
  refusesWritable: false,
  useSymlinkPaths: false,
  setSupplementaryGroups: false,
};

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-scripts-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export function writeScript(folder: string, name: string, body: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
  return path;
}

export function subfolder(folder: string, name: string, mode: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

/** Polls, for what another process does; the caller's test fails by its time limit when it never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether a process is there and is no zombie. */
export function isAlive(pid: number): boolean {
  return stateOf(pid) !== undefined && stateOf(pid) !== 'Z';
}

/** The letter of proc(5): /proc/pid/stat; undefined when there is no such process. */
export function stateOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3);
  } catch {
    return undefined;
  }
}
