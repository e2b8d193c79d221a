import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { desiredTable, serviceKey } from '../../../src/ipvs-sync/index.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';
import {
  both,
  bothInTable,
  createForeign,
  foreign,
  goalOf,
  service,
  settled,
  setUp,
} from './table-keeper-fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a new goal', () => {
  test('is in the table at once, without a word in the log', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([]);
  });

  test('resolves when it has been tried', async () => {
    const { keeper, ipvs } = setUp();
    const tried = keeper.setGoal(both).then(() => ipvs.lines());
    await vi.advanceTimersByTimeAsync(50);
    expect(await tried).toEqual(bothInTable);
  });

  test('that follows others during a pass makes one pass, and never two at a time', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(2);
    const tried = [goalOf('10.0.0.7'), goalOf('10.0.0.8'), goalOf('10.0.0.9')].map((goal) =>
      keeper.setGoal(goal),
    );
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all(tried);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.9:80 1']);
    expect([ipvs.observations, ipvs.writes]).toEqual([1, 2]);
    expect(ipvs.mostAtATime).toBe(1);
  });

  test("leaves out what no longer is wanted of ours, and not what is another's", async () => {
    const { keeper, ipvs } = setUp();
    createForeign(ipvs);
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    void keeper.setGoal({ desired: [] });
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(['10.0.0.200:80/tcp']);
  });
});

describe('a change of the goal', () => {
  test('is one write without a reading, and does not touch what is unchanged', async () => {
    const { keeper, ipvs } = setUp();
    const hosts = Array.from({ length: 200 }, (_, index) => `10.1.0.${index + 1}`);
    const table = (changed: string) => ({
      desired: desiredTable(
        hosts.map((host) =>
          virtualServer(host, {
            realServers: [realServer('10.0.0.7'), ...(host === changed ? [] : [realServer('10.0.0.8')])],
          }),
        ),
        new Map(),
      ),
    });
    void keeper.setGoal(table(''));
    await vi.advanceTimersByTimeAsync(200);
    const [operations, observations] = [ipvs.operations.length, ipvs.observations];
    const writes = ipvs.writes;
    void keeper.setGoal(table('10.1.0.77'));
    await vi.advanceTimersByTimeAsync(20);
    expect(ipvs.operations.slice(operations).map(({ kind }) => kind)).toEqual(['removeDestination']);
    expect([ipvs.writes - writes, ipvs.observations - observations]).toEqual([1, 0]);
  });

  test('that wants a service which somebody else has made takes it over as it is now', async () => {
    const { keeper, ipvs } = setUp();
    createForeign(ipvs);
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(3000);
    const [server] = both.desired[0]?.destinations ?? [];
    if (server === undefined) throw new Error('there is one');
    ipvs.change({ kind: 'createDestination', service: foreign, destination: server });
    const realServers = [realServer('10.0.0.9')];
    const more = desiredTable([virtualServer('10.0.0.200', { realServers })], new Map());
    void keeper.setGoal({ desired: [...both.desired, ...more] });
    await vi.advanceTimersByTimeAsync(20);
    expect(ipvs.lines()).toEqual(['10.0.0.200:80/tcp -> 10.0.0.9:80 1', ...bothInTable]);
  });
});

