/**
 * The lab's network namespaces: one a machine, one for the switch, with names that carry this process's id, so that those
 * of a run that was killed are known and removed by the next. What is in them is not this file's business.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { atExit } from '../cleanup.ts';
import { requireProgram } from '../run-program.ts';
import { isAlive } from '../scratch-folder.ts';

export const switchName = 'switch';

export interface Namespaces {
  readonly prefix: string;
  readonly nameOf: (machine: string) => string;
  /** Ends everything that runs in them and removes them, at most once. */
  readonly remove: () => void;
}

let built = 0;

/** Makes one for each machine and one for the switch. */
export async function addNamespaces(machines: readonly string[]): Promise<Namespaces> {
  removeAbandonedNamespaces();
  built += 1;
  const prefix = `hfd-${process.pid}-${built}-`;
  const nameOf = (machine: string): string => `${prefix}${machine}`;
  const names = [...machines, switchName].map(nameOf);
  const remove = atExit(() => removeNamespaces(names));
  try {
    await ipBatch(
      [],
      names.map((name) => `netns add ${name}`),
    );
  } catch (error) {
    remove();
    throw error;
  }
  return { prefix, nameOf, remove };
}

/** One `ip` process for many commands: in the embedded kernel each costs dear. */
export async function ipBatch(options: readonly string[], lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await requireProgram('ip', [...options, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Those of this process, or of any drill where none is named. */
export function namespacesLeft(prefix: string): readonly string[] {
  return namespaces().filter((name) => name.startsWith(prefix));
}

const ownNamespace = /^hfd-(\d+)-/;

/** Those of drills that were killed before they could clean up; returns their names. */
export function removeAbandonedNamespaces(): readonly string[] {
  const abandoned = namespaces().filter((name) => {
    const pid = ownNamespace.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  removeNamespaces(abandoned);
  return abandoned;
}

function namespaces(): readonly string[] {
  try {
    return readdirSync('/run/netns');
  } catch {
    // `ip netns add` makes the folder when it is first needed.
    return [];
  }
}

function removeNamespaces(names: readonly string[]): void {
  const there = new Set(namespaces());
  const present = names.filter((name) => there.has(name));
  if (present.length === 0) return;
  for (const name of present) killProcessesIn(name);
  const input = present.map((name) => `netns delete ${name}\n`).join('');
  const result = spawnSync('ip', ['-batch', '-'], { input, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`cannot remove network namespaces: ${result.stderr.trim()}`);
}

export function processesIn(namespace: string): readonly number[] {
  const result = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

function killProcessesIn(namespace: string): void {
  for (const pid of processesIn(namespace)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: it ended meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
