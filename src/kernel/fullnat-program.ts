/** Runs a packet filter's program, without a shell and within a time limit, and says in one sentence what went wrong. */
import { execFile } from 'node:child_process';
import type { FilterResult } from './fullnat-backend.ts';

export interface FilterProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  /** For its standard input. */
  readonly input?: string;
  /** Debian's package that has it. */
  readonly package: string;
}

const timeoutMs = 10_000;
/** A listing of tens of thousands of servers. */
const mostOutputBytes = 64 << 20;

/** What it wrote to its standard output. Never rejects. */
export function runFilterProgram(command: FilterProgram): Promise<FilterResult<string>> {
  const { program, arguments: words, input = '' } = command;
  const settings = {
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    maxBuffer: mostOutputBytes,
    // What it says is read: it must be said in one language.
    env: { PATH: pathWithSbin(), LC_ALL: 'C' },
  } as const;
  return new Promise((resolve) => {
    const child = execFile(program, words, settings, (error, stdout, stderr) => {
      if (error === null) resolve({ ok: true, value: stdout });
      else resolve({ ok: false, problem: problemOf(command, error, stderr) });
    });
    // EPIPE when it ends before it has read everything: its exit status says why.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(input);
  });
}

/** A service may have been given a path without the folders of administration. */
function pathWithSbin(): string {
  const given = process.env['PATH'] ?? '';
  return `${given === '' ? '' : `${given}:`}/usr/sbin:/sbin:/usr/bin:/bin`;
}

function problemOf(
  { program, package: packageName }: FilterProgram,
  error: Error & { code?: number | string | null; killed?: boolean },
  stderr: string,
): string {
  if (error.code === 'ENOENT') return `there is no program ${program} (Debian package ${packageName})`;
  if (error.killed) return `${program} took too long and was stopped`;
  const [said = ''] = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Warning'));
  return `${program} says "${said.replace(/^\/dev\/stdin:/, 'line ').trim() || error.message}"`;
}
