import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tcpService, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const both = ['10.0.0.3:80/tcp -> 10.0.0.7:80 1', '10.0.0.3:80/tcp -> 10.0.0.8:80 1'];

test('checks rest while the address of their virtual server is not here; the table stays', async () => {
  const set = setUp();
  void set.configure(configOf([virtualServer('10.0.0.3', { haSuspend: true })]));
  await vi.advanceTimersByTimeAsync(20_000);
  expect([set.probes, set.ipvs.lines()]).toEqual([[], both]);
  expect(set.messages()).toContain(
    'Suspending healthchecker for service [10.0.0.7]:tcp:80 for VS [10.0.0.3]:tcp:80',
  );

  set.setAddresses('10.0.0.3');
  await vi.advanceTimersByTimeAsync(100);
  expect(set.probes).toHaveLength(2);
  expect(set.messages()).toContain(
    'Activating healthchecker for service [10.0.0.7]:tcp:80 for VS [10.0.0.3]:tcp:80',
  );

  set.setAddresses();
  await vi.advanceTimersByTimeAsync(30_000);
  expect([set.probes.length, set.ipvs.lines()]).toEqual([2, both]);
});

test('a server that was down when its checks began to rest stays down', async () => {
  const set = setUp();
  set.dead.add('10.0.0.7');
  set.setAddresses('10.0.0.3');
  void set.configure(configOf([virtualServer('10.0.0.3', { haSuspend: true })]));
  await vi.advanceTimersByTimeAsync(1500);
  set.setAddresses();
  await vi.advanceTimersByTimeAsync(100);
  set.dead.clear();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(set.ipvs.lines()).toEqual(both.slice(1));
  const status = await set.checkers.command({ kind: 'checkerStatus' });
  expect(status.ok && status.status?.virtualServers[0]?.isSuspended).toBe(true);
  set.setAddresses('10.0.0.3');
  await vi.advanceTimersByTimeAsync(100);
  expect(set.ipvs.lines()).toEqual(both);
});

test('without ha_suspend, of a group and of a firewall mark checks never rest', async () => {
  const set = setUp();
  void set.configure(
    configOf([
      virtualServer('10.0.0.3'),
      virtualServer('10.0.0.4', { haSuspend: true, group: 'web', services: [tcpService('10.0.0.4')] }),
      virtualServer('10.0.0.5', { haSuspend: true, services: [{ kind: 'fwmark', mark: 5, family: 4 }] }),
    ]),
  );
  await vi.advanceTimersByTimeAsync(1500);
  expect(set.probes).toHaveLength(6);
});