describe('at start', () => {
  test('services that are there and wanted are adopted without an operation', async () => {
    const first = setUp();
    void first.keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    const second = setUp({ owned: [service] }, first.ipvs);
    const before = first.ipvs.operations.length;
    void second.keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    expect(first.ipvs.operations).toHaveLength(before);
    expect(second.messages()).toEqual([]);
  });

  test('services of an earlier run that are no longer wanted are removed', async () => {
    const first = setUp();
    void first.keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    const second = setUp({ owned: [service] }, first.ipvs);
    void second.keeper.setGoal({ desired: [] });
    await vi.advanceTimersByTimeAsync(50);
    expect(first.ipvs.lines()).toEqual([]);
  });

  test('lvs_flush empties the table once, also of what is not ours', async () => {
    const { keeper, ipvs } = setUp({ flushFirst: true });
    createForeign(ipvs);
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(ipvs.flushes).toBe(1);
  });

  test('what is there is told before anything is written, and is not read again', async () => {
    const { keeper, ipvs } = setUp();
    createForeign(ipvs);
    const found = await settled(keeper.observe());
    expect(found.map((one) => serviceKey(one.service.service))).toEqual(['10.0.0.200:80/tcp']);
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.observations).toBe(1);
  });

  test('what cannot be read, or is to be flushed, is told as nothing', async () => {
    const unreadable = setUp();
    unreadable.ipvs.readError = 'EPERM';
    expect(await settled(unreadable.keeper.observe())).toEqual([]);
    const flushed = setUp({ flushFirst: true });
    createForeign(flushed.ipvs);
    expect(await settled(flushed.keeper.observe())).toEqual([]);
  });

  test('lvs_timeouts are set once, and again when somebody changes them', async () => {
    const { keeper, ipvs, messages } = setUp();
    const timeouts = { tcpSeconds: 60 };
    void keeper.setGoal({ ...both, timeouts });
    await vi.advanceTimersByTimeAsync(50);
    void keeper.setGoal({ ...goalOf('10.0.0.7'), timeouts });
    await vi.advanceTimersByTimeAsync(20_000);
    expect([ipvs.timeoutsSet, messages()]).toEqual([[timeouts], []]);
    await settled(ipvs.setTimeouts({ tcpSeconds: 900 }));
    await vi.advanceTimersByTimeAsync(1010);
    expect(ipvs.timeoutsSet).toHaveLength(3);
    expect(messages()).toEqual(['warning: The IPVS timeouts were changed by somebody else; set again']);
  });
});

describe('the services that are ours', () => {
  test('are reported before they are in the kernel', async () => {
    const { keeper, ipvs, owned } = setUp();
    ipvs.failing.add('createService');
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(0);
    expect(owned[0]).toEqual(['10.0.0.3:80/tcp']);
    expect(ipvs.lines()).toEqual([]);
  });

  test('are reported again after one has left, and not when nothing changes', async () => {
    const { keeper, owned } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(20_000);
    void keeper.setGoal({ desired: [] });
    await vi.advanceTimersByTimeAsync(50);
    expect(owned).toEqual([['10.0.0.3:80/tcp'], []]);
  });
});

describe('at stop', () => {
  async function running() {
    const set = setUp();
    createForeign(set.ipvs);
    void set.keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    return set;
  }

  test.each([
    ['remove', ['10.0.0.200:80/tcp']],
    ['keep', ['10.0.0.200:80/tcp', ...bothInTable]],
    ['flush', []],
  ] as const)('%s leaves %j', async (release, left) => {
    const { keeper, ipvs } = await running();
    const stopped = keeper.stop(release);
    await vi.advanceTimersByTimeAsync(50);
    await stopped;
    expect(ipvs.lines()).toEqual(left);
    expect(ipvs.closes).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a pass under way ends first, and a goal given afterwards is ignored', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(2);
    const stopped = keeper.stop('remove');
    await keeper.setGoal(goalOf('10.0.0.9'));
    await vi.advanceTimersByTimeAsync(50);
    await stopped;
    expect(ipvs.lines()).toEqual([]);
    expect(ipvs.mostAtATime).toBe(1);
  });

  test('what cannot be removed is told, and the end comes all the same', async () => {
    const { keeper, ipvs, messages } = await running();
    ipvs.failing.add('removeService');
    const stopped = keeper.stop('remove');
    await vi.advanceTimersByTimeAsync(50);
    await stopped;
    expect(messages()).toEqual(['error: Cannot clear the IPVS table: removeService: ENOMEM']);
  });
});
