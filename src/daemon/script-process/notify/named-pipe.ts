/**
 * A named pipe that lines are written to. It is open for reading too, so that having no reader is no error, and never waits:
 * what does not fit into a full pipe is lost, counted, and said once.
 */
import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import type { LogRecord } from '../../ipc.ts';
import { errorCode } from '../../logger/error-code.ts';
import type { PipeOwner } from './pipe-owner.ts';

export interface NamedPipePorts {
  readonly log: (record: LogRecord) => void;
  /** Asked only when the pipe is to be made. */
  readonly owner: () => PipeOwner;
}

const mode = 0o644;
const longestMakingMs = 5000;

export class NamedPipe {
  readonly path: string;
  readonly #ports: NamedPipePorts;
  #descriptor: number | undefined;
  #isOurs = false;
  /** Since the pipe last took a line. */
  #lostInARow = 0;
  #lost = 0;

  constructor(path: string, ports: NamedPipePorts) {
    this.path = path;
    this.#ports = ports;
  }

  /** Lines that nobody will ever read. */
  get lostLines(): number {
    return this.#lost;
  }

  get isOpen(): boolean {
    return this.#descriptor !== undefined;
  }

  /** Makes the pipe where there is none. What goes wrong is logged; lines are lost then until it is opened again. */
  async open(): Promise<void> {
    try {
      const isMissing = isNothingAt(this.path);
      if (isMissing) await makePipe(this.path);
      this.#isOurs = isMissing;
      this.#descriptor = openPipe(this.path);
      if (isMissing) this.#giveAway(this.#descriptor);
    } catch (error) {
      this.#log('error', `cannot be used: ${textOf(error)}. Its lines are lost until the next reload`);
    }
  }

  /** False when somebody removed or replaced the pipe: nobody can read what goes to it. */
  isInPlace(): boolean {
    if (this.#descriptor === undefined) return false;
    try {
      const ours = fstatSync(this.#descriptor);
      const there = statSync(this.path);
      return ours.dev === there.dev && ours.ino === there.ino;
    } catch {
      return false;
    }
  }

  /** `line` with its line feed. A line of at most 4096 bytes goes in whole or not at all (pipe(7): PIPE_BUF). */
  write(line: string): void {
    const error = this.#tryToWrite(line);
    if (error === undefined) this.#noteWritten();
    else this.#noteLost(error);
  }

  /** Readers see the end of the file once they have read what is in it. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** While it is open. As keepalived: one that was there before us stays; and so does what has taken the place of ours. */
  removeIfOurs(): void {
    if (!this.#isOurs || !this.isInPlace()) return;
    try {
      unlinkSync(this.path);
    } catch (error) {
      this.#log('warning', `could not be removed: ${String(error)}`);
    }
  }

  /** The error that kept the line out. */
  #tryToWrite(line: string): string | undefined {
    if (this.#descriptor === undefined) return 'it is not open';
    try {
      const bytes = Buffer.from(line);
      const written = writeSync(this.#descriptor, bytes);
      return written === bytes.length ? undefined : `only ${written} of ${bytes.length} bytes fitted into it`;
    } catch (error) {
      return errorCode(error) === 'EAGAIN' ? 'it is full, since nobody reads it' : String(error);
    }
  }

  #noteWritten(): void {
    if (this.#lostInARow === 0) return;
    this.#log('notice', `takes lines again; ${this.#lostInARow} were lost`);
    this.#lostInARow = 0;
  }

  #noteLost(reason: string): void {
    this.#lost += 1;
    this.#lostInARow += 1;
    // That it could not be opened was said when it was tried.
    if (this.#lostInARow > 1 || this.#descriptor === undefined) return;
    this.#log('warning', `loses lines from now on: ${reason}`);
  }

  /** A pipe that stays ours works all the same, only for fewer readers. */
  #giveAway(descriptor: number): void {
    // Not left to the umask.
    fchmodSync(descriptor, mode);
    const owner = this.#ports.owner();
    try {
      if (!owner.ok) throw new Error(owner.error);
      if (owner.account !== undefined) fchownSync(descriptor, owner.account.uid, owner.account.gid);
    } catch (error) {
      this.#log('warning', `stays with the daemon's own account: ${textOf(error)}`);
    }
  }

  #log(level: LogRecord['level'], message: string): void {
    this.#ports.log({ level, message: `Named pipe ${this.path} ${message}` });
  }
}

function isNothingAt(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined;
}

/** Node.js has no call for it; coreutils' mkfifo(1) is everywhere. */
async function makePipe(path: string): Promise<void> {
  try {
    await promisify(execFile)('mkfifo', ['-m', '0600', '--', path], { timeout: longestMakingMs });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw said === '' ? error : new Error(said, { cause: error });
  }
}

/** O_NOFOLLOW: in a folder that others can write to, a link would have us write anywhere. */
function openPipe(path: string): number {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  if (fstatSync(descriptor).isFIFO()) return descriptor;
  closeSync(descriptor);
  throw new Error('something else than a named pipe has this name; remove it, or name another');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
