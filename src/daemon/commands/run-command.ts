/**
 * Runs one prepared command: its own process group, nothing inherited that could change what it does, an end by force when it
 * takes too long.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { type CommandProblem, refused } from './command-problem.ts';
import type { PreparedCommand } from './prepare-command.ts';

export interface RunOptions {
  /** After the command's own arguments. */
  readonly extraArguments?: readonly string[];
  /** Undefined lets it run for as long as it likes. */
  readonly timeoutMs?: number;
  /** Called when the time is over and SIGTERM has been sent; `finished` follows when the process is gone. */
  readonly onTimeout?: () => void;
  /** How much of what it writes is kept, beginning with the first byte; 0, which is what there is without, keeps nothing. */
  readonly captureBytes?: number;
}

/** How it ended. `output` is what was captured of its standard output and error together. */
export type CommandResult =
  | { readonly kind: 'exited'; readonly status: number; readonly output: string }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals; readonly output: string }
  /** By us, since it took longer than `timeoutMs`. */
  | { readonly kind: 'timed-out'; readonly output: string }
  /** By us, after `end`. */
  | { readonly kind: 'ended'; readonly output: string }
  | { readonly kind: 'not-started'; readonly problem: CommandProblem };

export interface RunningCommand {
  /** Undefined when it was never started. */
  readonly pid: number | undefined;
  /** Never rejects. Resolves when the process is gone; what it left in the background may live on. */
  readonly finished: Promise<CommandResult>;
  /** SIGTERM to its process group, and 2 s later SIGKILL to what is left of it. Harmless when it has ended. */
  end(): void;
  /** SIGKILL to its process group, at once: for the last moment before our own end. */
  kill(): void;
}

/** Between SIGTERM and SIGKILL, as keepalived has it. */
const graceMs = 2000;

/**
 * Starts it at once. Output goes nowhere unless some of it is kept; the working directory is `/`, and the environment is ours
 * without what could change which code it runs.
 */
export function runPrepared(command: PreparedCommand, options: RunOptions = {}): RunningCommand {
  const capture = options.captureBytes ?? 0;
  let child: ChildProcess;
  try {
    child = spawn(command.file, [...command.args, ...(options.extraArguments ?? [])], {
      argv0: command.name,
      cwd: '/',
      detached: true,
      env: inherited(),
      stdio: ['ignore', capture > 0 ? 'pipe' : 'ignore', capture > 0 ? 'pipe' : 'ignore'],
      ...(command.account !== undefined && command.account),
    });
  } catch (error) {
    return neverStarted(notStarted(command, error));
  }
  const output = new CapturedOutput(child, capture);
  return new Running(command, child, options, output);
}

/** What `runPrepared` returns for a command that could not even be prepared. */
export function neverStarted(problem: CommandProblem): RunningCommand {
  return {
    pid: undefined,
    finished: Promise.resolve({ kind: 'not-started', problem }),
    end: () => {},
    kill: () => {},
  };
}

class Running implements RunningCommand {
  readonly pid: number | undefined;
  readonly finished: Promise<CommandResult>;
  #reason: 'timed-out' | 'ended' | undefined;
  #isOver = false;
  #timeout: NodeJS.Timeout | undefined;
  #force: NodeJS.Timeout | undefined;

