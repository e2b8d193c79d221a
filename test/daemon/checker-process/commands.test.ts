import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SyncDaemonConfig } from '../../../src/config-parser/config.ts';
import {
  realServer,
  sorryServer,
  tcpCheck,
  tcpService,
  tutorialTiming,
  virtualServer,
} from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);

describe('the status', () => {
  test('tells of every server how it is, what it weighs and what its checks found last, the last first', async () => {
    const set = await started(tutorial);
    set.dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(90_000);
    const answer = await set.checkers.command({ kind: 'checkerStatus' });
    const server = answer.ok ? answer.status?.virtualServers[0] : undefined;
    expect(server).toMatchObject({
      name: '[10.0.0.3]:tcp:80',
      services: ['10.0.0.3:80/tcp'],
      hasQuorum: true,
      liveWeight: 1,
      isSuspended: false,
      realServers: [
        { name: '10.0.0.7:80', isUp: false, checkers: [{ kind: 'TCP_CHECK', state: 'down' }] },
        { name: '10.0.0.8:80', isUp: true, effectiveWeight: 1, connections: { active: 0, inactive: 0 } },
      ],
    });
    const results = server?.realServers[0]?.checkers[0]?.results ?? [];
    expect(results).toHaveLength(5);
    expect(results[0]?.secondsAgo).toBeLessThan(6);
    expect(results[4]?.secondsAgo).toBeGreaterThan(24);
    expect(results.map(({ outcome }) => outcome.kind)).toEqual(Array(5).fill('failed'));
  });

  test('tells of the sorry server in use and of trouble with the table', async () => {
    const set = setUp();
    set.ipvs.failing.add('createService');
    const server = virtualServer('10.0.0.3', { quorum: 5, sorryServer: sorryServer('10.0.0.99') });
    await started(configOf([server]), set);
    const answer = await set.checkers.command({ kind: 'checkerStatus' });
    expect(answer).toMatchObject({
      status: {
        virtualServers: [{ hasQuorum: false, sorryServer: { name: '10.0.0.99:80', isInUse: true } }],
        tableTrouble: expect.stringContaining('10.0.0.3:80/tcp'),
      },
    });
  });

  test('is that of nothing before any configuration', async () => {
    const set = setUp();
    expect(await set.checkers.command({ kind: 'checkerStatus' })).toMatchObject({
      ok: true,
      status: { virtualServers: [] },
    });
  });
});

describe('a plan', () => {
  async function planned(...servers: Parameters<typeof configOf>[0]) {
    const set = await started(tutorial);
    set.dead.add('10.0.0.8');
    await vi.advanceTimersByTimeAsync(15_000);
    const before = [set.ipvs.operations.length, set.ipvs.lines()];
    const answer = await advance(set.checkers.command({ kind: 'planTable', config: configOf(servers) }));
    expect([set.ipvs.operations.length, set.ipvs.lines()]).toEqual(before);
    return answer.ok ? answer.changes : answer;
  }

  async function advance<Value>(value: Promise<Value>): Promise<Value> {
    await vi.advanceTimersByTimeAsync(20);
    return value;
  }

  test('of the same configuration has nothing to change, and a dead server is not planned back', async () => {
    expect(await planned(virtualServer('10.0.0.3'))).toEqual([]);
  });

  test('tells what would be written, with what is there now', async () => {
    const realServers = [realServer('10.0.0.7', { weight: 5 }), realServer('10.0.0.9')];
    expect(
      await planned(
        virtualServer('10.0.0.3', { scheduler: 'lc', realServers }),
        virtualServer('10.0.0.4', { realServers: [] }),
      ),
    ).toEqual([
      { change: 'change', subject: '10.0.0.3:80/tcp', details: ['scheduler wrr -> lc'] },
      { change: 'add', subject: '10.0.0.9:80 in 10.0.0.3:80/tcp', details: ['weight 1', 'DR'] },
      { change: 'change', subject: '10.0.0.7:80 in 10.0.0.3:80/tcp', details: ['weight 1 -> 5'] },
      { change: 'add', subject: '10.0.0.4:80/tcp', details: ['scheduler wrr', 'persistent 50 s'] },
    ]);
  });

  test('tells what would go', async () => {
    expect(await planned()).toEqual([
      { change: 'remove', subject: '10.0.0.3:80/tcp', details: ['with its real server'] },
    ]);
  });

  test('tells which checks would start anew, and what becomes of the server', async () => {
    const timing = { ...tutorialTiming, delayLoopMs: 1000 };
    const realServers = [
      realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80, { timing })] }),
      realServer('10.0.0.8', { checkers: [tcpCheck('10.0.0.8', 8080)] }),
    ];
    expect(await planned(virtualServer('10.0.0.3', { realServers }))).toEqual([
      {
        change: 'change',
        subject: 'TCP_CHECK of [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80',
        details: [],
        consequences: ['the check starts anew; the server keeps its state'],
      },
      {
        change: 'add',
        subject: 'TCP_CHECK of [10.0.0.8]:tcp:80 of [10.0.0.3]:tcp:80',
        details: [],
        consequences: ['the check starts anew; the server is taken for down until then'],
      },
    ]);
  });

  test('of a kernel that cannot be read says why', async () => {
    const set = await started(tutorial);
    set.ipvs.readError = 'EPERM';
    const answer = await set.checkers.command({ kind: 'planTable', config: tutorial });
    expect(answer).toMatchObject({ ok: false, lines: [expect.stringContaining('EPERM')] });
  });
});

