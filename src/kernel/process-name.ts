/**
 * proc(5), /proc/self/comm: the name that `ps -e`, top, pgrep(1) and killall(1) know a process by. As with keepalived the command line,
 * which `ps -f` shows, stays: a pid file's process and a drill's are known by it.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Takes at most 15 bytes; undefined is our own name again. Throws the system's error. */
export function nameProcess(name: string | undefined): void {
  // Not by process.title, which is the command line as well, and never longer than the one that the process was started with.
  writeFileSync('/proc/self/comm', name ?? process.title);
}
