import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { DatagramSocket } from '../../src/kernel/datagram-socket.ts';
import { notifyServiceManager } from '../../src/kernel/service-notify.ts';
import { unixSocketAddress } from '../../src/kernel/socket-address.ts';
import { AF_UNIX, SOCK_DGRAM } from '../../src/kernel/socket-constants.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function serviceManager(path: string): DatagramSocket {
  const socket = new DatagramSocket({ family: AF_UNIX, type: SOCK_DGRAM, protocol: 0 });
  cleanUps.push(() => socket.close());
  socket.bind(unixSocketAddress(path));
  return socket;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'service-notify-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

it.each([
  ['a path', () => join(temporaryFolder(), 'notify')],
  ['an abstract name', () => `@service-notify-${process.pid}`],
])('the service manager at %s gets the state', async (_kind, makePath) => {
  const path = makePath();
  const manager = serviceManager(path);
  notifyServiceManager('READY=1\nSTATUS=up', path);
  const [payload] = await once(manager, 'message');
  expect(String(payload)).toBe('READY=1\nSTATUS=up');
});

it('nothing is sent without a service manager', () => {
  vi.stubEnv('NOTIFY_SOCKET', undefined);
  expect(() => notifyServiceManager('READY=1')).not.toThrow();
  expect(() => notifyServiceManager('READY=1', '')).not.toThrow();
});

it('the environment says where the service manager is', async () => {
  const path = join(temporaryFolder(), 'notify');
  const manager = serviceManager(path);
  vi.stubEnv('NOTIFY_SOCKET', path);
  notifyServiceManager('STOPPING=1');
  const [payload] = await once(manager, 'message');
  expect(String(payload)).toBe('STOPPING=1');
});

it('a service manager that is not there is an error that names it', () => {
  const path = join(temporaryFolder(), 'nobody');
  expect(() => notifyServiceManager('READY=1', path)).toThrow(
    `notify the service manager at ${path}: ENOENT no such file or directory`,
  );
});
