/**
 * Pid files: written whole or not at all, and held by one daemon. Node.js has no flock(2), with which keepalived locks
 * its own; here link(2) makes the name exactly once, and /proc tells whether the process of an existing file still lives.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { errorCode } from './logger/error-code.ts';

/** Another daemon of ours holds the pid file. */
export class AlreadyRunningError extends Error {
  readonly pid: number;

  constructor(path: string, pid: number) {
    super(`daemon is already running (pid ${pid} in ${path})`);
    this.name = 'AlreadyRunningError';
    this.pid = pid;
  }
}

/** A process can be this much younger than its pid file's time stamp says: clocks of 10 ms ticks and whole seconds. */
const startToleranceMs = 2000;

/** Linux shows process times in these to every program, whatever the kernel's own HZ. */
const ticksPerSecond = 100;

const attempts = 5;

/**
 * Makes `path` this process's pid file. A file whose process is gone, or whose number another program has by now, is
 * replaced. Throws AlreadyRunningError, or the system's error where the file cannot be written.
 */
export function claimPidFile(path: string): void {
  const own = writeTemporary(path, process.pid);
  try {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (linkOnce(own, path)) return;
      removeIfStale(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  throw new Error(`cannot claim ${path}: others keep replacing it`);
}

/** Writes `pid` into `path` in one step, whatever was there. For the children, whose daemon holds the lock. */
export function writePidFile(path: string, pid: number): void {
  renameSync(writeTemporary(path, pid), path);
}

/** Removes `path` if it names `pid`: a successor's file stays. */
export function removePidFile(path: string, pid: number): void {
  if (readPid(path) === pid) rmSync(path, { force: true });
}

function writeTemporary(path: string, pid: number): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${pid}\n`, { mode: 0o644 });
  return temporary;
}

function linkOnce(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two daemons may find the same stale file: renaming it away first lets one of them win. Should the loser have moved
 * the winner's fresh file, it puts it back.
 */
function removeIfStale(path: string): void {
  const pid = readPid(path);
  if (pid !== undefined && isDaemonOf(path, pid)) throw new AlreadyRunningError(path, pid);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readPid(aside);
  if (moved !== pid && moved !== undefined && isDaemonOf(aside, moved)) linkOnce(aside, path);
  rmSync(aside, { force: true });
}

/** The number in a pid file; undefined where there is no file or no number in it. */
function readPid(path: string): number | undefined {
  const text = readOptional(path)?.trim();
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** Whether the process `pid` lives, is one of ours, and is not younger than the file that names it. */
function isDaemonOf(path: string, pid: number): boolean {
  if (pid === process.pid) return false;
  const startedAtMs = processStartMs(pid);
  const commandLine = readOptional(`/proc/${pid}/cmdline`);
  if (startedAtMs === undefined || commandLine === undefined) return false;
  if (!commandLine.includes('holdfast')) return false;
  return startedAtMs <= modifiedAtMs(path) + startToleranceMs;
}

/** When a process began, in milliseconds of the wall clock; undefined when it is gone or a zombie. */
function processStartMs(pid: number): number | undefined {
  const stat = readOptional(`/proc/${pid}/stat`);
  const bootSeconds = /^btime (\d+)$/m.exec(readOptional('/proc/stat') ?? '')?.[1];
  if (stat === undefined || bootSeconds === undefined) return undefined;
  // proc(5): the name is in parentheses and may hold anything; state is the third field, starttime the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return Number(bootSeconds) * 1000 + (Number(fields[19]) * 1000) / ticksPerSecond;
}

function modifiedAtMs(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    // Renamed away in between: as new as can be, and the next attempt looks again.
    if (errorCode(error) === 'ENOENT') return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    // ESRCH: the process ended while its /proc file was open.
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
