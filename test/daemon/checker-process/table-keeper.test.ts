import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { VirtualService } from '../../../src/config-parser/config.ts';
import { TableKeeper, type TableKeeperOptions } from '../../../src/daemon/checker-process/table-keeper.ts';
import { waitUntil } from '../../../src/daemon/checker-process/wait-until.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { desiredTable, serviceKey } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';
import { realServer, virtualServer } from '../../healthcheck/fixtures.ts';
import { FakeIpvs } from './fake-ipvs.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const service: VirtualService = { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 };
const foreign: VirtualService = { ...service, address: address('10.0.0.200') };

function goalOf(...hosts: string[]) {
  const realServers = hosts.map((host) => realServer(host));
  return { desired: desiredTable([virtualServer('10.0.0.3', { realServers })], new Map()) };
}

const both = goalOf('10.0.0.7', '10.0.0.8');
const bothInTable = ['10.0.0.3:80/tcp -> 10.0.0.7:80 1', '10.0.0.3:80/tcp -> 10.0.0.8:80 1'];

function setUp(options: Partial<TableKeeperOptions> = {}, ipvs = new FakeIpvs()) {
  const records: LogRecord[] = [];
  const owned: string[][] = [];
  let opens = 0;
  let openError: Error | undefined;
  const keeper = new TableKeeper(
    {
      openClient: async () => {
        opens += 1;
        if (openError !== undefined) throw openError;
        return ipvs;
      },
      nowMs: () => performance.now(),
      waitUntil,
      log: (record) => records.push(record),
      reportOwned: (services) => owned.push(services.map(serviceKey)),
    },
    { owned: [], flushFirst: false, ...options },
  );
  return {
    ipvs,
    keeper,
    owned,
    messages: () => records.map(({ level, message }) => `${level}: ${message}`),
    opens: () => opens,
    failToOpen: (error: Error | undefined) => {
      openError = error;
    },
  };
}

function createForeign(ipvs: FakeIpvs): void {
  const entry = {
    service: foreign,
    scheduler: 'rr',
    flags: 0,
    persistenceTimeoutSeconds: 0,
    persistencePrefixLength: 32,
  };
  ipvs.change({ kind: 'createService', service: entry });
}

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
    expect(ipvs.observations).toBe(2);
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

describe('a table changed by somebody else', () => {
  test('is repaired within 5 s, and one warning names the repairs', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    ipvs.wipe();
    await vi.advanceTimersByTimeAsync(5000);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([
      'warning: IPVS table drifted: 3 repairs (create service 10.0.0.3:80/tcp, create 10.0.0.7:80 in 10.0.0.3:80/tcp, create 10.0.0.8:80 in 10.0.0.3:80/tcp)',
    ]);
  });

  test('is left alone where the change is not about our services', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    createForeign(ipvs);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ipvs.lines()).toEqual(['10.0.0.200:80/tcp', ...bothInTable]);
    expect(messages()).toEqual([]);
  });

  test('is compared every 5 s and not more often', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(21_000);
    expect(ipvs.observations).toBe(5);
  });
});

describe('a failed operation', () => {
  test('is told once, retried with growing delays, and its success is told', async () => {
    const { keeper, ipvs, messages } = setUp();
    ipvs.failing.add('createDestination');
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(400);
    expect(ipvs.observations).toBe(1);
    await vi.advanceTimersByTimeAsync(3500);
    expect(ipvs.observations).toBe(4);
    expect(messages()).toHaveLength(2);
    expect(messages()[0]).toBe(
      'error: Cannot create 10.0.0.7:80 in 10.0.0.3:80/tcp: createDestination: ENOMEM. Trying again.',
    );
    ipvs.failing.clear();
    await vi.advanceTimersByTimeAsync(5000);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()[2]).toBe('notice: The IPVS table is as configured again, after 4 failed passes');
  });

  test('does not keep the others from being done', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(goalOf('10.0.0.7'));
    await vi.advanceTimersByTimeAsync(50);
    ipvs.failing.add('removeDestination');
    void keeper.setGoal(goalOf('10.0.0.8'));
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(bothInTable);
  });

  test('is retried at once when the goal changes', async () => {
    const { keeper, ipvs } = setUp();
    ipvs.failing.add('createService');
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(20_000);
    ipvs.failing.clear();
    void keeper.setGoal(goalOf('10.0.0.7'));
    await vi.advanceTimersByTimeAsync(50);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.7:80 1']);
  });
});

describe('a kernel without IPVS', () => {
  test('is told once, asked every 30 s, and used when it has one', async () => {
    const { keeper, ipvs, messages, opens, failToOpen } = setUp();
    failToOpen(new Error('the kernel has no IPVS'));
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(91_000);
    expect(opens()).toBe(4);
    expect(messages()).toEqual([
      'error: Cannot open IPVS: the kernel has no IPVS. Health checks go on without it; trying again every 30 s.',
    ]);
    failToOpen(undefined);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toHaveLength(2);
  });

  test('does not hold up whoever waits for the goal to be tried, nor the end', async () => {
    const { keeper, failToOpen } = setUp();
    failToOpen(new Error('the kernel has no IPVS'));
    await keeper.setGoal(both);
    await keeper.stop('remove');
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a table that cannot be read is told once and read again over a new socket', async () => {
  const { keeper, ipvs, messages, opens } = setUp();
  ipvs.isReadable = false;
  void keeper.setGoal(both);
  await vi.advanceTimersByTimeAsync(2000);
  expect(messages()).toEqual([
    'error: Cannot read the IPVS table: IPVS_CMD_GET_SERVICE: EPERM. Trying again.',
  ]);
  expect([opens(), ipvs.closes]).toEqual([3, 3]);
  ipvs.isReadable = true;
  await vi.advanceTimersByTimeAsync(5000);
  expect(ipvs.lines()).toEqual(bothInTable);
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

  test('lvs_timeouts are set once', async () => {
    const { keeper, ipvs } = setUp();
    const timeouts = { tcpSeconds: 60 };
    void keeper.setGoal({ ...both, timeouts });
    await vi.advanceTimersByTimeAsync(50);
    void keeper.setGoal({ ...goalOf('10.0.0.7'), timeouts });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ipvs.timeoutsSet).toEqual([timeouts]);
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
