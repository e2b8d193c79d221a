import { describe, expect, test } from 'vitest';
import {
  type Surroundings,
  TableSurroundings,
} from '../../../src/daemon/checker-process/table-surroundings.ts';
import { TableSysctls } from '../../../src/daemon/checker-process/table-sysctls.ts';
import type { ChangedSysctl } from '../../../src/daemon/ipc.ts';
import type { SyncDaemon } from '../../../src/ipvs-sync/index.ts';
import { FakeIpvs } from './fake-ipvs.ts';
import { fakeSysctls } from './fake-sysctls.ts';

const forward = { path: 'ipv4/ip_forward', value: '1', reason: 'answers are forwarded' };
const conntrack = { path: 'ipv4/vs/conntrack', value: '1', reason: 'FULLNAT needs it' };
const master: SyncDaemon = { state: 'master', interface: 'eth0', syncId: 51 };
const backup: SyncDaemon = { ...master, state: 'backup' };

/** `remembered` is what the last run, which was killed, has told; `values` are what it has left. */
function setUp(
  remembered: ReadonlyMap<string, ChangedSysctl> = new Map(),
  values = new Map([
    ['ipv4/ip_forward', '0'],
    ['ipv4/vs/conntrack', '1'],
    ['ipv4/vs/expire_nodest_conn', '0'],
  ]),
) {
  const changed = new Map(remembered);
  const report = (path: string, change: ChangedSysctl | undefined) => {
    if (change === undefined) changed.delete(path);
    else changed.set(path, change);
  };
  const ipvs = new FakeIpvs();
  const sysctls = new TableSysctls(fakeSysctls(values), { changed: remembered, report });
  const surroundings = new TableSurroundings(sysctls);
  const keep = async (goal: Surroundings, isNew = false) => {
    const { records, troubles } = await surroundings.keep(ipvs, goal, isNew);
    return [...records.map(({ level, message }) => `${level}: ${message}`), ...troubles];
  };
  return { values, ipvs, surroundings, keep, changed };
}

describe("the kernel's settings", () => {
  test('are set where they are otherwise, which is told once with the reason', async () => {
    const { values, keep } = setUp();
    const goal = { sysctls: [forward, conntrack] };
    expect(await keep(goal, true)).toEqual([
      'notice: net.ipv4.ip_forward set from 0 to 1: answers are forwarded',
    ]);
    expect(await keep(goal)).toEqual([]);
    expect([...values.values()]).toEqual(['1', '1', '0']);
  });

  test('are set again when somebody else changes them, also those that were right before', async () => {
    const { values, keep } = setUp();
    const goal = { sysctls: [forward, conntrack] };
    await keep(goal, true);
    values.set('ipv4/vs/conntrack', '0');
    expect(await keep(goal)).toEqual([
      'warning: net.ipv4.vs.conntrack was set to 0 by somebody else; set to 1 again: FULLNAT needs it',
    ]);
    expect(values.get('ipv4/vs/conntrack')).toBe('1');
  });

  test('go back to what they were at the end, or when a reload needs them no more, and only if we changed them', async () => {
    const { values, keep, surroundings, ipvs } = setUp();
    await keep({ sysctls: [forward, conntrack] }, true);
    expect(await keep({ sysctls: [conntrack] }, true)).toEqual(['notice: net.ipv4.ip_forward set back to 0']);
    await keep({ sysctls: [forward, conntrack] }, true);
    await surroundings.release(ipvs);
    expect([values.get('ipv4/ip_forward'), values.get('ipv4/vs/conntrack')]).toEqual(['0', '1']);
  });

  test('that somebody else has changed since are his', async () => {
    const { values, keep, surroundings, ipvs } = setUp();
    await keep({ sysctls: [forward] }, true);
    values.set('ipv4/ip_forward', '2');
    expect(await surroundings.release(ipvs)).toEqual([]);
    expect(values.get('ipv4/ip_forward')).toBe('2');
  });

  test('that we have changed are told with what was there before, until they are put back', async () => {
    const { keep, changed } = setUp();
    await keep({ sysctls: [forward, conntrack] }, true);
    expect([...changed]).toEqual([['ipv4/ip_forward', { value: '1', previous: '0' }]]);
    await keep({ sysctls: [conntrack] }, true);
    expect([...changed]).toEqual([]);
  });

  describe('that a killed predecessor has changed', () => {
    /** A successor in the kernel of a run that has set ip_forward from 0 to 1 and was killed. */
    async function succeeded() {
      const { keep, changed, values } = setUp();
      await keep({ sysctls: [forward] }, true);
      return setUp(changed, values);
    }

    test('go back to what they were before it, at the end or when they are needed no more', async () => {
      const first = await succeeded();
      expect(await first.keep({ sysctls: [forward] }, true)).toEqual([]);
      await first.surroundings.release(first.ipvs);
      expect([first.values.get('ipv4/ip_forward'), [...first.changed]]).toEqual(['0', []]);
      const second = await succeeded();
      expect(await second.keep({}, true)).toEqual(['notice: net.ipv4.ip_forward set back to 0']);
    });

    test('are his who has changed them since', async () => {
      const { values, keep } = await succeeded();
      values.set('ipv4/ip_forward', '2');
      expect(await keep({}, true)).toEqual([]);
      expect(values.get('ipv4/ip_forward')).toBe('2');
    });

    test('are set again where they are needed, as by the predecessor itself', async () => {
      const { values, keep, surroundings, ipvs } = await succeeded();
      values.set('ipv4/ip_forward', '2');
      expect(await keep({ sysctls: [forward] }, true)).toEqual([
        'warning: net.ipv4.ip_forward was set to 2 by somebody else; set to 1 again: answers are forwarded',
      ]);
      await surroundings.release(ipvs);
      expect(values.get('ipv4/ip_forward')).toBe('0');
    });
  });

  test('that cannot be set are a trouble with its consequence', async () => {
    const { keep } = setUp();
    const missing = { path: 'ipv6/conf/all/forwarding', value: '1', reason: 'answers are forwarded' };
    expect(await keep({ sysctls: [missing] }, true)).toEqual([
      'cannot set net/ipv6/conf/all/forwarding to 1: EROFS, but answers are forwarded only with it',
    ]);
  });

  test('are advised once, and left alone', async () => {
    const { values, keep } = setUp();
    const advice = [{ path: 'ipv4/vs/expire_nodest_conn', value: '1', consequence: 'Connections hang' }];
    expect(await keep({ advice }, true)).toEqual([
      'info: net.ipv4.vs.expire_nodest_conn is 0. Connections hang',
    ]);
    expect(await keep({ advice }, true)).toEqual([]);
    expect(values.get('ipv4/vs/expire_nodest_conn')).toBe('0');
  });
});

