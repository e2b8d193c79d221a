import { describe, expect, test } from 'vitest';
import { TableComparison } from '../../../src/daemon/checker-process/table-comparison.ts';
import { applyOperations, desiredTable, diff, TableState } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';
import { FakeKernel } from '../../ipvs-sync/fake-kernel.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';

/** A table of `count` services, whose reading takes as long as told on a clock of its own. */
async function setUp(count: number, costMs: { services: number; eachDestination: number }) {
  const desired = desiredTable(
    Array.from({ length: count }, (_, index) =>
      virtualServer(`10.1.${index >> 8}.${index & 255}`, { realServers: [realServer('10.0.0.7')] }),
    ),
    new Map(),
  );
  const kernel = new FakeKernel();
  await applyOperations(kernel, diff(desired, [], new Set()));
  let nowMs = 1000;
  let spentMs = 0;
  const spend = (ms: number) => {
    nowMs += ms;
    spentMs += ms;
  };
  const table = kernel.table();
  const destinations = table[0]?.destinations ?? [];
  kernel.observeServices = async () => {
    spend(costMs.services);
    return table;
  };
  kernel.observeDestinations = async (services) => {
    spend(services.length * costMs.eachDestination);
    return services.map(() => destinations);
  };
  const state = new TableState([]);
  state.setDesired(desired);
  state.observeAll(table);
  const comparison = new TableComparison(() => nowMs);
  const runFor = async (ms: number) => {
    const endMs = nowMs + ms;
    let longestPieceMs = 0;
    const before = spentMs;
    while (comparison.dueAtMs <= endMs) {
      nowMs = Math.max(nowMs, comparison.dueAtMs);
      const startedAtMs = nowMs;
      await comparison.read(kernel, state);
      longestPieceMs = Math.max(longestPieceMs, nowMs - startedAtMs);
    }
    nowMs = endMs;
    return { share: (spentMs - before) / ms, longestPieceMs };
  };
  return { comparison, kernel, state, runFor, wait: (ms: number) => spend(ms) };
}

const service = { kind: 'address', protocol: 'TCP', address: address('10.1.0.3'), port: 80 } as const;
const server = { address: address('10.0.0.7'), port: 80 };

describe('reading', () => {
  test.each([
    ['a small table', 10, 0.2],
    ['a large one', 2000, 40],
  ])('%s takes a fiftieth of a processor at most', async (_what, count, services) => {
    const { runFor } = await setUp(count, { services, eachDestination: 0.03 });
    const { share } = await runFor(60_000);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(0.021);
  });

  test('a small table is read whole every second', async () => {
    const { comparison, runFor } = await setUp(10, { services: 0.2, eachDestination: 0.03 });
    await runFor(10_000);
    expect(comparison.connections(service, server)?.ageMs).toBeLessThanOrEqual(1000);
  });

  test('2,000 services come round in about six seconds, in pieces that delay nobody for long', async () => {
    const { comparison, runFor } = await setUp(2000, { services: 2, eachDestination: 0.03 });
    const { longestPieceMs } = await runFor(6500);
    expect(longestPieceMs).toBeLessThanOrEqual(6);
    const last = { ...service, address: address('10.1.7.207') };
    expect(comparison.connections(last, server)).toBeDefined();
  });
});

describe('connections', () => {
  test('are those of the last reading, with its age', async () => {
    const { comparison, kernel, state, wait } = await setUp(10, { services: 0, eachDestination: 0 });
    expect(comparison.connections(service, server)).toBeUndefined();
    const { observeDestinations } = kernel;
    kernel.observeDestinations = async (services) => {
      const found = await observeDestinations.call(kernel, services);
      return found.map((some) =>
        some.map((one) => ({ ...one, activeConnections: 5, inactiveConnections: 7 })),
      );
    };
    await comparison.read(kernel, state);
    wait(300);
    expect(comparison.connections(service, server)).toEqual({
      active: 5,
      inactive: 7,
      persistent: 0,
      ageMs: 300,
    });
    expect(comparison.connections(service, { ...server, port: 81 })).toBeUndefined();
  });

  test('of a service that is no longer wanted are forgotten', async () => {
    const { comparison, state, runFor } = await setUp(10, { services: 0.2, eachDestination: 0.03 });
    await runFor(3000);
    state.setDesired([]);
    await runFor(3000);
    expect(comparison.connections(service, server)).toBeUndefined();
  });
});
