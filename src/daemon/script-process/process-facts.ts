/** What proc(5) says of a process, read when it is asked for. A process that is gone, or is a zombie, has no name. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessFacts } from '../../tracking/index.ts';

export class ProcFacts implements ProcessFacts {
  readonly pid: number;
  #name: string | undefined;
  #commandLine: readonly string[] | undefined;

  constructor(pid: number) {
    this.pid = pid;
  }

  get name(): string {
    this.#name ??= nameInStat(readText(`/proc/${this.pid}/stat`));
    return this.#name;
  }

  get commandLine(): readonly string[] {
    this.#commandLine ??= splitCommandLine(readText(`/proc/${this.pid}/cmdline`));
    return this.#commandLine;
  }

  get executable(): string {
    try {
      return readlinkSync(`/proc/${this.pid}/exe`);
    } catch {
      // It is gone, or is a thread of the kernel, which is no file.
      return '';
    }
  }
}

/** The numbers of all processes there are. */
export function listProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => entry >= '1' && entry < ':')
    .map(Number);
}

/** `1234 (name) S …`; the name may hold anything, also parentheses. */
export function nameInStat(text: string): string {
  const end = text.lastIndexOf(')');
  const state = text.slice(end + 2, end + 3);
  return end < 0 || state === 'Z' || state === 'X' ? '' : text.slice(text.indexOf('(') + 1, end);
}

/** Each argument ends with a NUL. */
export function splitCommandLine(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

/** Empty when the process is gone. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
