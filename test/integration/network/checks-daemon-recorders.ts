/** What a daemon under test is given to run and to write to: programs whose ends a test chooses, a recorder, a named pipe. */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A file that is there in one piece or not at all, for whoever reads it just now. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
}

/** A program that ends with the status that was chosen last. */
export class ChosenStatus {
  readonly path: string;

  constructor(folder: string, name: string, status = 0) {
    this.path = join(folder, name);
    writeFileSync(this.path, '#!/bin/sh\nread -r status < $0.status\nexit "$status"\n', { mode: 0o755 });
    this.choose(status);
  }

  choose(status: number): void {
    replaceFile(`${this.path}.status`, `${status}\n`);
  }
}

/** A program that writes down each of its calls with all arguments. */
export class Recorder {
  readonly path: string;

  constructor(folder: string, name = 'recorder') {
    this.path = join(folder, name);
    const line = 'line=; for word; do line="$line<$word>"; done; echo "$line" >> $0.calls';
    writeFileSync(this.path, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }

  /** `<one><two words>` */
  get calls(): readonly string[] {
    const file = `${this.path}.calls`;
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }
}

/** The reader of a named pipe that a daemon writes to. */
export class PipeReader {
  readonly path: string;
  readonly #descriptor: number;
  readonly #buffer = Buffer.alloc(65_536);
  #text = '';

  constructor(folder: string, name = 'fifo') {
    this.path = join(folder, name);
    execFileSync('mkfifo', [this.path]);
    // With a writer of our own the pipe never ends.
    this.#descriptor = openSync(this.path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** Whole lines, from the beginning. */
  get lines(): readonly string[] {
    try {
      this.#text += this.#buffer.toString('utf8', 0, readSync(this.#descriptor, this.#buffer));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
    return this.#text.split('\n').slice(0, -1);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
