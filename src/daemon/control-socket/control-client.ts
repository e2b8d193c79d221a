/** The operator's end of the control socket: a request and its answer. */
import { connect } from 'node:net';
import { errorCode } from '../logger/index.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ControlAnswer, ControlRequest } from './protocol.ts';

/** 250 instances with all their counters are some 400 kB. */
const longestAnswerBytes = 64 << 20;

const endedEarly = 'holdfast ended, or closed the connection, before it had answered';

/** Nobody answers at the socket: no daemon runs, or none that this user may talk to. */
export class NoDaemonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoDaemonError';
  }
}

/** The daemon is there, and no answer came: it ended, it speaks nonsense, or the time was over. */
export class NoAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NoAnswerError';
  }
}

/** Asks the daemon at `path`. Rejects with NoDaemonError or NoAnswerError; `timeoutMs` is for the whole. */
export function askDaemon(path: string, request: ControlRequest, timeoutMs: number): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const splitter = new LineSplitter(longestAnswerBytes);
    const socket = connect(path);
    let isConnected = false;
    const fail = (error: Error) => {
      clearTimeout(limit);
      socket.destroy();
      reject(error);
    };
    const limit = setTimeout(
      () => fail(new NoAnswerError(`holdfast has not answered within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    socket.once('connect', () => {
      isConnected = true;
      socket.write(`${JSON.stringify(request)}\n`);
    });
    socket.on('data', (chunk) => {
      try {
        const [line] = splitter.push(chunk);
        if (line === undefined) return;
        clearTimeout(limit);
        resolve(parseAnswer(line));
        socket.end();
      } catch (error) {
        fail(new NoAnswerError(`the answer of holdfast makes no sense: ${messageOf(error)}`));
      }
    });
    socket.once('error', (error) =>
      fail(isConnected ? new NoAnswerError(`${endedEarly}: ${error.message}`) : noDaemon(path, error)),
    );
    socket.once('close', () => fail(new NoAnswerError(endedEarly)));
  });
}

function parseAnswer(line: string): ControlAnswer {
  const value: unknown = JSON.parse(line);
  if (typeof value === 'object' && value !== null && 'ok' in value && 'lines' in value) {
    // Our own daemon's words, whose form is this program's.
    return value as ControlAnswer;
  }
  throw new Error(`no answer in ${line.slice(0, 80)}`);
}

function noDaemon(path: string, error: Error): NoDaemonError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such socket. Is holdfast running, and with this --control-socket?',
    ECONNREFUSED: 'nobody answers there. holdfast is not running any more',
    EACCES: 'it is for root and for the account that holdfast runs as',
    EAGAIN: 'too many others are asking it',
  };
  return new NoDaemonError(`no answer at ${path}: ${reasons[errorCode(error) ?? ''] ?? error.message}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
