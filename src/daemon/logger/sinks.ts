/**
 * Where log lines end up: standard error, whatever it is, or a file. Writing never blocks: pipes and sockets are polled
 * by libuv, everything else is written with O_NONBLOCK and tried again when it is full (a terminal stopped by Ctrl-S).
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { errorCode } from './error-code.ts';
import type { LineSink, WriteOutcome } from './line-writer.ts';

const shortestRetryMs = 20;

const longestRetryMs = 250;

/** A sink on a descriptor that this process already has, such as 2. */
export function openDescriptorSink(fd: number, name: string): LineSink {
  const status = fstatSync(fd);
  if (status.isSocket()) return new StreamSink(fd, name);
  // A file's place to write at belongs to the description too: whoever shares it writes on behind us.
  if (status.isFile()) return new FileSink(fd, name);
  const own = reopenDescriptor(fd);
  return status.isFIFO() ? new StreamSink(own, name) : new FileSink(own, name);
}

/** Appends to `path`, made where it is missing. Throws the system's error when that is not possible. */
export function openFileSink(path: string): LineSink {
  return new FileSink(openForAppend(path), path, path);
}

/**
 * O_NONBLOCK belongs to the open file description, which a shell, a test or another program may share with us: opened
 * anew through /proc it is ours alone. Sockets cannot be opened so; neither can what belongs to someone else.
 */
function reopenDescriptor(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    // Without the right to open it, or without /proc, the descriptor itself has to do.
    if (errorCode(error) === undefined) throw error;
    return fd;
  }
}

function openForAppend(path: string): number {
  return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o644);
}

/** Pipes and sockets. */
class StreamSink implements LineSink {
  readonly name: string;
  private readonly socket: Socket;
  private isGone = false;

  constructor(fd: number, name: string) {
    this.name = name;
    this.socket = new Socket({ fd, readable: false, writable: true });
    // The reader has gone (EPIPE): there is nobody left to tell, and no reason to stop routing.
    this.socket.on('error', () => {
      this.isGone = true;
    });
    // A log must not keep the daemon alive.
    this.socket.unref();
  }

  write(text: string, done: (outcome: WriteOutcome) => void): void {
    if (this.isGone) {
      done('gone');
      return;
    }
    this.socket.write(text, (error) => done(error == null ? 'written' : 'gone'));
  }

  reopen(): void {}

  close(): void {
    this.isGone = true;
    this.socket.destroy();
  }
}

/** Files, terminals and devices. */
class FileSink implements LineSink {
  readonly name: string;
  private fd: number;
  private readonly path: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(fd: number, name: string, path?: string) {
    this.fd = fd;
    this.name = name;
    this.path = path;
  }

  write(text: string, done: (outcome: WriteOutcome) => void): void {
    this.writeRest(Buffer.from(text), shortestRetryMs, done);
  }

  reopen(): void {
    if (this.path === undefined) return;
    const fd = openForAppend(this.path);
    closeSync(this.fd);
    this.fd = fd;
  }

  close(): void {
    clearTimeout(this.timer);
    if (this.fd > 2) closeSync(this.fd);
  }

  private writeRest(rest: Buffer, retryMs: number, done: (outcome: WriteOutcome) => void): void {
    try {
      const written = writeSync(this.fd, rest);
      if (written < rest.length) this.writeRest(rest.subarray(written), shortestRetryMs, done);
      else done('written');
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EAGAIN') {
        const nextMs = Math.min(2 * retryMs, longestRetryMs);
        this.timer = setTimeout(() => this.writeRest(rest, nextMs, done), retryMs).unref();
      } else if (code === 'EPIPE' || code === 'EIO') done('gone');
      else done('failed');
    }
  }
}
