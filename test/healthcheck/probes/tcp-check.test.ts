import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { TcpCheckConfig } from '../../../src/config-parser/config.ts';
import { failureOf } from '../../../src/healthcheck/probes/outcome.ts';
import { probeTcp } from '../../../src/healthcheck/probes/tcp-check.ts';
import { address } from '../../../src/net/address.ts';
import {
  asFailure,
  asSuccess,
  cleanUp,
  handlesSettle,
  openHandles,
  patience,
  tcpCheck,
  tools,
} from './stream-fixtures.ts';

function check(port: number, change: Partial<TcpCheckConfig> = {}, signal = new AbortController().signal) {
  return probeTcp(tcpCheck(port, change), tools, signal);
}

/** A server on loopback and what it sees of each connection. */
async function listen(
  host = '127.0.0.1',
): Promise<{ port: number; server: Server; seen: Promise<string>[] }> {
  const seen: Promise<string>[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => seen.push(fateOf(socket)));
  server.listen(0, host);
  await once(server, 'listening');
  cleanUp(() => server.close());
  return { port: (server.address() as AddressInfo).port, server, seen };
}

function fateOf(socket: Socket): Promise<string> {
  const from = socket.remoteAddress;
  socket.resume();
  return new Promise((resolve) => {
    socket.once('end', () => resolve(`${from} ended`));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${from} ${error.code}`));
  });
}

/** A port whose queue of connections is full, so that the kernel drops every further SYN. */
async function listenWithoutAccepting(): Promise<number> {
  const program =
    "const s = require('node:net').createServer().listen(0, '127.0.0.1', 1, () => console.log(s.address().port))";
  const child: ChildProcess = spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanUp(() => child.kill('SIGKILL'));
  const [output] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGSTOP');
  const port = Number(String(output));
  for (let filler = 0; filler < 4; filler += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    cleanUp(() => socket.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
}

describe('a server that accepts', () => {
  test('is well, and sees an orderly end', async () => {
    const { port, seen } = await listen();
    expect(await check(port)).toMatchObject({ kind: 'ok' });
    await expect.poll(() => seen.length).toBe(1);
    expect(await Promise.all(seen)).toEqual(['127.0.0.1 ended']);
  });

  test('is told with the time that connecting took', async () => {
    const { port } = await listen();
    const outcome = asSuccess(await check(port));
    expect(outcome.phases).toEqual([{ name: 'connect', ms: expect.any(Number) }]);
    expect(outcome.phases?.[0]?.ms).toBeLessThanOrEqual(outcome.elapsedMs);
  });

  test('is well over IPv6', async () => {
    const { port } = await listen('::1');
    expect(await check(port, { connectAddress: address('::1') })).toMatchObject({ kind: 'ok' });
  });

  test('is asked from the address that bindto names', async () => {
    const { port, seen } = await listen();
    await check(port, { bindAddress: address('127.0.0.5') });
    await expect.poll(() => seen.length).toBe(1);
    expect(await Promise.all(seen)).toEqual(['127.0.0.5 ended']);
  });

  test('can be asked from one bind_port again and again', async () => {
    const { port } = await listen();
    const { port: free, server } = await listen('127.0.0.6');
    await new Promise((resolve) => server.close(resolve));
    const from = { bindAddress: address('127.0.0.6'), bindPort: free };
    for (let time = 0; time < 3; time += 1) expect(await check(port, from)).toMatchObject({ kind: 'ok' });
  });
});

describe('a server that does not accept', () => {
  test('is failed at once when it refuses', async () => {
    const { port, server } = await listen();
    await new Promise((resolve) => server.close(resolve));
    const outcome = await check(port);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'refused', detail: 'The server refused it.' });
    expect(outcome.elapsedMs).toBeLessThan(1000);
  });

  test('is failed after connect_timeout when it does not answer', async () => {
    const port = await listenWithoutAccepting();
    const outcome = asFailure(await check(port, patience(300)));
    expect(outcome).toMatchObject({ reason: 'timeout', detail: 'The server did not answer within 0.3 s.' });
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(299);
    expect(outcome.phases).toEqual([{ name: 'connect', ms: expect.any(Number) }]);
  });

  test('is failed after attempt_timeout, where that is shorter', async () => {
    const port = await listenWithoutAccepting();
    const outcome = asFailure(await check(port, patience(5000, 200)));
    expect(outcome.detail).toBe('The attempt as a whole was not over after 0.2 s, its attempt_timeout.');
  });

  test('is let go of at once when the check is aborted', async () => {
    const port = await listenWithoutAccepting();
    const before = openHandles();
    const controller = new AbortController();
    const outcome = check(port, {}, controller.signal);
    await turn();
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'inconclusive' });
    expect(await handlesSettle(before)).toBeLessThanOrEqual(before);
  });
});

test('a check aborted beforehand opens no socket', async () => {
  const { port, seen } = await listen();
  expect(await check(port, {}, AbortSignal.abort())).toMatchObject({ kind: 'inconclusive' });
  await turn();
  expect(seen).toEqual([]);
});

test('a bindto address that this host does not have says nothing about the server', async () => {
  const { port } = await listen();
  const outcome = await check(port, { bindAddress: address('192.0.2.77') });
  expect(outcome).toMatchObject({
    kind: 'inconclusive',
    detail: 'bind: EADDRNOTAVAIL address not available.',
  });
});

test('a bind_if that this host does not have says nothing about the server', async () => {
  const { port } = await listen();
  expect(await check(port, { bindInterface: 'eth99' })).toMatchObject({
    kind: 'inconclusive',
    detail: 'bind to device eth99: ENODEV no such device.',
  });
});

test('a port that no socket can have says nothing about the server, and is no exception', async () => {
  expect(await check(70_000)).toMatchObject({ kind: 'inconclusive', detail: 'no socket has port 70000.' });
});

test('a link-local address without bind_if says nothing about the server', async () => {
  expect(await check(80, { connectAddress: address('fe80::1') })).toMatchObject({ kind: 'inconclusive' });
});

test('a connect_timeout longer than a timer can hold does not fail at once', async () => {
  const { port } = await listen();
  expect(await check(port, patience(2 ** 40))).toMatchObject({ kind: 'ok' });
});

test('a server that answered in time is well, though this process was too late to see it', async () => {
  const { port } = await listen();
  const outcome = check(port, patience(100, 100));
  const untilMs = performance.now() + 250;
  while (performance.now() < untilMs);
  expect(await outcome).toMatchObject({ kind: 'ok' });
});

test('a hundred checks of both sorts leave no socket and no timer behind', async () => {
  const open = await listen();
  const closed = await listen();
  await new Promise((resolve) => closed.server.close(resolve));
  const before = openHandles();
  const ports = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? open.port : closed.port));
  const kinds = (await Promise.all(ports.map((port) => check(port)))).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(50);
  await Promise.all(open.seen);
  await turn();
  expect(await handlesSettle(before)).toBeLessThanOrEqual(before);
});

test.each([
  ['ECONNREFUSED', 'connect', 'failed'],
  ['EHOSTUNREACH', 'connect', 'failed'],
  ['ENETUNREACH', 'connect', 'failed'],
  ['ECONNRESET', 'read', 'failed'],
  ['EACCES', 'connect', 'failed'],
  ['EACCES', 'bind', 'inconclusive'],
  ['EADDRINUSE', 'bind', 'inconclusive'],
  ['EADDRNOTAVAIL', 'connect', 'inconclusive'],
  ['EMFILE', 'connect', 'inconclusive'],
  ['EMFILE', 'socket', 'inconclusive'],
  ['EPERM', 'setsockopt', 'inconclusive'],
  ['ENODEV', 'setsockopt', 'inconclusive'],
  ['EPERM', 'connect', 'inconclusive'],
])('%s of %s is %s', (code, syscall, kind) => {
  const error = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  expect(failureOf(error).kind).toBe(kind);
});
