import { describe, expect, test } from 'vitest';
import { instanceKey } from '../../src/vrrp/index.ts';
import { backup, Instance, instanceConfig, lowerAddress, master, virtualAddress } from './instances.ts';

describe('instances are the same', () => {
  const key = instanceKey(instanceConfig());

  test('whatever their name and settings', () => {
    expect(instanceKey(instanceConfig({ name: 'renamed', basePriority: 1, virtualAddresses: [] }))).toBe(key);
  });

  test('only with the same VRID, family and interface', () => {
    expect(instanceKey(instanceConfig({ vrid: 52 }))).not.toBe(key);
    expect(instanceKey(instanceConfig({ family: 6 }))).not.toBe(key);
    expect(instanceKey(instanceConfig({ interface: 'eth1' }))).not.toBe(key);
  });
});

test('a configuration that did not change does nothing in any state', () => {
  for (const instance of [new Instance(), backup(), master()]) {
    const before = instance.state;
    expect(instance.reload({ ...structuredClone(instance.config) }, 10_400)).toEqual([]);
    expect(instance.state).toEqual(before);
  }
});

describe('a Master', () => {
  test('adds and announces new addresses, removes old ones, leaves the others alone', () => {
    const kept = virtualAddress('10.0.0.3');
    const [old, added] = [virtualAddress('10.0.0.4'), virtualAddress('10.0.0.5')];
    const instance = master({ virtualAddresses: [kept, old] });
    instance.times(15_000);
    expect(instance.reload({ virtualAddresses: [kept, added] }, 15_400)).toEqual([
      { kind: 'removeAddresses', addresses: [old] },
      { kind: 'addAddresses', addresses: [added] },
      { kind: 'sendGratuitousArp', addresses: [added], repeat: 5 },
    ]);
    expect(instance.in('Master').secondBurst).toEqual({ atMs: 20_400, repeat: 5 });
  });

  test('removes an address before it adds it with another label: to the kernel they are one', () => {
    const instance = master();
    instance.reload({ virtualAddresses: [virtualAddress('10.0.0.3', { label: 'eth0:1' })] }, 10_400);
    expect(instance.kinds).toEqual(['removeAddresses', 'addAddresses', 'sendGratuitousArp']);
  });

  test('does nothing to an address that moves to the excluded ones', () => {
    const instance = master();
    const [only] = instance.config.virtualAddresses;
    expect(instance.reload({ virtualAddresses: [], excludedAddresses: only ? [only] : [] }, 10_400)).toEqual(
      [],
    );
  });

  test('shows a new priority in an advertisement that is due at once, and is not moved by it', () => {
    const instance = master();
    instance.reload({ basePriority: 20 }, 10_400);
    expect(instance.kinds).toEqual(['report priorityChanged']);
    expect(instance.in('Master').advertiseAtMs).toBe(10_400);
    instance.times(10_400);
    expect(instance.kinds).toEqual(['sendAdvertisement 20']);
    expect(instance.in('Master').advertiseAtMs).toBe(11_400);
  });

  test('says nothing sooner where the effective priority stays what it was', () => {
    const instance = master({ basePriority: 200 });
    instance.faces(10_100, { weight: 100 });
    instance.reload({ basePriority: 220 }, 10_400);
    expect(instance.effects).toEqual([]);
    expect(instance.in('Master').advertiseAtMs).toBe(11_000);
  });

  test('that did not run for long does not forget it for a reload that comes first', () => {
    for (const changes of [{ basePriority: 20 }, { advertisementIntervalMs: 500 }]) {
      const instance = master();
      instance.reload(changes, 15_000);
      instance.times(15_001);
      expect(instance.kinds).toContain('report paused');
    }
  });

  test('counts a new interval from its last advertisement', () => {
    const shorter = master();
    shorter.reload({ advertisementIntervalMs: 500 }, 10_200);
    expect(shorter.in('Master').advertiseAtMs).toBe(10_500);
    const overdue = master();
    overdue.reload({ advertisementIntervalMs: 500 }, 10_800);
    expect(overdue.in('Master').advertiseAtMs).toBe(10_800);
    const longer = master();
    longer.reload({ advertisementIntervalMs: 3000 }, 10_800);
    expect(longer.in('Master').advertiseAtMs).toBe(13_000);
  });

  test('starts, changes and stops the refresh', () => {
    const instance = master();
    const { gratuitousArp } = instance.config;
    instance.reload({ gratuitousArp: { ...gratuitousArp, masterRefreshMs: 300 } }, 10_400);
    expect(instance.in('Master').refreshAtMs).toBe(10_700);
    instance.reload({ gratuitousArp }, 10_500);
    expect(instance.in('Master').refreshAtMs).toBeUndefined();
  });
});

describe('a Backup', () => {
  test('shifts its timer by the change in skew, at once, and says that its priority is another', () => {
    const instance = backup();
    instance.hears(150, 1000);
    // 100 to 140 is 40 / 256 s less skew.
    instance.reload({ basePriority: 140 }, 2000);
    expect(instance.kinds).toEqual(['report priorityChanged']);
    expect(instance.in('Backup').masterDownAtMs).toBe(1000 + 3609.375 - 156.25);
  });

  test('keeps the Skew_Time it waits after priority 0, shifted', () => {
    const instance = backup();
    instance.hears(0, 1000);
    instance.reload({ basePriority: 140 }, 1100);
    expect(instance.in('Backup').masterDownAtMs).toBe(1000 + 609.375 - 156.25);
  });

  test('starts its timer anew when the interval or down_timer_adverts changes', () => {
    const instance = backup();
    instance.hears(150, 1000);
    instance.reload({ advertisementIntervalMs: 2000 }, 2000);
    expect(instance.in('Backup').masterDownAtMs).toBe(2000 + 6609.375);
    instance.reload({ downTimerAdverts: 5 }, 3000);
    expect(instance.in('Backup').masterDownAtMs).toBe(3000 + 10_609.375);
  });

  test('in version 3 keeps the interval it learned from its Master', () => {
    const instance = backup({ version: 3, authentication: { type: 'none' } });
    instance.hears(150, 1000, { advertisement: { advertisementIntervalMs: 100 } });
    instance.reload({ advertisementIntervalMs: 5000 }, 1100);
    expect(instance.in('Backup')).toMatchObject({ masterAdverIntervalMs: 100, masterDownAtMs: 1360.9375 });
  });

  test('is not made Master by an edit, not even to owner', () => {
    const instance = backup();
    instance.hears(150, 1000);
    instance.reload({ basePriority: 255 }, 1500);
    expect(instance.in('Backup').master).toBe(lowerAddress);
  });

  test('adds no address', () => {
    expect(backup().reload({ virtualAddresses: [virtualAddress('10.0.0.9')] }, 100)).toEqual([]);
  });

  test('forgets a running preempt_delay that was changed', () => {
    const instance = backup({ preemptDelayMs: 60_000 });
    instance.hears(50, 1000);
    instance.reload({ preemptDelayMs: 0 }, 2000);
    instance.hears(50, 2500);
    expect(instance.kinds).toEqual(['report lowerPriorityDiscarded']);
  });
});
