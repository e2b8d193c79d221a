/** Asks services at a steady pace, each request on a connection of its own, and tells what came of each. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { outcomeOf } from '../lab/programs/probe-lines.ts';
import { nowMs } from '../lab/recorder.ts';
import type { RequestOutcome, RequestSeen } from '../observation.ts';
import type { ProbeTarget } from './probe-targets.ts';

export interface ProbeWishes {
  readonly targets: readonly ProbeTarget[];
  readonly paceMs: number;
  readonly timeoutMs: number;
}

export interface Probes {
  stop(): void;
}

type Result = Pick<RequestSeen, 'server' | 'status' | 'error'>;
type Done = (outcome: RequestOutcome, result?: Result) => void;

export function startProbes(
  { targets, paceMs, timeoutMs }: ProbeWishes,
  take: (seen: RequestSeen) => void,
): Probes {
  let isStopped = false;
  const client = hostname();
  const ask = (target: ProbeTarget): void => {
    const atMs = nowMs();
    askOnce(target, timeoutMs, (outcome, source, result) => {
      if (isStopped) return;
      const times = { atMs, endedAtMs: nowMs() };
      take({ kind: 'request', client, service: target.name, source, ...times, outcome, ...result });
    });
  };
  const timers = targets.map((target) => setInterval(() => ask(target), paceMs));
  return {
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function askOnce(
  target: ProbeTarget,
  timeoutMs: number,
  take: (outcome: RequestOutcome, source: string, result: Result) => void,
): void {
  let source = '';
  let isDone = false;
  // Not before what has arrived is read: after a stall of the machine the timer would come first.
  const limit = setTimeout(() => setImmediate(() => done('timeout')), timeoutMs);
  const done: Done = (outcome, result = {}) => {
    if (isDone) return;
    isDone = true;
    clearTimeout(limit);
    take(outcome, source, result);
    end();
  };
  const end = target.kind === 'tcp' ? askByTcp(target, done, note) : askForPage(target, done, note);
  function note(from: string | undefined): void {
    source = from ?? '';
  }
}

type Note = (source: string | undefined) => void;

/** Returns what ends it. */
function askByTcp({ address, port }: ProbeTarget, done: Done, note: Note): () => void {
  const socket = connect({ host: address, port });
  socket.once('connect', () => {
    note(socket.localAddress);
    done('ok');
  });
  socket.on('error', (error) => done(outcomeOf(error), { error: error.message }));
  return () => socket.destroy();
}

const longestServerName = 60;

function askForPage({ kind, address, port, path }: ProbeTarget, done: Done, note: Note): () => void {
  const send = kind === 'https' ? httpsRequest : httpRequest;
  // A connection for each request: a kept one would never be balanced again. Certificates are not what is drilled.
  const options = { host: address, port, path, agent: false, rejectUnauthorized: false } as const;
  const request = send(options, (response) => {
    note(response.socket.localAddress);
    const status = response.statusCode ?? 0;
    let first = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      if (first.length < longestServerName) first += text;
    });
    response.on('error', (error) => done(outcomeOf(error), { error: error.message }));
    response.on('end', () => {
      const server = serverIn(first);
      done(status >= 200 && status < 400 ? 'ok' : 'bad-status', {
        status,
        ...(server === undefined ? {} : { server }),
      });
    });
  });
  request.on('error', (error) => done(outcomeOf(error), { error: error.message }));
  request.end();
  return () => request.destroy();
}

/** A page that is one word is taken for the name of who answered. */
function serverIn(text: string): string | undefined {
  const line = text.trim();
  return /^[\w.-]{1,60}$/.test(line) ? line : undefined;
}
