/** Runs a program to its end, without a shell, within a time limit. What the program means is the caller's business. */
import { execFile } from 'node:child_process';

export interface ProgramResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly input?: string;
  /** 30 s unless told. The program is killed when it runs longer, which counts as a failure. */
  readonly timeoutMs?: number;
}

/** Runs `file` and returns what came of it; a status other than 0 is an answer, not an error. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const limits = {
      timeout: options.timeoutMs ?? 30_000,
      killSignal: 'SIGKILL',
      maxBuffer: 64 << 20,
    } as const;
    const child = execFile(file, args, limits, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ status: error.code, stdout, stderr });
      else reject(new Error(`${commandLine(file, args)}: ${error.killed ? 'took too long' : error.message}`));
    });
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(options.input ?? '');
  });
}

/** As `runProgram`, but anything other than status 0 is an error that carries the program's own words. */
export async function requireProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const result = await runProgram(file, args, options);
  if (result.status === 0) return result.stdout;
  const said = (result.stderr || result.stdout).trim();
  throw new Error(`${commandLine(file, args)}: exit status ${result.status}${said && `: ${said}`}`);
}

function commandLine(file: string, args: readonly string[]): string {
  return [file, ...args].join(' ');
}
