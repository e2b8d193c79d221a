/** Serves the metrics over HTTP to who collects them, and asks the other processes at most once a second for all of them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { DaemonStatus } from '../control-socket/index.ts';
import { metricsContentType, metricsText } from './registry.ts';

export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

/** A page younger than this is given to the next who asks. */
const freshMs = 1000;

const mostConnections = 16;
const requestTimeMs = 5000;

export interface MetricsServer {
  /** The one that it listens at; differs from the one asked for where that was 0. */
  readonly port: number;
  close(): void;
}

/** Rejects with the system's error where it cannot listen at `address`. */
export async function serveMetrics(
  { host, port }: MetricsAddress,
  status: () => Promise<DaemonStatus>,
): Promise<MetricsServer> {
  const page = atMostOnceASecond(async () => metricsText(await status()));
  const server = createServer(
    { requestTimeout: requestTimeMs, headersTimeout: requestTimeMs },
    (request, response) => answer(request, response, page),
  );
  server.maxConnections = mostConnections;
  server.keepAliveTimeout = requestTimeMs;
  // Of a client that does not take what it asked for.
  server.setTimeout(2 * requestTimeMs, (socket) => socket.destroy());
  await listen(server, host, port);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}

function answer(request: IncomingMessage, response: ServerResponse, page: () => Promise<string>): void {
  request.resume();
  const path = (request.url ?? '').split('?')[0];
  if (path !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  page().then(
    (text) => response.writeHead(200, { 'content-type': metricsContentType }).end(text),
    (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`),
  );
}

function atMostOnceASecond(make: () => Promise<string>): () => Promise<string> {
  let made: { readonly atMs: number; readonly text: Promise<string> } | undefined;
  return () => {
    const nowMs = performance.now();
    if (made === undefined || nowMs - made.atMs >= freshMs) made = { atMs: nowMs, text: make() };
    return made.text;
  };
}
