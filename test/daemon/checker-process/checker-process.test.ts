import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config, RealServerConfig } from '../../../src/config-parser/config.ts';
import {
  realServer,
  sorryServer,
  tcpCheck,
  tutorialTiming,
  virtualServer,
} from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started as startedWith } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);
const web01 = '10.0.0.3:80/tcp -> 10.0.0.7:80 1';
const web02 = '10.0.0.3:80/tcp -> 10.0.0.8:80 1';

const started = (config = tutorial) => startedWith(config);

describe('at start', () => {
  test('servers assumed up are in the table before any check', async () => {
    const { ipvs, configure, probes, messages } = setUp();
    void configure(tutorial);
    await vi.advanceTimersByTimeAsync(20);
    expect(ipvs.lines()).toEqual([web01, web02]);
    expect(probes).toEqual([]);
    expect(messages()).toEqual([
      'Gained quorum 1+0=1 <= 2 for VS [10.0.0.3]:tcp:80',
      'Activating healthchecker for service [10.0.0.7]:tcp:80 for VS [10.0.0.3]:tcp:80',
      'Activating healthchecker for service [10.0.0.8]:tcp:80 for VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('a dead server leaves the table with its first check', async () => {
    const { ipvs, configure, dead, messages } = setUp();
    dead.add('10.0.0.8');
    void configure(tutorial);
    await vi.advanceTimersByTimeAsync(900);
    expect(ipvs.lines()).toEqual([web01, web02]);
    messages();
    await vi.advanceTimersByTimeAsync(200);
    expect(ipvs.lines()).toEqual([web01]);
    expect(messages()).toEqual([
      'TCP connection to [10.0.0.7]:tcp:80 success.',
      'TCP_CHECK on service [10.0.0.8]:tcp:80 failed.',
      'Removing service [10.0.0.8]:tcp:80 from VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('servers with alpha are in the table only once they have answered', async () => {
    const { ipvs, configure } = setUp();
    const alpha = realServer('10.0.0.7', {
      alpha: true,
      checkers: [tcpCheck('10.0.0.7', 80, { alpha: true })],
    });
    void configure(configOf([virtualServer('10.0.0.3', { realServers: [alpha] })]));
    await vi.advanceTimersByTimeAsync(900);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp']);
    await vi.advanceTimersByTimeAsync(200);
    expect(ipvs.lines()).toEqual([web01]);
  });
});

describe('a server that dies and returns', () => {
  test("leaves the table after its retries and is back with one success, in keepalived's words", async () => {
    const { ipvs, dead, messages } = await started();
    dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(14_000);
    expect(ipvs.lines()).toEqual([web01, web02]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ipvs.lines()).toEqual([web02]);
    expect(messages()).toEqual([
      'TCP_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries.',
      'Removing service [10.0.0.7]:tcp:80 from VS [10.0.0.3]:tcp:80',
    ]);
    dead.clear();
    await vi.advanceTimersByTimeAsync(6000);
    expect(ipvs.lines()).toEqual([web01, web02]);
    expect(messages()).toEqual([
      'TCP connection to [10.0.0.7]:tcp:80 success.',
      'Adding service [10.0.0.7]:tcp:80 to VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('stays in the table with weight 0 where inhibit_on_failure is set', async () => {
    const inhibited = realServer('10.0.0.7', { inhibitOnFailure: true });
    const { ipvs, dead, messages } = await started(
      configOf([virtualServer('10.0.0.3', { realServers: [inhibited] })]),
    );
    dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.7:80 0']);
    expect(messages().slice(1)).toEqual([
      'Disabling service [10.0.0.7]:tcp:80 of VS [10.0.0.3]:tcp:80',
      'Lost quorum 1-0=1 > 0 for VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('is replaced by the sorry server when it was the last, and takes over from it again', async () => {
    const realServers = [realServer('10.0.0.7')];
    const { ipvs, dead, messages } = await started(
      configOf([virtualServer('10.0.0.3', { realServers, sorryServer: sorryServer('10.0.0.99') })]),
    );
    dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.99:80 1']);
    expect(messages().slice(2)).toEqual([
      'Lost quorum 1-0=1 > 0 for VS [10.0.0.3]:tcp:80',
      'Adding sorry server [10.0.0.99]:tcp:80 to VS [10.0.0.3]:tcp:80',
      'Removing alive servers from the pool for VS [10.0.0.3]:tcp:80',
    ]);
    dead.clear();
    await vi.advanceTimersByTimeAsync(6000);
    expect(ipvs.lines()).toEqual([web01]);
    expect(messages().slice(2)).toEqual([
      'Gained quorum 1+0=1 <= 1 for VS [10.0.0.3]:tcp:80',
      'Removing sorry server [10.0.0.99]:tcp:80 from VS [10.0.0.3]:tcp:80',
      'Adding alive servers to the pool for VS [10.0.0.3]:tcp:80',
    ]);
  });
});

test('a server that this host cannot ask stays as it is, and that is told once', async () => {
  const { ipvs, unaskable, messages } = await started();
  unaskable.add('10.0.0.7');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ipvs.lines()).toEqual([web01, web02]);
  expect(messages()).toEqual([
    'TCP_CHECK on service [10.0.0.7]:tcp:80 cannot be made from this host (bind: EADDRNOTAVAIL). ' +
      'The server keeps its state; trying again at every delay_loop.',
  ]);
});

test('checks that change nothing write nothing to the table', async () => {
  const { ipvs } = await started();
  const { length } = ipvs.operations;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ipvs.operations).toHaveLength(length);
});

describe('a reload', () => {
  function changed(...servers: RealServerConfig[]): Config {
    return configOf([virtualServer('10.0.0.3', { realServers: servers })]);
  }

  test('of the same configuration does nothing to the table, the checks or the log', async () => {
    const { ipvs, configure, probes, messages } = await started();
    const before = ipvs.operations.length;
    await vi.advanceTimersByTimeAsync(3000);
    void configure(structuredClone(tutorial));
    await vi.advanceTimersByTimeAsync(3000);
    expect(ipvs.operations).toHaveLength(before);
    expect(probes).toEqual(['1000 10.0.0.7:80', '1000 10.0.0.8:80', '7000 10.0.0.7:80', '7000 10.0.0.8:80']);
    expect(messages()).toEqual([]);
  });

  test('does not bring a dead server back, and does not flap a live one', async () => {
    const { ipvs, configure, dead, messages } = await started();
    dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    messages();
    void configure(changed(realServer('10.0.0.7'), realServer('10.0.0.8', { weight: 5 })));
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.8:80 5']);
    expect(ipvs.operations.at(-1)).toMatchObject({ kind: 'updateDestination' });
    expect(messages()).toEqual([
      'Changing weight from 1 to 5 for active service [10.0.0.8]:tcp:80 of VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('starts the check of a new server and ends that of a removed one', async () => {
    const { ipvs, configure, probes, messages } = await started();
    void configure(changed(realServer('10.0.0.8'), realServer('10.0.0.9')));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ipvs.lines()).toEqual([web02, '10.0.0.3:80/tcp -> 10.0.0.9:80 1']);
    expect(probes.slice(2, 5)).toEqual(['2500 10.0.0.9:80', '7000 10.0.0.8:80', '8500 10.0.0.9:80']);
    expect(probes.slice(2).filter((probe) => probe.includes('10.0.0.7'))).toEqual([]);
    expect(messages().slice(0, 4)).toEqual([
      'service [10.0.0.7]:tcp:80 no longer exist',
      'Removing service [10.0.0.7]:tcp:80 from VS [10.0.0.3]:tcp:80',
      'Adding service [10.0.0.9]:tcp:80 to VS [10.0.0.3]:tcp:80',
      'Activating healthchecker for service [10.0.0.9]:tcp:80 for VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('with another delay_loop starts that one check anew and keeps its verdict', async () => {
    const { ipvs, configure, probes, dead } = await started();
    dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    const timing = { ...tutorialTiming, delayLoopMs: 2000, warmupMs: 2000 };
    const faster = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80, { timing })] });
    probes.length = 0;
    void configure(changed(faster, realServer('10.0.0.8')));
    await vi.advanceTimersByTimeAsync(4000);
    expect(ipvs.lines()).toEqual([web02]);
    expect(probes).toEqual(['17500 10.0.0.7:80', '19000 10.0.0.8:80', '19500 10.0.0.7:80']);
  });

  test('without the virtual server removes it', async () => {
    const { ipvs, configure, messages } = await started();
    void configure(configOf([]));
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual([]);
    expect(messages()).toEqual(['Removing Virtual Server [10.0.0.3]:tcp:80']);
  });
});

describe('at stop', () => {
  async function stopped(config: Config, keepIpvsOnExit = false) {
    const set = setUp();
    void set.configure(config, { keepIpvsOnExit });
    await vi.advanceTimersByTimeAsync(1500);
    set.messages();
    const done = set.checkers.stop(1000);
    await vi.advanceTimersByTimeAsync(50);
    expect(await done).toBe(true);
    return set;
  }

  test('our services are removed, the checks end and no timer is left', async () => {
    const { ipvs, messages } = await stopped(tutorial);
    expect(ipvs.lines()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(messages()).toEqual([
      'Shutting down service [10.0.0.7]:tcp:80 from VS [10.0.0.3]:tcp:80',
      'Shutting down service [10.0.0.8]:tcp:80 from VS [10.0.0.3]:tcp:80',
    ]);
  });

  test('with --dont-release-ipvs they stay, and nothing is said of shutting down', async () => {
    const { ipvs, messages } = await stopped(tutorial, true);
    expect(ipvs.lines()).toEqual([web01, web02]);
    expect(messages()).toEqual([]);
  });

  test('with lvs_flush_on_stop the whole table is emptied', async () => {
    const { ipvs } = await stopped(configOf([virtualServer('10.0.0.3')], { flushOnStop: 'all' }));
    expect(ipvs.flushes).toBe(1);
  });

  test('before any configuration nothing is touched', async () => {
    const { checkers, ipvs } = setUp();
    expect(await checkers.stop(1000)).toBe(true);
    expect(ipvs.observations).toBe(0);
  });

  test('a kernel that does not answer is not waited for beyond the limit', async () => {
    const { checkers, ipvs } = await started();
    ipvs.performAll = () => new Promise(() => {});
    let released: boolean | undefined;
    void checkers.stop(1000).then((value) => {
      released = value;
    });
    await vi.advanceTimersByTimeAsync(900);
    expect(released).toBeUndefined();
    await vi.advanceTimersByTimeAsync(200);
    expect(released).toBe(false);
  });
});

test('lvs_flush at a first start empties the table', async () => {
  const { ipvs } = await started(configOf([virtualServer('10.0.0.3')], { flush: true }));
  expect(ipvs.flushes).toBe(1);
  expect(ipvs.lines()).toEqual([web01, web02]);
});

test('two configurations that come together are applied in their order', async () => {
  const { ipvs, configure } = setUp();
  void configure(tutorial);
  void configure(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] })]));
  await vi.advanceTimersByTimeAsync(50);
  expect(ipvs.lines()).toEqual([web02]);
});
