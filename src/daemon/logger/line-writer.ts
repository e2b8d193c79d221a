/**
 * A Writable that never makes its writer wait: every line is taken at once into a bounded queue, and the sink gets it
 * when it can. winston writes into this; what blocks behind it blocks nobody.
 */
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LineQueue, type QueueLimits } from './line-queue.ts';

/** Something that takes text asynchronously; `done` is called exactly once for each write. */
export interface LineSink {
  /** How the operator calls it: `standard error`, `/var/log/holdfast.log`. */
  readonly name: string;
  write(text: string, done: (outcome: WriteOutcome) => void): void;
  /** Opens a file anew after its rotation; nothing for others. */
  reopen(): void;
  close(): void;
}

/** `gone`: nobody will ever read here again (EPIPE). `failed`: this text is lost, a later one may pass (ENOSPC). */
export type WriteOutcome = 'written' | 'failed' | 'gone';

const bytesAtOnce = 16 * 1024;

const retryAfterFailureMs = 1000;

export class LineWriter extends Writable {
  private readonly sink: LineSink;
  private readonly queue: LineQueue;
  private isBusy = false;
  private isGone = false;
  private onIdle: (() => void) | undefined;

  /** `noticeOf` words the line that stands for so many dropped ones. */
  constructor(sink: LineSink, noticeOf: (dropped: number) => string, limits?: QueueLimits) {
    super({ decodeStrings: false });
    this.sink = sink;
    this.queue = new LineQueue(noticeOf, limits);
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    if (!this.isGone) {
      this.queue.push(String(chunk));
      this.pump();
    }
    callback();
  }

  /** Resolves when everything has been written, or after `timeoutMs`, whichever comes first. */
  async flush(timeoutMs: number): Promise<void> {
    if (this.isIdle()) return;
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
    await Promise.race([idle, delay(timeoutMs, undefined, { ref: true })]);
  }

  reopen(): void {
    this.sink.reopen();
  }

  close(): void {
    this.isGone = true;
    this.sink.close();
  }

  private isIdle(): boolean {
    return this.isGone || (!this.isBusy && this.queue.isEmpty);
  }

  private pump(): void {
    if (this.isBusy || this.isGone) return;
    const chunk = this.queue.take(bytesAtOnce);
    if (chunk === undefined) {
      this.onIdle?.();
      return;
    }
    this.isBusy = true;
    this.sink.write(chunk.text, (outcome) => this.afterWrite(outcome, chunk.lines));
  }

  private afterWrite(outcome: WriteOutcome, lines: number): void {
    if (outcome === 'written') {
      this.isBusy = false;
      this.pump();
    } else if (outcome === 'gone') {
      this.isGone = true;
      this.onIdle?.();
    } else {
      this.queue.drop(lines);
      setTimeout(() => this.afterPause(), retryAfterFailureMs).unref();
    }
  }

  private afterPause(): void {
    this.isBusy = false;
    this.queue.resume();
    this.pump();
  }
}