describe('the connection synchronization', () => {
  const states = async (ipvs: FakeIpvs) => (await ipvs.syncDaemons()).map(({ state }) => state);

  test('follows the goal: listens, then sends, then is not there', async () => {
    const { ipvs, keep } = setUp();
    expect(await keep({ syncDaemons: [backup] }, true)).toEqual([
      'info: The connection synchronization listens on eth0, id 51',
    ]);
    expect(await keep({ syncDaemons: [master] }, true)).toEqual([
      'info: The connection synchronization listens no longer',
      'info: The connection synchronization sends on eth0, id 51',
    ]);
    expect(await states(ipvs)).toEqual(['master']);
    await keep({}, true);
    expect(await states(ipvs)).toEqual([]);
  });

  test('that somebody stops is started again, and that is told as his doing', async () => {
    const { ipvs, keep } = setUp();
    await keep({ syncDaemons: [master] }, true);
    await ipvs.stopSyncDaemon('master');
    expect(await keep({ syncDaemons: [master] })).toEqual([
      'warning: The connection synchronization was stopped by somebody else; it sends again on eth0, id 51',
    ]);
    expect(await keep({ syncDaemons: [master] })).toEqual([]);
  });

  test('of somebody else is left alone where none is configured, at the end too', async () => {
    const { ipvs, keep, surroundings } = setUp();
    await ipvs.startSyncDaemon(backup);
    await keep({}, true);
    await surroundings.release(ipvs);
    expect(await states(ipvs)).toEqual(['backup']);
  });

  test('of ours ends with us', async () => {
    const { ipvs, keep, surroundings } = setUp();
    await keep({ syncDaemons: [master, backup] }, true);
    await surroundings.release(ipvs);
    expect(await states(ipvs)).toEqual([]);
  });

  test('that cannot be started is a trouble and does not keep the rest from being done', async () => {
    const { ipvs, keep } = setUp();
    ipvs.startSyncDaemon = () => Promise.reject(new Error('IPVS_CMD_NEW_DAEMON master on eth0: ENODEV'));
    const applied: string[] = [];
    const extra = {
      apply: async () => [{ level: 'info', message: `${applied.push('apply')}` } as const],
      check: async () => [],
      release: async () => [],
    };
    expect(await keep({ syncDaemons: [master], extra }, true)).toEqual([
      'info: 1',
      'Cannot run the connection synchronization: IPVS_CMD_NEW_DAEMON master on eth0: ENODEV',
    ]);
  });
});

test('what comes with a goal is applied with it, checked afterwards, and released at the end', async () => {
  const { keep, surroundings, ipvs } = setUp();
  const calls: string[] = [];
  const does = (what: string) => async () => {
    calls.push(what);
    return [];
  };
  const extra = { apply: does('apply'), check: does('check'), release: does('release') };
  await keep({ extra }, true);
  await keep({ extra });
  await surroundings.release(ipvs);
  expect(calls).toEqual(['apply', 'check', 'release']);
});
