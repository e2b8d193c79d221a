/**
 * A child's log: records go to the supervisor over IPC, many in one message, and writing one never waits. When the
 * supervisor does not keep up, at most `limit` records are held; what is beyond that is dropped and counted.
 */
import { sendToSupervisor } from './child-channel.ts';
import type { ChildMessage, LogLevel, LogRecord } from './ipc.ts';

export class ChildLog {
  readonly #send: (message: ChildMessage, sent: () => void) => void;
  readonly #limit: number;
  readonly #flushed: (() => void)[] = [];
  #waiting: LogRecord[] = [];
  #dropped = 0;
  /** From the first record of a turn until the channel has taken the message: one message is under way at a time. */
  #isBusy = false;

  constructor(send: (message: ChildMessage, sent: () => void) => void = sendToSupervisor, limit = 4096) {
    this.#send = send;
    this.#limit = limit;
  }

  /** `detail` lines are written only with -D. */
  write(level: LogLevel, message: string, detail = false): void {
    this.record({ level, message, detail });
  }

  record(record: LogRecord): void {
    if (this.#waiting.length >= this.#limit) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(record);
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(() => this.#sendWaiting());
  }

  /** Resolves once the channel has taken everything written so far. May never, when nobody reads: bound it. */
  flush(): Promise<void> {
    return this.#isBusy ? new Promise((resolve) => this.#flushed.push(resolve)) : Promise.resolve();
  }

  #sendWaiting(): void {
    const records = this.#waiting;
    const dropped = this.#dropped;
    this.#waiting = [];
    this.#dropped = 0;
    this.#send({ kind: 'log', records, dropped }, () => this.#sent());
  }

  #sent(): void {
    if (this.#waiting.length > 0 || this.#dropped > 0) {
      this.#sendWaiting();
      return;
    }
    this.#isBusy = false;
    for (const resolve of this.#flushed.splice(0)) resolve();
  }
}