  constructor(command: PreparedCommand, child: ChildProcess, options: RunOptions, output: CapturedOutput) {
    this.pid = child.pid;
    this.finished = new Promise((resolve) => {
      child.once('exit', (status, signal) => {
        this.#noteExit();
        output.take((text) => resolve(resultOf(this.#reason, status, signal, text)));
      });
      // Without a process there is no 'exit'; with one, an error is about a signal or the channel and changes nothing.
      child.on('error', (error) => {
        if (this.pid !== undefined) return;
        this.#noteExit();
        resolve({ kind: 'not-started', problem: notStarted(command, error) });
      });
    });
    if (options.timeoutMs !== undefined && this.pid !== undefined) {
      this.#timeout = setTimeout(() => {
        this.#terminate('timed-out');
        options.onTimeout?.();
      }, options.timeoutMs);
    }
  }

  end(): void {
    this.#terminate('ended');
  }

  kill(): void {
    if (this.#isOver) return;
    this.#reason ??= 'ended';
    this.#signal('SIGKILL');
  }

  #terminate(reason: 'timed-out' | 'ended'): void {
    if (this.#isOver || this.#reason !== undefined) return;
    this.#reason = reason;
    clearTimeout(this.#timeout);
    this.#signal('SIGTERM');
    this.#force = setTimeout(() => this.#signal('SIGKILL'), graceMs);
  }

  #noteExit(): void {
    this.#isOver = true;
    clearTimeout(this.#timeout);
    // What it started is in its group too, and keeps the group's number from being given to anybody else: it has the rest of
    // the grace. With nobody left in the group there is nothing to wait for.
    if (this.#force !== undefined && !this.#signal(0)) clearTimeout(this.#force);
  }

  /** To the whole process group; false when nobody is left in it. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    if (this.pid === undefined) return false;
    try {
      return process.kill(-this.pid, signal);
    } catch {
      // ESRCH: all of it is gone, which is what was wanted. EPERM cannot be: it was ours to start.
      return false;
    }
  }
}

function resultOf(
  reason: 'timed-out' | 'ended' | undefined,
  status: number | null,
  signal: NodeJS.Signals | null,
  output: string,
): CommandResult {
  if (reason !== undefined) return { kind: reason, output };
  if (signal !== null) return { kind: 'killed', signal, output };
  return { kind: 'exited', status: status ?? 0, output };
}

function notStarted(command: PreparedCommand, error: unknown): CommandProblem {
  const detail = error instanceof Error ? error.message : String(error);
  return refused('not-started', `'${command.file}' could not be started: ${detail}`);
}

/** Each of these could make a program read, or load, what somebody else has put there. */
const notInherited = new Set(['IFS', 'LD_PRELOAD', 'LD_LIBRARY_PATH']);
/** Of the channel to our supervisor, which is nobody else's. */
const ours = new Set(['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']);

/** keepalived's scripts get its environment, less what could make them run other code. */
export function environment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(from).filter(([name]) => !notInherited.has(name) && !ours.has(name));
  return Object.fromEntries(entries);
}

let ownEnvironment: NodeJS.ProcessEnv | undefined;

/** Made once: it does not change, and reading it costs a good part of what starting a program does. */
function inherited(): NodeJS.ProcessEnv {
  ownEnvironment ??= environment(process.env);
  return ownEnvironment;
}

/** How long after the end of a program the last of what it wrote is waited for. */
const lastOutputMs = 100;

/** The first bytes of both streams. What comes after is read and dropped, so that the program never waits for us. */
class CapturedOutput {
  readonly #child: ChildProcess;
  readonly #chunks: Buffer[] = [];
  readonly #isCapturing: boolean;
  #leftBytes: number;

  constructor(child: ChildProcess, bytes: number) {
    this.#child = child;
    this.#leftBytes = bytes;
    this.#isCapturing = bytes > 0;
    for (const stream of this.#streams()) {
      stream.on('data', (chunk: Buffer) => {
        if (this.#leftBytes <= 0) return;
        this.#chunks.push(chunk.subarray(0, this.#leftBytes));
        this.#leftBytes -= chunk.length;
      });
      // A broken pipe ends the capturing and nothing else.
      stream.on('error', () => {});
    }
  }

  /** After the exit. What it left in the background may hold the pipes for ever, and is not waited for. */
  take(onText: (text: string) => void): void {
    if (!this.#isCapturing) {
      onText('');
      return;
    }
    const finish = () => {
      clearTimeout(timer);
      this.#child.off('close', finish);
      for (const stream of this.#streams()) stream.destroy();
      onText(Buffer.concat(this.#chunks).toString('utf8').trimEnd());
    };
    const timer = setTimeout(finish, lastOutputMs);
    this.#child.once('close', finish);
  }

  #streams() {
    return [this.#child.stdout, this.#child.stderr].filter((stream) => stream !== null);
  }
}
