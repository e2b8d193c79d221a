import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RealServerConfig, VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { realServer, sorryServer, tcpCheck, tcpService, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a reload from `before` to `after` writes, and says. */
async function reload(
  before: readonly VirtualServerConfig[],
  after: readonly VirtualServerConfig[],
  dead: readonly string[] = [],
) {
  const set = setUp();
  for (const host of dead) set.dead.add(host);
  await started(configOf(before), set);
  const { length } = set.ipvs.operations;
  set.probes.length = 0;
  void set.configure(configOf(after));
  await vi.advanceTimersByTimeAsync(100);
  return {
    ...set,
    written: set.ipvs.operations.slice(length).map(({ kind }) => kind),
    said: set.messages(),
    heard: set.told(),
  };
}

function tutorial(change: Partial<VirtualServerConfig> = {}): VirtualServerConfig {
  return virtualServer('10.0.0.3', change);
}

function servers(change: Partial<RealServerConfig>): VirtualServerConfig {
  return tutorial({ realServers: [realServer('10.0.0.7', change), realServer('10.0.0.8')] });
}

describe('a reload that changes', () => {
  test.each<[string, Partial<VirtualServerConfig>]>([
    ['the scheduler', { scheduler: 'lc' }],
    ['its flags', { schedulerFlags: [1] }],
    ['the persistence', { persistence: { timeoutSeconds: 60, prefixLength: 24 } }],
    ['its engine', { persistence: { timeoutSeconds: 50, prefixLength: 32, engine: 'sip' } }],
  ])('%s of a virtual server edits the service in place', async (_, change) => {
    const { written, heard } = await reload([tutorial()], [tutorial(change)]);
    expect([written, heard]).toEqual([['updateService'], []]);
  });

  test.each<[string, Partial<RealServerConfig>]>([
    ['the weight', { weight: 3 }],
    ['the method', { method: { forwarding: 'TUN', tunnel: { type: 'ipip' } } }],
    ['a threshold', { upperThreshold: 9 }],
  ])('%s of a real server edits the destination in place', async (_, change) => {
    const { written, heard } = await reload([tutorial()], [servers(change)]);
    expect([written, heard]).toEqual([['updateDestination'], []]);
  });

  test('hysteresis, quorum scripts or omega alone writes nothing and tells nobody', async () => {
    const after = tutorial({ hysteresis: 1, omega: true, quorumUp: { argv: ['/q'] } });
    const { written, said, heard } = await reload([tutorial()], [after]);
    expect([written, said, heard]).toEqual([[], [], []]);
  });

  test('the quorum to more than there is loses it, and tells so once', async () => {
    const { written, heard } = await reload([tutorial()], [tutorial({ quorum: 3 })]);
    expect([written, heard]).toEqual([[], ['DOWN [10.0.0.3]:tcp:80: Lost quorum 3-0=3 > 2']]);
  });

  test('inhibit_on_failure of a server that is down brings it in with weight 0, and takes it out again', async () => {
    const { ipvs, configure } = await reload(
      [tutorial()],
      [servers({ inhibitOnFailure: true })],
      ['10.0.0.7'],
    );
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.7:80 0', '10.0.0.3:80/tcp -> 10.0.0.8:80 1']);
    void configure(configOf([tutorial()]));
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.8:80 1']);
  });

  test('the services of a group adds and removes those that differ', async () => {
    const group = (...hosts: string[]) =>
      tutorial({ name: '[group web]:tcp', group: 'web', services: hosts.map((host) => tcpService(host)) });
    const { written, ipvs, heard } = await reload(
      [group('10.0.0.3', '10.0.0.4')],
      [group('10.0.0.4', '10.0.0.5')],
      ['10.0.0.7'],
    );
    expect(ipvs.lines()).toEqual(['10.0.0.4:80/tcp -> 10.0.0.8:80 1', '10.0.0.5:80/tcp -> 10.0.0.8:80 1']);
    expect(written).toEqual(['createService', 'createDestination', 'removeService']);
    expect(heard).toEqual([]);
  });
});

describe('a reload while the sorry server serves', () => {
  const all = ['10.0.0.7', '10.0.0.8'];
  const before = tutorial({ quorum: 3, sorryServer: sorryServer('10.0.0.98') });

  test('to another one brings that in before the old one goes', async () => {
    const after = tutorial({ quorum: 3, sorryServer: sorryServer('10.0.0.99') });
    const { written, said, ipvs } = await reload([before], [after]);
    expect(written).toEqual(['createDestination', 'removeDestination']);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.99:80 1']);
    expect(said).toEqual([
      'Removing sorry server [10.0.0.98]:tcp:80 from VS [10.0.0.3]:tcp:80',
      'Adding sorry server [10.0.0.99]:tcp:80 to VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('to none puts the live servers back', async () => {
    const { ipvs, said } = await reload([before], [tutorial({ quorum: 3 })]);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.7:80 1', '10.0.0.3:80/tcp -> 10.0.0.8:80 1']);
    expect(said).toContain('Adding alive servers to the pool for VS [10.0.0.3]:tcp:80');
  });

  test('of nothing leaves it, and dead servers are not put back', async () => {
    const { written, said } = await reload([before], [structuredClone(before)], all);
    expect([written, said]).toEqual([[], []]);
  });
});

describe('a reload that adds', () => {
  test('a server with alpha leaves it out until it has answered', async () => {
    const alpha = realServer('10.0.0.9', { checkers: [tcpCheck('10.0.0.9', 80, { alpha: true })] });
    const after = tutorial({ realServers: [realServer('10.0.0.7'), realServer('10.0.0.8'), alpha] });
    const { ipvs } = await reload([tutorial()], [after]);
    expect(ipvs.lines()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ipvs.lines()).toHaveLength(3);
  });

  test('a second check to a server that is up leaves it up, and to one that is down leaves it down', async () => {
    const checkers = (host: string) => [tcpCheck(host, 80), tcpCheck(host, 443)];
    const after = tutorial({
      realServers: ['10.0.0.7', '10.0.0.8'].map((host) => realServer(host, { checkers: checkers(host) })),
    });
    const { written, probes } = await reload([tutorial()], [after], ['10.0.0.7']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toEqual([]);
    expect(probes).toEqual(['2500 10.0.0.7:443', '2500 10.0.0.8:443']);
  });
});

test('a reload of many virtual servers with one server less disturbs no other check', async () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    virtualServer(`10.1.0.${index}`, {
      realServers: [realServer(`10.2.0.${index}`), realServer('10.0.0.8')],
    }),
  );
  const fewer = many.map((server, index) =>
    index === 7 ? { ...server, realServers: server.realServers.slice(0, 1) } : structuredClone(server),
  );
  const { written, probes, said } = await reload(many, fewer);
  expect(written).toEqual(['removeDestination']);
  expect(said).toEqual([
    'service [10.0.0.8]:tcp:80 no longer exist',
    'Removing service [10.0.0.8]:tcp:80 from VS [10.1.0.7]:tcp:80',
  ]);
  await vi.advanceTimersByTimeAsync(6000);
  expect(probes).toHaveLength(399);
  expect(new Set(probes.map((probe) => probe.split(' ')[0]))).toEqual(
    new Set(probes[0]?.split(' ').slice(0, 1)),
  );
});
