import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { TcpCheckConfig } from '../../../src/config-parser/config.ts';
import { probeOf } from '../../../src/healthcheck/probes/index.ts';
import { outcomeOf } from '../../../src/healthcheck/probes/tcp-check.ts';
import { address } from '../../../src/net/address.ts';
import { tcpCheck, tutorialTiming } from '../fixtures.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function check(port: number, change: Partial<TcpCheckConfig> = {}, signal = new AbortController().signal) {
  return probeOf(tcpCheck('127.0.0.1', port, change))(signal);
}

function withTimeout(connectTimeoutMs: number) {
  return { timing: { ...tutorialTiming, connectTimeoutMs } };
}

/** A server on loopback and what it sees of each connection. */
async function listen(
  host = '127.0.0.1',
): Promise<{ port: number; server: Server; seen: Promise<string>[] }> {
  const seen: Promise<string>[] = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => seen.push(fateOf(socket)));
  server.listen(0, host);
  await once(server, 'listening');
  cleanups.push(() => server.close());
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
  cleanups.push(() => child.kill('SIGKILL'));
  const [output] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGSTOP');
  const port = Number(String(output));
  for (let filler = 0; filler < 4; filler += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    cleanups.push(() => socket.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
}

async function openHandles(): Promise<number> {
  await turn();
  const names = process.getActiveResourcesInfo();
  return names.filter((name) => ['TCPSocketWrap', 'TCPConnectWrap', 'Timeout'].includes(name)).length;
}

describe('a server that accepts', () => {
  test('is well, and sees an orderly end', async () => {
    const { port, seen } = await listen();
    expect(await check(port)).toMatchObject({ kind: 'ok' });
    await turn();
    expect(await Promise.all(seen)).toEqual(['127.0.0.1 ended']);
  });

  test('is well over IPv6', async () => {
    const { port } = await listen('::1');
    expect(await probeOf(tcpCheck('::1', port))(new AbortController().signal)).toMatchObject({ kind: 'ok' });
  });

  test('is asked from the address that bindto names', async () => {
    const { port, seen } = await listen();
    await check(port, { bindAddress: address('127.0.0.5') });
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
    const outcome = await check(port, withTimeout(300));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(299);
  });

  test('is let go of at once when the check is aborted', async () => {
    const port = await listenWithoutAccepting();
    const before = await openHandles();
    const controller = new AbortController();
    const outcome = check(port, {}, controller.signal);
    await turn();
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'inconclusive' });
    expect(await openHandles()).toBe(before);
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
  expect(outcome).toMatchObject({ kind: 'inconclusive', detail: 'bind: EADDRNOTAVAIL' });
});

test('a port that no socket can have is a failure and not an exception', async () => {
  expect(await check(70_000)).toMatchObject({ kind: 'failed', reason: 'other' });
});

test('a connect_timeout longer than a timer can hold does not fail at once', async () => {
  const { port } = await listen();
  expect(await check(port, withTimeout(2 ** 40))).toMatchObject({ kind: 'ok' });
});

test('a hundred checks of both sorts leave no socket and no timer behind', async () => {
  const open = await listen();
  const closed = await listen();
  await new Promise((resolve) => closed.server.close(resolve));
  const before = await openHandles();
  const ports = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? open.port : closed.port));
  const kinds = (await Promise.all(ports.map((port) => check(port)))).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(50);
  await Promise.all(open.seen);
  await turn();
  expect(await openHandles()).toBeLessThanOrEqual(before);
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
])('%s of %s is %s', (code, syscall, kind) => {
  const error = Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
  expect(outcomeOf(error, 1)).toMatchObject({ kind, elapsedMs: 1 });
});
