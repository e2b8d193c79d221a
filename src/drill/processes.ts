/** Looking at and ending a daemon with all its processes, by /proc. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** The process and everything descended from it, parents first. */
export function processTree(rootPid: number): readonly number[] {
  const parents = new Map(allProcesses().map((pid) => [pid, parentOf(pid)] as const));
  const tree = parents.has(rootPid) ? [rootPid] : [];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  return tree;
}

/**
 * As when the machine dies: no process gets to see the end of another, and none is started again. The first is stopped,
 * so that nobody notices anything, then the others are killed, then the first.
 */
export function killTree(rootPid: number): void {
  signal(rootPid, 'SIGSTOP');
  for (const pid of processTree(rootPid).slice(1)) signal(pid, 'SIGKILL');
  signal(rootPid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // ESRCH: it has ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * The memory that the processes hold together, in KiB, each page frame counted once: their proportional set sizes added
 * up, as if nobody else on the machine had the same program open. Needs root: others may not see page frame numbers.
 */
export function residentTogetherKib(pids: readonly number[]): number {
  const frames = new Set<bigint>();
  for (const pid of pids) addPageFrames(pid, frames);
  return frames.size * (pageBytes / 1024);
}

const pageBytes = 4096;
const entryBytes = 8;

/** Linux, Documentation/admin-guide/mm/pagemap.rst: bit 63 of an entry says present, bits 0 to 54 are the frame. */
function addPageFrames(pid: number, frames: Set<bigint>): void {
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    for (const [start, end] of mappings(pid)) {
      const entries = Buffer.alloc(((end - start) / pageBytes) * entryBytes);
      const length = readSync(pagemap, entries, 0, entries.length, (start / pageBytes) * entryBytes);
      for (let at = 0; at + entryBytes <= length; at += entryBytes) {
        const entry = entries.readBigUInt64LE(at);
        if (entry >> 63n === 1n) frames.add(entry & ((1n << 55n) - 1n));
      }
    }
  } finally {
    closeSync(pagemap);
  }
}

/** Without the kernel's own pages, which every process sees, and reserved address space, which holds none. */
function mappings(pid: number): readonly (readonly [number, number])[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const parts = /^([0-9a-f]+)-([0-9a-f]+) (....) .*?(\[v\w+\])?$/.exec(line);
    if (parts === null || parts[4] !== undefined || parts[3]?.startsWith('---')) return [];
    return [[Number.parseInt(parts[1] ?? '', 16), Number.parseInt(parts[2] ?? '', 16)] as const];
  });
}

function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold spaces and parentheses of its own: count from its end.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    // It ended while we looked.
    return undefined;
  }
}