describe('a group', () => {
  test('is one virtual server with several services, which go and come together', async () => {
    const services = [tcpService('10.0.0.3'), tcpService('10.0.0.4')];
    const group = virtualServer('10.0.0.3', { name: '[group web]:tcp', group: 'web', services });
    const set = await started(configOf([group]));
    expect(set.probes).toHaveLength(2);
    set.dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(set.ipvs.lines()).toEqual([
      '10.0.0.3:80/tcp -> 10.0.0.8:80 1',
      '10.0.0.4:80/tcp -> 10.0.0.8:80 1',
    ]);
  });

  test('does not take a service that a virtual server before it has, until that one is gone', async () => {
    const services = [tcpService('10.0.0.3'), tcpService('10.0.0.4')];
    const group = virtualServer('10.0.0.3', {
      name: '[group web]:tcp',
      group: 'web',
      services,
      realServers: [realServer('10.0.0.9')],
    });
    const set = await started(configOf([virtualServer('10.0.0.3'), group]));
    expect(set.ipvs.lines()).toEqual([
      '10.0.0.3:80/tcp -> 10.0.0.7:80 1',
      '10.0.0.3:80/tcp -> 10.0.0.8:80 1',
      '10.0.0.4:80/tcp -> 10.0.0.9:80 1',
    ]);
    void set.configure(configOf([group]));
    await vi.advanceTimersByTimeAsync(50);
    expect(set.ipvs.lines()).toEqual([
      '10.0.0.3:80/tcp -> 10.0.0.9:80 1',
      '10.0.0.4:80/tcp -> 10.0.0.9:80 1',
    ]);
  });
});

describe('the connection synchronization', () => {
  const syncDaemon: SyncDaemonConfig = { interface: 'eth1', syncId: 7 };
  const state = (name: string, word: 'MASTER' | 'BACKUP' | 'FAULT') =>
    ({ kind: 'instance', name, state: word, priority: 100 }) as const;

  async function daemons(set: Awaited<ReturnType<typeof started>>) {
    await vi.advanceTimersByTimeAsync(50);
    return (await set.ipvs.syncDaemons()).map((daemon) => daemon.state);
  }

  test('without an instance runs both ways', async () => {
    const set = await started(configOf([virtualServer('10.0.0.3')], { syncDaemon }));
    expect([...(await daemons(set))].sort()).toEqual(['backup', 'master']);
  });

  test('follows its instance, and no other', async () => {
    const set = await started(
      configOf([virtualServer('10.0.0.3')], { syncDaemon: { ...syncDaemon, instance: 'VI_1' } }),
    );
    expect(await daemons(set)).toEqual([]);
    const seen: string[][] = [];
    for (const event of [
      state('VI_1', 'BACKUP'),
      state('VI_2', 'MASTER'),
      state('VI_1', 'MASTER'),
      state('VI_1', 'FAULT'),
    ]) {
      set.checkers.noteInstances([event]);
      seen.push([...(await daemons(set))]);
    }
    expect(seen).toEqual([['backup'], ['backup'], ['master'], ['backup']]);
  });

  test('of a process that does not know its instance yet is left as a predecessor had it', async () => {
    const set = setUp();
    await set.ipvs.startSyncDaemon({ ...syncDaemon, state: 'master' });
    await started(
      configOf([virtualServer('10.0.0.3')], { syncDaemon: { ...syncDaemon, instance: 'VI_1' } }),
      set,
    );
    expect(await daemons(set)).toEqual(['master']);
  });
});
