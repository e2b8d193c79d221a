/**
 * A process of its own on a client's machine that asks for services at a steady pace, each request on a connection of its
 * own and from several addresses in turn, and keeps one connection a service open. One JSON line for each thing seen, as in
 * observation.ts. Argument: ProbeOptions as JSON.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOutcome } from '../../observation.ts';
import { keepConnection } from './long-connection.ts';
import { type Asked, outcomeOf, type ProbeOptions, type ProbeResult, say } from './probe-lines.ts';
import { askByDatagram, askByStream } from './probe-plain.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as ProbeOptions;

for (const [index, service] of options.services.entries()) {
  // Spread over the pace, so that services do not all ask at one instant.
  setTimeout(() => pace(service), (index * options.paceMs) / options.services.length);
  if (service.keepsConnection) keepConnection(service, options);
}

function pace(service: Asked): void {
  const sources = service.sources;
  let turn = 0;
  setInterval(() => {
    const source = sources[turn % sources.length] ?? '';
    turn += 1;
    ask(service, source);
  }, options.paceMs);
}

function ask(service: Asked, source: string): void {
  const atMs = performance.timeOrigin + performance.now();
  let isDone = false;
  const done = (outcome: RequestOutcome, result: ProbeResult = {}): void => {
    if (isDone) return;
    isDone = true;
    const endedAtMs = performance.timeOrigin + performance.now();
    const { client } = options;
    say({ kind: 'request', client, service: service.name, source, atMs, endedAtMs, outcome, ...result });
  };
  const port = { ...service, source, timeoutMs: options.timeoutMs };
  if (service.kind === 'http' || service.kind === 'https') askForPage(service, source, done);
  else if (service.kind === 'udp' || service.kind === 'dns') askByDatagram(port, done);
  else askByStream(port, done);
}

function askForPage(
  service: Asked,
  source: string,
  done: (outcome: RequestOutcome, result?: ProbeResult) => void,
): void {
  const send = service.kind === 'https' ? httpsRequest : httpRequest;
  const request = send({
    host: service.address,
    port: service.port,
    path: service.path ?? '/',
    localAddress: source,
    // A connection for each request: a kept one would never be balanced again.
    agent: false,
    rejectUnauthorized: false,
  });
  // Not before what has arrived is read: after a stall of the machine the timer would come first.
  const limit = setTimeout(() => setImmediate(() => give('timeout')), options.timeoutMs);
  const give = (outcome: RequestOutcome, result: ProbeResult = {}): void => {
    clearTimeout(limit);
    done(outcome, result);
    request.destroy();
  };
  request.on('response', (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    response.on('end', () => {
      const status = response.statusCode ?? 0;
      const server = body.trim().split('\n')[0] ?? '';
      give(status === 200 ? 'ok' : 'bad-status', { status, ...(server === '' ? {} : { server }) });
    });
  });
  request.on('error', (error) => give(outcomeOf(error), { error: error.message }));
  request.end();
}
