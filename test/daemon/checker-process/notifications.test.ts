import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { realServer, tcpCheck, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);
const dead7 = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80, { alpha: true })] });

describe('at start', () => {
  test('nothing is told when all is well', async () => {
    const set = setUp();
    void set.configure(tutorial);
    await vi.advanceTimersByTimeAsync(1500);
    expect(set.told()).toEqual([]);
  });

  test('a missing quorum is told', async () => {
    const set = setUp();
    void set.configure(
      configOf([virtualServer('10.0.0.3', { realServers: [dead7], quorumDown: { argv: ['/q'] } })]),
    );
    await vi.advanceTimersByTimeAsync(500);
    expect(set.told()).toEqual(['DOWN [10.0.0.3]:tcp:80: Starting with quorum down 1+0=1 > 0']);
  });

  test('with rs_init_notifies servers that are assumed up are told, and those that are found down', async () => {
    const set = setUp();
    set.dead.add('10.0.0.7');
    const server = virtualServer('10.0.0.3', { realServers: [dead7, realServer('10.0.0.8')] });
    void set.configure(configOf([server], { notifiesInitialState: true }));
    await vi.advanceTimersByTimeAsync(500);
    expect(set.told()).toEqual([
      'UP [10.0.0.8]:tcp:80 of [10.0.0.3]:tcp:80: Configuration takes the server up',
    ]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(set.told()).toEqual(['DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: TCP CHECK failed on service']);
  });
});

test('a server that dies and returns is told each time, before the quorum that goes and comes with it', async () => {
  const set = await started(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.7')] })]));
  set.dead.add('10.0.0.7');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(set.told()).toEqual([
    'DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: TCP CHECK failed on service',
    'DOWN [10.0.0.3]:tcp:80: Lost quorum 1-0=1 > 0',
  ]);
  set.dead.clear();
  await vi.advanceTimersByTimeAsync(6000);
  expect(set.told()).toEqual([
    'UP [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: TCP CHECK succeed on service',
    'UP [10.0.0.3]:tcp:80: Gained quorum 1+0=1 <= 1',
  ]);
});

describe('a reload', () => {
  async function reloaded(...servers: VirtualServerConfig[]) {
    const set = await started(tutorial);
    void set.configure(configOf(servers));
    await vi.advanceTimersByTimeAsync(100);
    return set.told();
  }

  test('without a server tells that it is down, with or without omega', async () => {
    expect(await reloaded(virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] }))).toEqual([
      'DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: Removing',
    ]);
  });

  test('without a virtual server tells that its servers are down, and its quorum', async () => {
    expect(await reloaded()).toEqual([
      'DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: Removing',
      'DOWN [10.0.0.8]:tcp:80 of [10.0.0.3]:tcp:80: Removing',
      'DOWN [10.0.0.3]:tcp:80: Removing',
    ]);
  });

  test('that changes only a weight tells nothing', async () => {
    const realServers = [realServer('10.0.0.7', { weight: 2 }), realServer('10.0.0.8')];
    expect(await reloaded(virtualServer('10.0.0.3', { realServers }))).toEqual([]);
  });
});

describe('the end of the daemon', () => {
  async function ended(omega: boolean, keepIpvsOnExit = false) {
    const set = setUp();
    void set.configure(configOf([virtualServer('10.0.0.3', { omega })]), { keepIpvsOnExit });
    await vi.advanceTimersByTimeAsync(1500);
    set.told();
    void set.checkers.stop(1000);
    await vi.advanceTimersByTimeAsync(50);
    return set.told();
  }

  test('is told with omega: every server that was up, and the quorum', async () => {
    expect(await ended(true)).toEqual([
      'DOWN [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80: Shutting down (last)',
      'DOWN [10.0.0.8]:tcp:80 of [10.0.0.3]:tcp:80: Shutting down (last)',
      'DOWN [10.0.0.3]:tcp:80: Shutting down (last)',
    ]);
  });

  test('is not told without omega', async () => {
    expect(await ended(false)).toEqual([]);
  });

  test('is not told with --dont-release-ipvs, where the servers go on', async () => {
    expect(await ended(true, true)).toEqual([]);
  });
});

test('an event brings the command for its state and whether mail is wanted', async () => {
  const notified: unknown[] = [];
  const set = setUp();
  const web = realServer('10.0.0.7', {
    notifyUp: { argv: ['/up'] },
    notifyDown: { argv: ['/down'] },
    mail: true,
  });
  const server = virtualServer('10.0.0.3', { realServers: [web], quorumDown: { argv: ['/q'], user: 'u' } });
  set.observeEvents((event) => notified.push(event));
  await started(configOf([server]), set);
  set.dead.add('10.0.0.7');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(notified).toEqual([
    {
      kind: 'realServer',
      name: '[10.0.0.7]:tcp:80',
      virtualServer: '[10.0.0.3]:tcp:80',
      state: 'DOWN',
      command: { argv: ['/down'] },
      mail: true,
      text: 'TCP CHECK failed on service',
    },
    {
      kind: 'virtualServer',
      name: '[10.0.0.3]:tcp:80',
      state: 'DOWN',
      command: { argv: ['/q'], user: 'u' },
      mail: false,
      text: 'Lost quorum 1-0=1 > 0',
    },
  ]);
});
