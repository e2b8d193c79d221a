/** On loopback; SO_BINDTODEVICE and SO_MARK are tried in integration/network. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { CheckConnection } from '../../src/config-parser/config-checks.ts';
import type { ConnectResult } from '../../src/healthcheck/probes/stream-tools.ts';
import { StreamConnector } from '../../src/kernel/stream-connector.ts';
import { address } from '../../src/net/address.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

function connector(): StreamConnector {
  const created = new StreamConnector();
  cleanups.push(() => created.close());
  return created;
}

/** Where somebody listens, and echoes. */
async function echo(): Promise<CheckConnection> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return { connectAddress: address('127.0.0.1'), connectPort: (server.address() as AddressInfo).port };
}

function connect(by: StreamConnector, to: CheckConnection): Promise<ConnectResult> {
  return new Promise((resolve) => by.connect(to, resolve));
}

test('a connected stream is a socket like any other', async () => {
  const result = await connect(connector(), await echo());
  if (!('stream' in result)) throw result.error;
  const socket = result.stream.toSocket();
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toBe('hello');
  socket.destroy();
});

test('a refusal is told with the code of connect, and leaves nothing to close', async () => {
  const result = await connect(connector(), { connectAddress: address('127.0.0.1'), connectPort: 1 });
  expect('error' in result && result.error).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
});

test('nobody is told of what was cancelled, also when its descriptor serves another connection at once', async () => {
  const by = connector();
  const to = await echo();
  const told: string[] = [];
  const last = new Promise<void>((resolve) => {
    for (let round = 0; round < 50; round += 1) {
      by.connect(to, () => told.push(`cancelled ${round}`)).cancel();
      by.connect(to, (result) => {
        if ('stream' in result) result.stream.close();
        told.push(`kept ${round}`);
        if (round === 49) resolve();
      });
    }
  });
  await last;
  expect(told.filter((text) => text.startsWith('cancelled'))).toEqual([]);
  expect(told).toHaveLength(50);
});

test('a callback may cancel those that are told of after it', async () => {
  const by = connector();
  const to = await echo();
  let told = 0;
  const first = new Promise<void>((resolve) => {
    const pending = Array.from({ length: 20 }, () =>
      by.connect(to, (result) => {
        told += 1;
        for (const other of pending) other.cancel();
        if ('stream' in result) result.stream.reset();
        resolve();
      }),
    );
    // All of them are connected by the time that the loop looks.
    const untilMs = performance.now() + 20;
    while (performance.now() < untilMs);
  });
  await first;
  await connect(by, to);
  expect(told).toBe(1);
});

test('cancelling what is over harms nobody who has its number now', async () => {
  const by = connector();
  const to = await echo();
  let result: ConnectResult | undefined;
  let pending: { cancel(): void } | undefined;
  await new Promise<void>((resolve) => {
    pending = by.connect(to, (found) => {
      result = found;
      resolve();
    });
  });
  if (result === undefined || !('stream' in result)) throw new Error('not connected');
  result.stream.close();
  const next = connect(by, to);
  pending?.cancel();
  expect('stream' in (await next)).toBe(true);
});
