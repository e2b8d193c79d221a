/** Checkers of what speaks over TCP, and servers on loopback to ask. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from 'vitest';
import type {
  CheckerTiming,
  HttpCheckConfig,
  HttpUrlConfig,
  SmtpCheckConfig,
  TcpCheckConfig,
} from '../../../src/config-parser/config-checks.ts';
import type { ProbeFailure, ProbeOutcome, ProbeSuccess } from '../../../src/healthcheck/probe.ts';
import { streamTools } from '../../../src/kernel/stream-connector.ts';
import { address } from '../../../src/net/address.ts';

const cleanups: (() => unknown)[] = [];

/** After the test, the latest first. */
export function cleanUp(clean: () => unknown): void {
  cleanups.push(clean);
}

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export const tools = streamTools();

export const timing: CheckerTiming = {
  delayLoopMs: 6000,
  connectTimeoutMs: 5000,
  attemptTimeoutMs: 10_000,
  retry: 3,
  delayBeforeRetryMs: 3000,
  warmupMs: 6000,
};

export function patience(connectTimeoutMs: number, attemptTimeoutMs = 10_000): { timing: CheckerTiming } {
  return { timing: { ...timing, connectTimeoutMs, attemptTimeoutMs } };
}

const common = { timing, alpha: false, logAllFailures: false, connectAddress: address('127.0.0.1') };

export function tcpCheck(connectPort: number, change: Partial<TcpCheckConfig> = {}): TcpCheckConfig {
  return { kind: 'TCP_CHECK', ...common, connectPort, ...change };
}

export function smtpCheck(connectPort: number, change: Partial<SmtpCheckConfig> = {}): SmtpCheckConfig {
  return { kind: 'SMTP_CHECK', ...common, connectPort, heloName: 'lb01.example', ...change };
}

export function url(change: Partial<HttpUrlConfig> = {}): HttpUrlConfig {
  return {
    path: '/',
    hostHeader: 'www.example',
    statusCodes: [{ first: 200, last: 299 }],
    tlsCompliant: false,
    ...change,
  };
}

export function httpCheck(
  connectPort: number,
  page: Partial<HttpUrlConfig> = {},
  change: Partial<HttpCheckConfig> = {},
): HttpCheckConfig {
  return {
    kind: 'HTTP_GET',
    ...common,
    connectPort,
    httpProtocol: '1.0',
    fastRecovery: false,
    urls: [url(page)],
    ...change,
  };
}

export function asFailure(outcome: ProbeOutcome): ProbeFailure {
  if (outcome.kind !== 'failed') throw new Error(`not a failure: ${JSON.stringify(outcome)}`);
  return outcome;
}

export function asSuccess(outcome: ProbeOutcome): ProbeSuccess {
  if (outcome.kind !== 'ok') throw new Error(`not a success: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Calls `onSocket` for each connection; an error of a connection is nobody's business. The port. */
export async function serve(onSocket: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  cleanUp(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that answers the first bytes of each connection with `pieces`, one a turn of the loop, and then ends it. */
export function serveReply(...pieces: readonly string[]): Promise<number> {
  return serve((socket) => {
    socket.once('data', async () => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1');
        await turn();
      }
      socket.end();
    });
  });
}

/** Sockets and timers of this process. */
export function openHandles(): number {
  const counted = ['TCPSocketWrap', 'TCPConnectWrap', 'Timeout', 'TLSWrap'];
  return process.getActiveResourcesInfo().filter((name) => counted.includes(name)).length;
}

/** Waits, at most a second, until there are no more open handles than `count`; the number that there are then. */
export async function handlesSettle(count: number): Promise<number> {
  const deadlineMs = performance.now() + 1000;
  while (openHandles() > count && performance.now() < deadlineMs) await turn();
  return openHandles();
}
