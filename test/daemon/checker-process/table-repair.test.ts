import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { desiredTable, serviceKey } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';
import { both, bothInTable, createForeign, goalOf, service, setUp } from './table-keeper-fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a table changed by somebody else', () => {
  test('is repaired within a second, and one warning says what was found', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    ipvs.wipe();
    await vi.advanceTimersByTimeAsync(1010);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([
      'warning: IPVS table drifted: 3 repairs (service 10.0.0.3:80/tcp was gone, 10.0.0.7:80 of 10.0.0.3:80/tcp was gone, 10.0.0.8:80 of 10.0.0.3:80/tcp was gone)',
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

  test('is compared every second and not more often', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(20_500);
    expect(ipvs.observations).toBe(21);
  });

  test('that goes on while it is being read is repaired whole, and none of it is an error', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    const { observeDestinations } = ipvs;
    ipvs.observeDestinations = (services) => {
      ipvs.observeDestinations = observeDestinations;
      ipvs.wipe();
      return ipvs.observeDestinations(services);
    };
    await vi.advanceTimersByTimeAsync(1010);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([expect.stringContaining('IPVS table drifted: 3 repairs (')]);
  });

  test('is found whatever it is: a weight, a scheduler, a server more', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    const [entry] = both.desired;
    const [server] = entry?.destinations ?? [];
    if (entry === undefined || server === undefined) throw new Error('there is one');
    ipvs.change({ kind: 'updateDestination', service, destination: { ...server, weight: 9 } });
    ipvs.change({ kind: 'updateService', service: { ...entry.service, scheduler: 'lc' } });
    const stranger = { ...server, address: address('10.0.0.66') };
    ipvs.change({ kind: 'createDestination', service, destination: stranger });
    await vi.advanceTimersByTimeAsync(1010);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([
      'warning: IPVS table drifted: 3 repairs (service 10.0.0.3:80/tcp had scheduler lc instead of wrr, ' +
        '10.0.0.7:80 of 10.0.0.3:80/tcp had weight 9 instead of 1, 10.0.0.66:80 of 10.0.0.3:80/tcp had been added)',
    ]);
  });

  test('a service of ours that was removed and that somebody puts in again is his', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    void keeper.setGoal({ desired: [] });
    await vi.advanceTimersByTimeAsync(50);
    const [entry] = both.desired;
    if (entry !== undefined) ipvs.change({ kind: 'createService', service: entry.service });
    await vi.advanceTimersByTimeAsync(5000);
    expect(ipvs.lines()).toEqual(['10.0.0.3:80/tcp']);
  });
});

