/** What keepalived adds to the RFC: faults, delayed preemption, gratuitous ARP, answers to a lower priority. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { nextTimeout } from '../../src/vrrp/index.ts';
import {
  backup,
  higherAddress,
  Instance,
  instanceConfig,
  lowerAddress,
  master,
  ourAddress,
  surroundings,
  virtualAddress,
} from './instances.ts';

const garp = instanceConfig().gratuitousArp;

describe('Fault', () => {
  test('a Master with a fault sends priority 0, lets the addresses go and is in Fault', () => {
    const instance = master({ excludedAddresses: [virtualAddress('10.0.0.5')] });
    instance.faces(10_500, { reasons: ['interface-down'] });
    expect(instance.kinds).toEqual([
      'sendAdvertisement 0',
      'removeAddresses',
      'report priorityZeroSent',
      'report faults',
      'Master -> Fault: interface-down',
    ]);
    expect(instance.effects[1]).toMatchObject({
      addresses: [{ address: '10.0.0.3' }, { address: '10.0.0.5' }],
    });
    expect(nextTimeout(instance.state)).toBeUndefined();
  });

  test('a Backup with a fault sends nothing', () => {
    const instance = backup();
    instance.faces(100, { reasons: ['no-source-address'] });
    expect(instance.kinds).toEqual(['report faults', 'Backup -> Fault: no-source-address']);
  });

  test('advertisements and ticks are ignored, and the packets counted', () => {
    const instance = backup();
    instance.faces(100, { reasons: ['interface-down'] });
    instance.hears(0, 200);
    expect(instance.times(100_000)).toEqual([]);
    expect(instance.state).toMatchObject({ name: 'Fault', statistics: { notRunning: 1, advertRcvd: 0 } });
  });

  test('another fault is reported once, and remembered', () => {
    const instance = backup();
    instance.faces(100, { reasons: ['interface-down'] });
    expect(instance.faces(200, { reasons: ['interface-missing'] })).toEqual([
      { kind: 'report', report: { kind: 'faults', faults: [{ reason: 'interface-missing' }] } },
    ]);
    expect(instance.faces(300, { reasons: ['interface-missing'] })).toEqual([]);
    expect(instance.in('Fault').faults).toEqual([{ reason: 'interface-missing' }]);
  });

  test('once it is cleared everybody but the owner is Backup with a full Master_Down_Interval', () => {
    const instance = master();
    instance.faces(11_000, { reasons: ['interface-down'] });
    instance.faces(12_000, { sourceAddress: address('10.0.0.20') });
    expect(instance.kinds).toEqual(['Fault -> Backup: fault-cleared']);
    expect(instance.in('Backup')).toMatchObject({
      masterDownAtMs: 12_000 + 3609.375,
      sourceAddress: '10.0.0.20',
    });
  });

  test('once it is cleared the owner is Master', () => {
    const instance = master({ basePriority: 255 }, 0);
    instance.faces(11_000, { reasons: ['interface-down'] });
    instance.faces(12_000, {});
    expect(instance.kinds.at(-1)).toBe('Fault -> Master: fault-cleared');
  });

  test('an instance that starts with a fault, or without a source address, is in Fault from the first', () => {
    const down = new Instance();
    down.on({ kind: 'startup', surroundings: surroundings('interface-down') }, 0);
    expect(down.kinds).toEqual(['report faults', 'Initialize -> Fault: interface-down']);
    const bare = new Instance({ basePriority: 255 });
    bare.on({ kind: 'startup', surroundings: { faults: [], weight: 0 } }, 0);
    expect(bare.kinds).toEqual(['report faults', 'Initialize -> Fault: no-source-address']);
  });

  test('shutdown from Fault sends nothing', () => {
    const instance = backup();
    instance.faces(100, { reasons: ['interface-down'] });
    instance.on({ kind: 'shutdown' }, 200);
    expect(instance.kinds).toEqual(['Fault -> Initialize: shutdown']);
  });
});

test('version 2 with another interval than the Master never hears it, takes over, and has told the operator why', () => {
  const instance = backup({ advertisementIntervalMs: 2000 });
  const advertisement = { advertisementIntervalMs: 1000 };
  instance.hears(150, 1000, { advertisement });
  expect(instance.effects).toMatchObject([
    {
      report: {
        counter: 'advertIntervalErr',
        detail: "advertisement interval mismatch mine=2 sec rcv'd=1 sec",
      },
    },
  ]);
  for (const atMs of [2000, 3000, 4000, 5000, 6000]) instance.hears(150, atMs, { advertisement });
  instance.times(6609.375);
  expect(instance.state).toMatchObject({
    name: 'Master',
    statistics: { advertIntervalErr: 6, advertRcvd: 0 },
  });
});

describe('preempt_delay', () => {
  test('runs from the first advertisement of lower priority; until its end that Master is followed', () => {
    const instance = backup({ preemptDelayMs: 10_000 });
    for (let atMs = 1000; atMs < 11_000; atMs += 1000) {
      instance.hears(50, atMs);
      expect(instance.in('Backup').masterDownAtMs).toBe(atMs + 3609.375);
    }
    instance.hears(50, 11_000);
    expect(instance.kinds).toEqual(['report lowerPriorityDiscarded']);
    expect(instance.in('Backup').masterDownAtMs).toBe(10_000 + 3609.375);
  });

  test('is cancelled by an advertisement that is not lower', () => {
    const instance = backup({ preemptDelayMs: 10_000 });
    instance.hears(50, 1000);
    instance.hears(150, 5000);
    instance.hears(50, 11_500);
    expect(instance.in('Backup').masterDownAtMs).toBe(11_500 + 3609.375);
  });

  test('does not keep it from taking over when there is no Master', () => {
    const instance = backup({ preemptDelayMs: 10_000 });
    instance.hears(50, 1000);
    instance.times(1000 + 3609.375);
    expect(instance.state.name).toBe('Master');
  });
});

describe('gratuitous ARP', () => {
  test('is sent again garp_master_delay later, once, beside the advertisements', () => {
    const instance = master();
    for (const atMs of [11_000, 12_000, 13_000, 14_000]) instance.times(atMs);
    expect(instance.kinds).toEqual(['sendAdvertisement 100']);
    instance.times(15_000);
    expect(instance.kinds).toEqual(['sendAdvertisement 100', 'sendGratuitousArp']);
    expect(instance.effects[1]).toMatchObject({ repeat: 5 });
    instance.times(16_000);
    expect(instance.kinds).toEqual(['sendAdvertisement 100']);
  });

  test('has a deadline of its own when it falls between advertisements', () => {
    const instance = master({ gratuitousArp: { ...garp, masterDelayMs: 300 } });
    expect(nextTimeout(instance.state)).toBe(10_300);
    instance.times(10_300);
    expect(instance.kinds).toEqual(['sendGratuitousArp']);
    expect(nextTimeout(instance.state)).toBe(11_000);
  });

  test('is not repeated with a delay of 0', () => {
    const instance = master({ gratuitousArp: { ...garp, masterDelayMs: 0 } });
    expect(instance.in('Master').secondBurst).toBeUndefined();
  });

  test('is refreshed every garp_master_refresh, without drift', () => {
    const instance = master({
      gratuitousArp: { ...garp, masterDelayMs: 0, masterRefreshMs: 400, masterRefreshRepeat: 2 },
    });
    expect(nextTimeout(instance.state)).toBe(10_400);
    instance.times(10_403);
    expect(instance.effects).toMatchObject([{ kind: 'sendGratuitousArp', repeat: 2 }]);
    expect(nextTimeout(instance.state)).toBe(10_800);
    instance.times(10_800);
    expect(nextTimeout(instance.state)).toBe(11_000);
  });

  test('an instance without addresses adds and announces none', () => {
    const instance = master({ virtualAddresses: [] });
    expect(instance.kinds).toEqual([
      'sendAdvertisement 100',
      'report advertisementTimeout',
      'Backup -> Master: master-down-expired',
    ]);
    instance.on({ kind: 'shutdown' }, 11_000);
    expect(instance.kinds).not.toContain('removeAddresses');
  });
});

describe('a Master that hears a lower priority', () => {
  test('advertises, announces its addresses now and once more, and leaves the Adver_Timer alone', () => {
    const instance = master({ gratuitousArp: { ...garp, lowerPrioRepeat: 2, lowerPrioDelayMs: 700 } });
    instance.times(15_000);
    instance.hears(50, 15_500);
    expect(instance.kinds).toEqual(['sendAdvertisement 100', 'sendGratuitousArp', 'report forcingElection']);
    expect(instance.effects[1]).toMatchObject({ repeat: 2 });
    expect(instance.in('Master')).toMatchObject({
      advertiseAtMs: 16_000,
      secondBurst: { atMs: 16_200, repeat: 2 },
    });
  });

  test('is silent with lower_prio_no_advert and a repeat of 0, and keeps its own second burst', () => {
    const instance = master({ lowerPrioNoAdvert: true, gratuitousArp: { ...garp, lowerPrioRepeat: 0 } });
    instance.hears(50, 10_500);
    expect(instance.kinds).toEqual(['report forcingElection']);
    expect(instance.in('Master').secondBurst).toEqual({ atMs: 15_000, repeat: 5 });
  });

  test('answers every one, and counts what it sends', () => {
    const instance = master();
    for (const atMs of [10_100, 10_200, 10_300]) instance.hears(50, atMs);
    expect(instance.state.statistics).toMatchObject({ advertSent: 4, advertRcvd: 3 });
  });
});

test('with higher_prio_send_advert a Master sends one more advertisement before it gives way', () => {
  const instance = master({ higherPrioSendAdvert: true });
  instance.hears(150, 10_300);
  expect(instance.kinds).toEqual([
    'sendAdvertisement 100',
    'report higherPriorityReceived',
    'Master -> Backup: higher-priority',
  ]);
  expect(instance.state.statistics.advertSent).toBe(2);
});

test('our own address with our own priority is warned of once and does not move a Master', () => {
  const instance = master();
  instance.hears(100, 10_300, { source: ourAddress });
  expect(instance.kinds).toEqual(['report ownAddressReceived']);
  instance.hears(100, 10_400, { source: ourAddress });
  expect(instance.kinds).toEqual([]);
  expect(instance.state.name).toBe('Master');
});

describe('two owners', () => {
  test('the one with the lower address gives way and says why', () => {
    const instance = master({ basePriority: 255 }, 0);
    instance.hears(255, 300, { source: higherAddress });
    expect(instance.kinds).toEqual([
      'report tieBreakLost',
      'Master -> Backup: tie-break-lost',
      'report twoOwners',
    ]);
  });

  test('the one with the higher address stays and says why, once', () => {
    const instance = master({ basePriority: 255 }, 0);
    instance.hears(255, 300, { source: lowerAddress });
    expect(instance.kinds).toContain('report twoOwners');
    instance.hears(255, 400, { source: lowerAddress });
    expect(instance.kinds).not.toContain('report twoOwners');
    expect(instance.state.name).toBe('Master');
  });

  test('an equal priority below 255 is not called so', () => {
    const instance = master();
    instance.hears(100, 10_300);
    expect(instance.kinds).not.toContain('report twoOwners');
  });
});

describe('an address that somebody else took away', () => {
  test('is put back and announced by a Master, alone', () => {
    const kept = virtualAddress('10.0.0.4', { label: 'eth0:1' });
    const instance = master({ virtualAddresses: [virtualAddress('10.0.0.3'), kept] });
    const { label: _, ...asTheKernelSaysIt } = kept;
    instance.on({ kind: 'addressDeleted', address: asTheKernelSaysIt }, 10_500);
    expect(instance.effects).toEqual([
      { kind: 'addAddresses', addresses: [kept] },
      { kind: 'sendGratuitousArp', addresses: [kept], repeat: 5 },
      { kind: 'report', report: { kind: 'addressRestored', address: kept } },
    ]);
  });

  test('is left alone when it is not ours: another prefix, another interface, removed by a reload', () => {
    const instance = master();
    for (const other of [
      virtualAddress('10.0.0.3', { prefixLength: 32 }),
      virtualAddress('10.0.0.3', { interface: 'eth1' }),
      virtualAddress('10.0.0.99'),
    ]) {
      expect(instance.on({ kind: 'addressDeleted', address: other }, 10_500)).toEqual([]);
    }
    instance.reload({ virtualAddresses: [virtualAddress('10.0.0.4')] }, 10_600);
    expect(instance.on({ kind: 'addressDeleted', address: virtualAddress('10.0.0.3') }, 10_700)).toEqual([]);
  });

  test('a failed addition is reported in every state', () => {
    const failed = { kind: 'addressAddFailed', address: virtualAddress('10.0.0.3'), error: 'EPERM' } as const;
    for (const instance of [new Instance(), backup(), master()]) {
      expect(instance.on(failed, 10_500)).toEqual([{ kind: 'report', report: failed }]);
    }
  });
});

describe('time', () => {
  test('late ticks do not make the advertisements drift', () => {
    const instance = master();
    for (let count = 1; count <= 100; count += 1) instance.times(10_000 + count * 1000 + 7);
    expect(instance.in('Master').advertiseAtMs).toBe(111_000);
    expect(instance.state.statistics.advertSent).toBe(101);
  });

  test('after a long pause one advertisement is sent, not all that were missed', () => {
    const instance = master();
    instance.times(60_500);
    expect(instance.kinds).toEqual(['sendAdvertisement 100', 'sendGratuitousArp', 'report paused']);
    expect(instance.in('Master').advertiseAtMs).toBe(61_500);
    expect(instance.times(60_500)).toEqual([]);
  });

  test('the Master_Down_Timer counts from when the packet was received', () => {
    const instance = backup();
    instance.hears(150, 1234.567);
    expect(nextTimeout(instance.state)).toBeCloseTo(1234.567 + 3609.375, 9);
  });
});

test('a change of Master is reported with both, the first with one', () => {
  const instance = backup();
  expect(instance.hears(150, 100)).toEqual([
    { kind: 'report', report: { kind: 'masterChanged', to: lowerAddress } },
  ]);
  expect(instance.hears(150, 200)).toEqual([]);
  expect(instance.hears(200, 300, { source: higherAddress })).toEqual([
    { kind: 'report', report: { kind: 'masterChanged', from: lowerAddress, to: higherAddress } },
  ]);
});

describe('version 3', () => {
  const v3 = { version: 3, authentication: { type: 'none' } } as const;

  test('RFC5798-6.4.2: a Backup adopts the interval of the Master it follows', () => {
    const instance = backup(v3);
    instance.hears(150, 1000, { advertisement: { advertisementIntervalMs: 100 } });
    // 3 x 100 + 156 x 100 / 256.
    expect(instance.in('Backup')).toMatchObject({ masterAdverIntervalMs: 100, masterDownAtMs: 1360.9375 });
  });

  test('RFC5798-6.4.2: but not of one that it discards', () => {
    const instance = backup(v3);
    instance.hears(50, 1000, { advertisement: { advertisementIntervalMs: 100 } });
    expect(instance.in('Backup').masterAdverIntervalMs).toBe(1000);
  });

  test('RFC5798-6.4.2: priority 0 waits the skew of the adopted interval', () => {
    const instance = backup(v3);
    instance.hears(150, 1000, { advertisement: { advertisementIntervalMs: 100 } });
    instance.hears(0, 1100);
    expect(instance.in('Backup').masterDownAtMs).toBe(1160.9375);
  });

  test('RFC5798-6.4.3: a Master that gives way adopts it too, and one that takes over goes back to its own', () => {
    const instance = master(v3);
    instance.hears(150, 10_300, { advertisement: { advertisementIntervalMs: 100 } });
    expect(instance.in('Backup').masterDownAtMs).toBe(10_660.9375);
    instance.times(10_661);
    expect(instance.in('Master').advertiseAtMs).toBe(11_661);
  });
});
