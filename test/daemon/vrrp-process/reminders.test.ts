import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VirtualAddress } from '../../../src/config-parser/config.ts';
import type { InstanceRuntime } from '../../../src/daemon/vrrp-process/instance-runtime.ts';
import { Reminders } from '../../../src/daemon/vrrp-process/reminders.ts';
import type { LinkState } from '../../../src/kernel/link-monitor.ts';
import type { InstanceEffect, StateName } from '../../../src/vrrp/index.ts';
import { instanceConfig } from '../../vrrp/instances.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An instance with its addresses on an interface of that kind, and what has been announced. */
function instanceOn(kind: string) {
  const runtime = { config: instanceConfig({}), state: { name: 'Master' } } as unknown as InstanceRuntime;
  const announced: (readonly VirtualAddress[])[] = [];
  const reminders = new Reminders({
    findLink: () => ({ kind }) as LinkState,
    announce: (addresses) => announced.push(addresses),
  });
  const enters = (to: StateName) => {
    const change: InstanceEffect = {
      kind: 'stateChanged',
      from: 'Backup',
      to,
      reason: 'startup',
      priority: 1,
    };
    Object.assign(runtime, { state: { name: to } });
    reminders.stepped(runtime, [change]);
  };
  return { runtime, reminders, announced, enters };
}

test('a Master whose addresses are on a macvlan announces them once more', () => {
  const { runtime, announced, enters } = instanceOn('macvlan');
  enters('Master');
  expect(announced).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(announced).toEqual([runtime.config.virtualAddresses]);
});

test('whoever is no longer Master by then announces nothing, nor does one that has its own MAC address', () => {
  const beaten = instanceOn('macvlan');
  beaten.enters('Master');
  beaten.enters('Backup');
  const physical = instanceOn('veth');
  physical.enters('Master');
  const closed = instanceOn('macvlan');
  closed.enters('Master');
  closed.reminders.close();
  vi.advanceTimersByTime(1000);
  expect([beaten.announced, physical.announced, closed.announced]).toEqual([[], [], []]);
});
