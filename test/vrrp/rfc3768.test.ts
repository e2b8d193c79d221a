/** Sentences of RFC 3768 sections 6.4 and 7.2, in pairs: what we do and what we refuse. Sections 5 and 7.1 are in reception.test.ts. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { advertisementOf, nextTimeout, type StateName } from '../../src/vrrp/index.ts';
import {
  backup,
  higherAddress,
  Instance,
  lowerAddress,
  master,
  surroundings,
  virtualAddress,
} from './instances.ts';

const startup = { kind: 'startup', surroundings: surroundings() } as const;

describe('RFC3768-5.3.4: priority', () => {
  test('the owner sends 255', () => {
    const instance = new Instance({ basePriority: 255 });
    instance.on(startup, 0);
    expect(instance.kinds).toContain('sendAdvertisement 255');
  });

  test('a Backup that took over sends its own, which is never 255', () => {
    expect(master().kinds).toContain('sendAdvertisement 100');
  });
});

describe('RFC3768-6.4.1: Initialize', () => {
  test('on startup the owner advertises, announces its addresses and becomes Master', () => {
    const instance = new Instance({ basePriority: 255 });
    instance.on(startup, 500);
    expect(instance.kinds).toEqual([
      'sendAdvertisement 255',
      'addAddresses',
      'sendGratuitousArp',
      'Initialize -> Master: startup-owner',
    ]);
    expect(instance.in('Master').advertiseAtMs).toBe(1500);
  });

  test('on startup everybody else sets the Master_Down_Timer to Master_Down_Interval and becomes Backup, sending nothing', () => {
    const instance = new Instance({ basePriority: 254, initialState: 'MASTER' });
    instance.on(startup, 500);
    expect(instance.kinds).toEqual(['Initialize -> Backup: startup']);
    expect(instance.in('Backup').masterDownAtMs).toBe(500 + 3007.8125);
  });

  test('nothing but startup leaves Initialize', () => {
    const instance = new Instance();
    instance.hears(0, 1);
    instance.hears(1, 2);
    instance.times(100_000);
    instance.on({ kind: 'shutdown' }, 100_001);
    instance.faces(100_002, {});
    expect(instance.state.name).toBe('Initialize');
    expect(nextTimeout(instance.state)).toBeUndefined();
    expect(instance.state.statistics.notRunning).toBe(2);
  });
});

describe('RFC3768-6.4.2: Backup', () => {
  test('a Backup holds no address: it was given none, and one that is taken away is not put back', () => {
    const instance = backup();
    expect(instance.kinds).not.toContain('addAddresses');
    expect(instance.on({ kind: 'addressDeleted', address: virtualAddress('10.0.0.3') }, 10)).toEqual([]);
  });

  test('on shutdown it becomes Initialize without a word, and its timer is gone', () => {
    const instance = backup();
    instance.on({ kind: 'shutdown' }, 100);
    expect(instance.kinds).toEqual(['Backup -> Initialize: shutdown']);
    expect(nextTimeout(instance.state)).toBeUndefined();
    expect(instance.times(100_000)).toEqual([]);
  });

  test('when the Master_Down_Timer fires it advertises, announces every address and becomes Master', () => {
    const instance = backup({
      virtualAddresses: [virtualAddress('10.0.0.3'), virtualAddress('10.0.0.4')],
      excludedAddresses: [virtualAddress('10.0.0.5')],
    });
    instance.times(3609.375);
    expect(instance.kinds).toEqual([
      'sendAdvertisement 100',
      'addAddresses',
      'sendGratuitousArp',
      'report advertisementTimeout',
      'Backup -> Master: master-down-expired',
    ]);
    const addresses = ['10.0.0.3', '10.0.0.4', '10.0.0.5'].map((text) => ({ address: text }));
    expect(instance.effects[1]).toMatchObject({ addresses });
    expect(instance.effects[2]).toMatchObject({ addresses, repeat: 5 });
    expect(instance.in('Master').advertiseAtMs).toBe(4609.375);
  });

  test('before it fires nothing happens, however near it is', () => {
    const instance = backup();
    expect(instance.times(3609.374)).toEqual([]);
    expect(instance.state.name).toBe('Backup');
  });

  test('priority 0 sets the Master_Down_Timer to Skew_Time', () => {
    const instance = backup();
    instance.hears(150, 1000);
    instance.hears(0, 1500);
    expect(instance.kinds).toEqual(['report priorityZeroReceived']);
    expect(instance.in('Backup').masterDownAtMs).toBe(1500 + 609.375);
  });

  test('priority 0 does not make a Master at once: a defect of others', () => {
    const instance = backup();
    instance.hears(0, 1500);
    expect(instance.state.name).toBe('Backup');
    expect(instance.times(1500 + 609)).toEqual([]);
    instance.times(1500 + 609.375);
    expect(instance.state.name).toBe('Master');
  });

  test.each([100, 101, 254, 255])(
    'priority %i, which is not below ours, restarts the Master_Down_Timer',
    (priority) => {
      const instance = backup();
      instance.hears(priority, 2000);
      expect(instance.in('Backup').masterDownAtMs).toBe(2000 + 3609.375);
      expect(instance.in('Backup').master).toBe(lowerAddress);
    },
  );

  test.each([1, 99])('priority %i, below ours, is discarded when we may preempt', (priority) => {
    const instance = backup();
    instance.hears(priority, 2000);
    expect(instance.kinds).toEqual(['report lowerPriorityDiscarded']);
    expect(instance.in('Backup')).toMatchObject({ masterDownAtMs: 3609.375, master: undefined });
  });

  test.each([1, 99])(
    'priority %i, below ours, restarts the Master_Down_Timer when Preempt_Mode is false',
    (priority) => {
      const instance = backup({ preempt: false });
      instance.hears(priority, 2000);
      expect(instance.in('Backup').masterDownAtMs).toBe(2000 + 3609.375);
    },
  );

  test('without preemption it still takes over when no Master is heard any more', () => {
    const instance = backup({ preempt: false });
    instance.hears(1, 2000);
    instance.times(2000 + 3609.375);
    expect(instance.state.name).toBe('Master');
  });
});

describe('RFC3768-6.4.3: Master', () => {
  test('on shutdown that cannot wait it sends priority 0, then lets the addresses go, then is Initialize', () => {
    const instance = master();
    instance.on({ kind: 'shutdown', atOnce: true }, 12_000);
    expect(instance.kinds).toEqual([
      'sendAdvertisement 0',
      'removeAddresses',
      'report priorityZeroSent',
      'Master -> Initialize: shutdown',
    ]);
    expect(nextTimeout(instance.state)).toBeUndefined();
    expect(instance.state.statistics).toMatchObject({ priZeroSent: 1, releaseMaster: 1 });
  });

  test('when the Adver_Timer fires it advertises and sets the timer again', () => {
    const instance = master();
    instance.times(11_000);
    expect(instance.kinds).toEqual(['sendAdvertisement 100']);
    expect(instance.in('Master').advertiseAtMs).toBe(12_000);
  });

  test('before it fires it does not advertise', () => {
    const instance = master();
    expect(instance.times(10_999.9)).toEqual([]);
  });

  test('priority 0 is answered at once, and the Adver_Timer starts anew', () => {
    const instance = master();
    instance.hears(0, 10_300);
    expect(instance.kinds).toEqual(['sendAdvertisement 100']);
    expect(instance.in('Master').advertiseAtMs).toBe(11_300);
  });

  test('a higher priority makes it Backup with a full Master_Down_Interval, and it sends nothing', () => {
    const instance = master();
    instance.hears(101, 10_300);
    expect(instance.kinds).toEqual(['report higherPriorityReceived', 'Master -> Backup: higher-priority']);
    expect(instance.in('Backup')).toMatchObject({ masterDownAtMs: 10_300 + 3609.375, master: lowerAddress });
    expect(instance.state.statistics).toMatchObject({ releaseMaster: 1, priZeroSent: 0 });
  });

  test('an equal priority from a higher address makes it Backup', () => {
    const instance = master();
    instance.hears(100, 10_300, { source: higherAddress });
    expect(instance.kinds).toEqual(['report tieBreakLost', 'Master -> Backup: tie-break-lost']);
  });

  test('an equal priority from a lower address does not', () => {
    const instance = master();
    instance.hears(100, 10_300, { source: lowerAddress });
    expect(instance.state.name).toBe('Master');
    expect(instance.in('Master').advertiseAtMs).toBe(11_000);
  });

  test('addresses are compared as numbers: 10.0.0.9 does not beat 10.0.0.10 as its text would', () => {
    const instance = master();
    instance.hears(100, 10_300, { source: address('10.0.0.9') });
    expect(instance.state.name).toBe('Master');
    instance.hears(100, 10_400, { source: address('10.0.0.100') });
    expect(instance.state.name).toBe('Backup');
  });

  test('the address compared is the one we have now', () => {
    const instance = master();
    instance.faces(10_100, { sourceAddress: address('10.0.0.200') });
    instance.hears(100, 10_300, { source: higherAddress });
    expect(instance.state.name).toBe('Master');
  });

  test('a lower priority does not move it', () => {
    const instance = master();
    instance.hears(99, 10_300);
    expect(instance.state.name).toBe('Master');
  });
});

describe('RFC3768-7.2: what is sent', () => {
  test('is the configuration: VRID, priority, addresses, interval, password', () => {
    const { config } = master();
    expect(advertisementOf(config, 100)).toEqual({
      version: 2,
      vrid: 51,
      priority: 100,
      advertisementIntervalMs: 1000,
      addresses: ['10.0.0.3'],
      authentication: { type: 'PASS', password: '1111' },
    });
  });

  test('does not name the excluded addresses', () => {
    const { config } = master({ excludedAddresses: [virtualAddress('10.0.0.5')] });
    expect(advertisementOf(config, 100).addresses).toEqual(['10.0.0.3']);
  });
});

test('in no state does a startup, a stale tick or an own echo do anything', () => {
  const instances = { Backup: backup(), Master: master() } satisfies Partial<Record<StateName, Instance>>;
  for (const instance of Object.values(instances)) {
    const before = instance.state;
    instance.on(startup, 10_500);
    instance.times(10);
    instance.faces(10_500, {});
    instance.on({ kind: 'addressDeleted', address: virtualAddress('10.0.0.99') }, 10_500);
    expect(instance.state).toEqual(before);
    expect(instance.effects).toEqual([]);
  }
});