describe('a failed operation', () => {
  test('is told once, retried with growing delays, and its success is told', async () => {
    const { keeper, ipvs, messages } = setUp();
    ipvs.failing.add('createDestination');
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(400);
    expect(ipvs.writes).toBe(1);
    await vi.advanceTimersByTimeAsync(3500);
    expect(ipvs.writes).toBe(4);
    expect(messages()).toHaveLength(2);
    expect(messages()[0]).toBe(
      'error: Cannot create 10.0.0.7:80 in 10.0.0.3:80/tcp: createDestination: ENOMEM. Trying again.',
    );
    ipvs.failing.clear();
    await vi.advanceTimersByTimeAsync(5000);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()[2]).toBe('notice: The IPVS table is as configured again, after 4 failed passes');
  });

  test('does not keep the drift of other services from being repaired within a second', async () => {
    const { keeper, ipvs } = setUp();
    const other = virtualServer('10.0.0.4', { realServers: [realServer('10.0.0.9')] });
    ipvs.refuse = (operation) =>
      operation.kind === 'createService' && serviceKey(operation.service.service) === '10.0.0.3:80/tcp'
        ? 'ENOENT'
        : undefined;
    void keeper.setGoal({ desired: [...both.desired, ...desiredTable([other], new Map())] });
    await vi.advanceTimersByTimeAsync(20_000);
    const tried = ipvs.writes;
    ipvs.wipe();
    await vi.advanceTimersByTimeAsync(1100);
    expect(ipvs.lines()).toEqual(['10.0.0.4:80/tcp -> 10.0.0.9:80 1']);
    expect(ipvs.writes).toBe(tried + 1);
  });

  test('that leaves the table in doubt, has it read again', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(goalOf('10.0.0.7'));
    await vi.advanceTimersByTimeAsync(50);
    const refuse = ipvs.refuse;
    ipvs.refuse = () => 'ENOBUFS';
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(50);
    ipvs.refuse = refuse;
    ipvs.wipe();
    await vi.advanceTimersByTimeAsync(600);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(messages()).toEqual([
      'error: Cannot create 10.0.0.8:80 in 10.0.0.3:80/tcp: createDestination: ENOBUFS. Trying again.',
      'notice: The IPVS table is as configured again, after 1 failed pass',
    ]);
  });

  test('because the service went away in that moment is read again, and ends with the whole service in the table and no word', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal(goalOf('10.0.0.7'));
    await vi.advanceTimersByTimeAsync(50);
    ipvs.wipe();
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(20);
    expect([ipvs.lines(), messages()]).toEqual([bothInTable, []]);
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

describe('a table that cannot be read', () => {
  test('is told once and read again over a new socket', async () => {
    const { keeper, ipvs, messages, opens } = setUp();
    ipvs.readError = 'EPERM';
    void keeper.setGoal(both);
    await vi.advanceTimersByTimeAsync(2000);
    expect(messages()).toEqual([
      'error: Cannot read the IPVS table: IPVS_CMD_GET_SERVICE: EPERM. Trying again.',
    ]);
    expect([opens(), ipvs.closes]).toEqual([3, 3]);
    ipvs.readError = undefined;
    await vi.advanceTimersByTimeAsync(5000);
    expect(ipvs.lines()).toEqual(bothInTable);
  });

  test('because the module was unloaded, is built anew with one line for the loss and one for the end of it', async () => {
    const { keeper, ipvs, messages, opens } = setUp();
    void keeper.setGoal({ ...both, timeouts: { tcpSeconds: 60 } });
    await vi.advanceTimersByTimeAsync(50);
    ipvs.wipe();
    ipvs.readError = 'ENOENT';
    await vi.advanceTimersByTimeAsync(1000);
    ipvs.readError = undefined;
    await vi.advanceTimersByTimeAsync(600);
    expect(ipvs.lines()).toEqual(bothInTable);
    expect(opens()).toBe(2);
    expect(messages()).toEqual([
      'error: IPVS has left the kernel, its module was unloaded, and the table is lost. Loading it and building the table anew.',
      'notice: The IPVS table is as configured again, after 1 failed pass',
    ]);
  });

  test('is not written either: what is wanted waits until it can', async () => {
    const { keeper, ipvs } = setUp();
    ipvs.readError = 'ENOBUFS';
    void keeper.setGoal(both);
    void keeper.setGoal(goalOf('10.0.0.9'));
    await vi.advanceTimersByTimeAsync(400);
    expect(ipvs.writes).toBe(0);
  });
});

describe('a table of thousands', () => {
  const many = 1000;
  const desired = desiredTable(
    Array.from({ length: many }, (_, index) =>
      virtualServer(`10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`, {
        realServers: [realServer('10.0.0.7')],
      }),
    ),
    new Map(),
  );

  test('is read in parts, with rests in between in which a new goal is done at once', async () => {
    const { keeper, ipvs } = setUp();
    void keeper.setGoal({ desired });
    await vi.advanceTimersByTimeAsync(1050);
    const read = ipvs.servicesRead;
    await vi.advanceTimersByTimeAsync(90);
    expect(ipvs.servicesRead - read).toBeLessThanOrEqual(200);
    void keeper.setGoal({ desired: desired.slice(1) });
    await vi.advanceTimersByTimeAsync(10);
    expect(ipvs.lines()).toHaveLength(many - 1);
    await vi.advanceTimersByTimeAsync(3000);
    expect(ipvs.servicesRead - read).toBeGreaterThanOrEqual(many);
  });

  test('is put back whole at once when somebody has emptied it', async () => {
    const { keeper, ipvs, messages } = setUp();
    void keeper.setGoal({ desired });
    await vi.advanceTimersByTimeAsync(3000);
    ipvs.wipe();
    await vi.advanceTimersByTimeAsync(1500);
    expect(ipvs.lines()).toHaveLength(many);
    expect(messages()).toEqual([expect.stringContaining('IPVS table drifted: 2000 repairs (service 10.1.')]);
  });
});
