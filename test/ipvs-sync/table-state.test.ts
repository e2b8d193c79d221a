import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyOperations } from '../../src/ipvs-sync/apply.ts';
import { diff } from '../../src/ipvs-sync/diff.ts';
import type { Operation, Table } from '../../src/ipvs-sync/model.ts';
import { serviceKey } from '../../src/ipvs-sync/service-key.ts';
import { TableState } from '../../src/ipvs-sync/table-state.ts';
import { table } from './arbitrary.ts';
import { FakeKernel } from './fake-kernel.ts';

async function write(kernel: FakeKernel, state: TableState): Promise<readonly Operation[]> {
  const operations = state.operations();
  state.settle(await applyOperations(kernel, operations));
  return operations;
}

async function read(kernel: FakeKernel, state: TableState): Promise<void> {
  state.observeServices(await kernel.observeServices());
  const services = state.desiredServices;
  const found = await kernel.observeDestinations(services);
  services.forEach((service, index) => {
    state.observeDestinations(service, found[index] ?? []);
  });
}

const desiredIn = (kernel: FakeKernel, desired: Table): Table => {
  const wanted = new Set(desired.map((entry) => serviceKey(entry.service.service)));
  return kernel.table().filter((entry) => wanted.has(serviceKey(entry.service.service)));
};
const nobody = new Set<never>();

describe('whatever happens', () => {
  test('after each goal the kernel has it, without having been read again, and others keep theirs', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.array(table, { minLength: 1, maxLength: 4 }), async (before, goals) => {
        const kernel = new FakeKernel();
        await applyOperations(kernel, diff(before, [], nobody));
        const state = new TableState([]);
        state.observeAll(kernel.table());
        const wantedEver = new Set<string>();
        for (const goal of goals) {
          state.setDesired(goal);
          for (const entry of goal) wantedEver.add(serviceKey(entry.service.service));
          await write(kernel, state);
          expect(diff(goal, desiredIn(kernel, goal), nobody)).toEqual([]);
          const keys = kernel.table().map((entry) => serviceKey(entry.service.service));
          const foreign = before
            .map((entry) => serviceKey(entry.service.service))
            .filter((key) => !wantedEver.has(key));
          const wanted = goal.map((entry) => serviceKey(entry.service.service));
          expect(keys.sort()).toEqual([...foreign, ...wanted].sort());
        }
      }),
    );
  });

  test('after any change by others one reading and one writing put all of ours right', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, fc.boolean(), async (goal, theirs, empties) => {
        const kernel = new FakeKernel();
        const state = new TableState([]);
        state.observeAll([]);
        state.setDesired(goal);
        await write(kernel, state);
        if (empties) await kernel.flush();
        await applyOperations(kernel, diff(theirs, kernel.table(), new Set(['10.0.0.3:80/tcp' as never])));
        await read(kernel, state);
        await write(kernel, state);
        expect(diff(goal, desiredIn(kernel, goal), nobody)).toEqual([]);
        expect(state.operations()).toEqual([]);
      }),
    );
  });

  test('failures leave it knowing what was done: with the same reading a second writing completes it', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, fc.integer({ min: 1, max: 5 }), async (before, goal, every) => {
        const kernel = new FakeKernel();
        await applyOperations(kernel, diff(before, [], nobody));
        const state = new TableState(before.map((entry) => entry.service.service));
        state.observeAll(kernel.table());
        state.setDesired(goal);
        let count = 0;
        kernel.refuse = () => {
          count += 1;
          return count % every === 0 ? 'ENOMEM' : undefined;
        };
        await write(kernel, state);
        kernel.refuse = () => undefined;
        await write(kernel, state);
        expect(diff(goal, kernel.table(), nobody)).toEqual([]);
        expect(kernel.table()).toHaveLength(goal.length);
      }),
    );
  });
});

describe('what is ours', () => {
  const [goal = []] = fc.sample(
    table.filter((one) => one.length > 1),
    { numRuns: 1, seed: 7 },
  );
  const keys = goal.map((entry) => serviceKey(entry.service.service)).sort();
  const owned = (state: TableState) => state.ownedServices.map(serviceKey).sort();

  test('is what we want, from then on until it has left the kernel', async () => {
    const kernel = new FakeKernel();
    const state = new TableState([]);
    state.observeAll([]);
    state.setDesired(goal);
    expect(owned(state)).toEqual(keys);
    await write(kernel, state);
    state.setDesired([]);
    kernel.refuse = () => 'EPERM';
    await write(kernel, state);
    expect(owned(state)).toEqual(keys);
    kernel.refuse = () => undefined;
    await write(kernel, state);
    expect([owned(state), kernel.table()]).toEqual([[], []]);
  });

  test('counts its changes, and only those', async () => {
    const state = new TableState([]);
    state.observeAll([]);
    const start = state.ownedChanges;
    state.setDesired(goal);
    expect(state.ownedChanges - start).toBe(goal.length);
    state.setDesired(goal.map((entry) => ({ ...entry })));
    await write(new FakeKernel(), state);
    expect(state.ownedChanges - start).toBe(goal.length);
  });

  test('includes what others have made, which is told so that it is read first', () => {
    const state = new TableState([]);
    state.observeAll(goal);
    expect(state.setDesired(goal).map(serviceKey).sort()).toEqual(keys);
    expect(state.setDesired(goal)).toEqual([]);
    expect(state.operations()).toEqual([]);
  });
});
