/** RFC 5798 section 6, in pairs, in both versions and families. The numbers are those of the RFC's steps. */
import { describe, expect, test } from 'vitest';
import { masterDownIntervalMs, nextTimeout, skewTimeMs } from '../../src/vrrp/index.ts';
import { instanceWith, onlyInstance, parseText } from '../config-parser/parse-helpers.ts';
import { virtualAddress } from './instances.ts';
import { backupOf, masterOf, Router, variants, version2, version3 } from './rfc/routers.ts';

describe('6.1: parameters', () => {
  // (256 - 100) / 256 = 0.609375; (256 - 254) / 256 = 0.0078125.
  test.each([
    [3, 100, 1000, 609.375],
    [3, 100, 10, 6.09375],
    [3, 254, 40_950, 319.921875],
    [2, 100, 10_000, 609.375],
  ] as const)(
    '5798-6.1-skew-time does: in version %i, with priority %i and interval %i ms it is %f ms',
    (version, priority, masterAdverIntervalMs, skewMs) => {
      expect(skewTimeMs({ version, priority, masterAdverIntervalMs })).toBe(skewMs);
    },
  );

  test('5798-6.1-skew-time refuses: Skew_Time is not rounded to the centiseconds of the wire', () => {
    const at = (priority: number) => skewTimeMs({ version: 3, priority, masterAdverIntervalMs: 10 });
    expect(at(100) - at(101)).toBe(10 / 256);
  });

  test.each([
    [3, 100, 100, 360.9375],
    [3, 150, 10, 34.140625],
    [2, 100, 1000, 3609.375],
  ] as const)(
    '5798-6.1-master-down-interval does: in version %i, with priority %i and interval %i ms it is %f ms',
    (version, priority, masterAdverIntervalMs, downMs) => {
      const downTimerAdverts = 3;
      expect(masterDownIntervalMs({ version, priority, masterAdverIntervalMs, downTimerAdverts })).toBe(
        downMs,
      );
    },
  );

  test.each(variants)(
    '5798-6.1-master-down-interval refuses: nobody is Master before Master_Down_Interval is over ($what)',
    (variant) => {
      const router = backupOf(variant);
      expect(router.times(3609.374)).toEqual([]);
      router.times(3609.375);
      expect(router.state.name).toBe('Master');
    },
  );

  test('5798-6.1-preempt-mode does: Preempt_Mode is on where nothing is said, and for the owner whatever is', () => {
    expect(onlyInstance(instanceWith()).preempt).toBe(true);
    expect(onlyInstance(instanceWith('priority 255', 'nopreempt')).preempt).toBe(true);
  });

  test('5798-6.1-preempt-mode refuses: nopreempt of anybody else holds', () => {
    expect(onlyInstance(instanceWith('state BACKUP', 'nopreempt')).preempt).toBe(false);
  });

  test('5798-6.1-accept-mode does: Accept_Mode is on where nothing is said, as in keepalived, and for the owner whatever is', () => {
    expect(onlyInstance(instanceWith('version 3')).acceptMode).toBe(true);
    expect(onlyInstance(instanceWith('version 3', 'priority 255', 'no_accept')).acceptMode).toBe(true);
  });

  test('5798-6.1-accept-mode refuses: Accept_Mode is off with no_accept, and in strict mode where nothing is said', () => {
    expect(onlyInstance(instanceWith('version 3', 'no_accept')).acceptMode).toBe(false);
    expect(onlyInstance(instanceWith('version 3', 'strict_mode')).acceptMode).toBe(false);
  });

  test('5798-6.4-each does: two virtual routers of one machine are Master and Backup at the same time', () => {
    const [first, second] = [backupOf(version3, { vrid: 1 }), backupOf(version3, { vrid: 2 })];
    second.hears(150, 3000);
    for (const router of [first, second]) router.times(3700);
    expect([first.state.name, second.state.name]).toEqual(['Master', 'Backup']);
    expect(
      parseText(
        `${instanceWith()}${instanceWith('version 3').replace('VI_1', 'VI_2').replace('192.0.2.10/24', 'fe80::1/64')}`,
      ).config.vrrpInstances,
    ).toHaveLength(2);
  });

  test('5798-6.4-each refuses: what one of them hears is not for the other', () => {
    const router = backupOf(version3, { vrid: 1 });
    router.hears(255, 1000, { advertisement: { vrid: 2 } });
    expect(router.in('Backup').masterDownAtMs).toBe(3609.375);
  });
});

describe.each(variants)('6.4.1: Initialize, $what', (variant) => {
  test('5798-6.4.1-110, 5798-6.4.1-140, 5798-6.4.1-145 does: the owner advertises and is Master', () => {
    const router = new Router(variant, { basePriority: 255, advertisementIntervalMs: 2000 });
    router.starts(500);
    expect(router.effects[0]).toEqual({ kind: 'sendAdvertisement', priority: 255 });
    expect(router.in('Master').advertiseAtMs).toBe(2500);
    expect(router.kinds.at(-1)).toBe('Initialize -> Master: startup-owner');
  });

  test('5798-6.4.1-120, 5798-6.4.1-130 does: the owner announces every address that it has added', () => {
    const router = new Router(variant, { basePriority: 255 });
    router.starts(500);
    const addresses = router.config.virtualAddresses;
    expect(router.effects).toContainEqual({ kind: 'addAddresses', addresses });
    expect(router.effects).toContainEqual({ kind: 'sendGratuitousArp', addresses, repeat: 5 });
  });

  test('5798-6.4.1-155, 5798-6.4.1-160, 5798-6.4.1-165 does: anybody else waits for Master_Down_Interval as Backup', () => {
    const router = new Router(variant, { basePriority: 254, initialState: 'MASTER' });
    router.starts(500);
    expect(router.in('Backup')).toMatchObject({
      masterAdverIntervalMs: 1000,
      masterDownAtMs: 500 + 3007.8125,
    });
  });

  test('5798-6.4.1-110, 5798-6.4.1-120, 5798-6.4.1-130, 5798-6.4.1-140, 5798-6.4.1-145 refuses: nobody else says or announces anything', () => {
    const router = new Router(variant, { basePriority: 254 });
    router.starts(500);
    expect(router.kinds).toEqual(['Initialize -> Backup: startup']);
  });

  test('5798-6.4.1-155, 5798-6.4.1-160, 5798-6.4.1-165 refuses: the owner does not wait', () => {
    const router = new Router(variant, { basePriority: 255 });
    router.starts(500);
    expect(router.state).not.toHaveProperty('masterDownAtMs');
    expect(router.state).not.toHaveProperty('masterAdverIntervalMs');
  });
});

const held = (router: Router) => router.config.virtualAddresses;

describe.each(variants)('6.4.2: Backup, $what', (variant) => {
  test('5798-6.4.2-310, 5798-6.4.2-320, 5798-6.4.2-340 does: a Backup is given no address to answer for', () => {
    const router = new Router(variant);
    const effects = [...router.starts(0), ...router.hears(150, 1000), ...router.hears(150, 2000)];
    expect(effects.map(({ kind }) => kind)).not.toContain('addAddresses');
    expect(effects.map(({ kind }) => kind)).not.toContain('sendGratuitousArp');
  });

  test('5798-6.4.2-310, 5798-6.4.2-320, 5798-6.4.2-340 refuses: who was Master does not keep them beyond 20 ms', () => {
    const router = masterOf(variant);
    router.hears(150, 10_500);
    expect(router.state.name).toBe('Backup');
    expect(nextTimeout(router.state)).toBe(10_520);
    expect(router.times(10_520)).toEqual([{ kind: 'removeAddresses', addresses: held(router) }]);
    const [address] = held(router);
    if (address === undefined) throw new Error('there is no address');
    expect(router.on({ kind: 'addressDeleted', address }, 10_521)).toEqual([]);
  });

  test('5798-6.4.2-350, 5798-6.4.2-355 does: a shutdown ends in Initialize', () => {
    const router = backupOf(variant);
    router.on({ kind: 'shutdown' }, 1000);
    expect(router.kinds).toEqual(['Backup -> Initialize: shutdown']);
  });

  test('5798-6.4.2-350, 5798-6.4.2-355 refuses: no timer fires afterwards, and only a startup leads out', () => {
    const router = backupOf(variant);
    router.on({ kind: 'shutdown' }, 1000);
    expect(nextTimeout(router.state)).toBeUndefined();
    for (const atMs of [4000, 10_000]) expect(router.times(atMs)).toEqual([]);
    router.hears(1, 11_000);
    expect(router.state.name).toBe('Initialize');
  });

  test('5798-6.4.2-370, 5798-6.4.2-380, 5798-6.4.2-390, 5798-6.4.2-395, 5798-6.4.2-405, 5798-6.4.2-410 does: the Master_Down_Timer makes a Master', () => {
    const router = backupOf(variant);
    router.times(3609.375);
    const addresses = held(router);
    expect(router.effects.slice(0, 3)).toEqual([
      { kind: 'sendAdvertisement', priority: 100 },
      { kind: 'addAddresses', addresses },
      { kind: 'sendGratuitousArp', addresses, repeat: 5 },
    ]);
    expect(router.in('Master').advertiseAtMs).toBe(3609.375 + 1000);
  });

  test('5798-6.4.2-370, 5798-6.4.2-380, 5798-6.4.2-390, 5798-6.4.2-395, 5798-6.4.2-410 refuses: it does not fire while a Master is heard', () => {
    const router = backupOf(variant);
    for (let atMs = 1000; atMs <= 20_000; atMs += 1000) {
      const effects = [...router.hears(150, atMs), ...router.times(atMs + 999)];
      const kinds = effects.filter(({ kind }) => kind !== 'report');
      expect(kinds).toEqual([]);
    }
    expect(router.state.name).toBe('Backup');
  });

  test('5798-6.4.2-430 does: priority 0 sets the Master_Down_Timer to Skew_Time', () => {
    const router = backupOf(variant);
    router.hears(150, 1000);
    router.hears(0, 1500);
    expect(router.in('Backup').masterDownAtMs).toBe(1500 + 609.375);
  });

  test('5798-6.4.2-430 refuses: a bad packet of priority 0 does not, nor does a good one make a Master at once', () => {
    const router = backupOf(variant);
    router.hears(150, 1000);
    router.hears(0, 1500, { datagram: { hopLimit: 64 } });
    expect(router.in('Backup').masterDownAtMs).toBe(1000 + 3609.375);
    router.hears(0, 1600);
    expect(router.times(1600 + 609.3)).toEqual([]);
  });

  test.each([100, 101, 255])(
    '5798-6.4.2-460 does: priority %i, not below ours, restarts the Master_Down_Timer',
    (priority) => {
      const router = backupOf(variant);
      router.hears(priority, 2000);
      expect(router.in('Backup').masterDownAtMs).toBe(2000 + 3609.375);
    },
  );

  test('5798-6.4.2-460 does: without Preempt_Mode every priority but 0 restarts the Master_Down_Timer', () => {
    const router = backupOf(variant, { preempt: false });
    router.hears(1, 2000);
    expect(router.in('Backup').masterDownAtMs).toBe(2000 + 3609.375);
  });

  test.each([1, 99])(
    '5798-6.4.2-460, 5798-6.4.2-470 refuses: priority %i, below ours, does not restart the Master_Down_Timer',
    (priority) => {
      const router = backupOf(variant);
      router.hears(priority, 2000);
      expect(router.in('Backup')).toMatchObject({ masterDownAtMs: 3609.375, master: undefined });
    },
  );

  test('5798-6.4.2-470 does: what is discarded does not keep us from taking over', () => {
    const router = backupOf(variant);
    for (const atMs of [1000, 2000, 3000]) router.hears(99, atMs);
    router.times(3609.375);
    expect(router.state.name).toBe('Master');
  });
});

describe('6.4.2: Master_Adver_Interval', () => {
  const slow = { advertisement: { advertisementIntervalMs: 2000 } };

  test.each(variants.filter(({ changes }) => changes.version === 3))(
    '5798-6.4.2-450, 5798-6.4.2-455 does: the interval of the Master is adopted, and Skew_Time and Master_Down_Interval with it ($what)',
    (variant) => {
      const router = backupOf(variant, { advertisementIntervalMs: 500 });
      router.hears(150, 1000, slow);
      // 3 x 2000 + 156 / 256 x 2000.
      expect(router.in('Backup')).toMatchObject({
        masterAdverIntervalMs: 2000,
        masterDownAtMs: 1000 + 7218.75,
      });
      router.hears(0, 3000, slow);
      expect(router.in('Backup').masterDownAtMs).toBe(3000 + 1218.75);
    },
  );

  test.each(variants)(
    '5798-6.4.2-450, 5798-6.4.2-455 refuses: the interval of a packet that is discarded is not adopted ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(variant === version2 ? 150 : 99, 1000, slow);
      expect(router.in('Backup')).toMatchObject({ masterAdverIntervalMs: 1000, masterDownAtMs: 3609.375 });
    },
  );

  test('5798-6.4.2-405 refuses: a Backup that becomes Master does not go on with the adopted interval', () => {
    const router = backupOf(version3, { advertisementIntervalMs: 500 });
    router.hears(150, 1000, slow);
    router.times(1000 + 7218.75);
    expect(router.in('Master').advertiseAtMs).toBe(1000 + 7218.75 + 500);
  });
});

describe.each(variants)('6.4.3: Master, $what', (variant) => {
  test('5798-6.4.3-610, 5798-6.4.3-620, 5798-6.4.3-625 does: the addresses are added, so that the kernel answers for them, and put back when they go', () => {
    const router = new Router(variant);
    router.starts(0);
    const [address] = held(router);
    if (address === undefined) throw new Error('there is no address');
    expect(router.times(4000)).toContainEqual({ kind: 'addAddresses', addresses: held(router) });
    expect(router.on({ kind: 'addressDeleted', address }, 5000)).toContainEqual({
      kind: 'addAddresses',
      addresses: [address],
    });
  });

  test('5798-6.4.3-610, 5798-6.4.3-620, 5798-6.4.3-625 refuses: an address that is not of the virtual router is none of its business', () => {
    const router = masterOf(variant);
    expect(router.on({ kind: 'addressDeleted', address: virtualAddress('192.0.2.99') }, 10_500)).toEqual([]);
  });

  test('5798-6.4.3-660, 5798-6.4.3-665, 5798-6.4.3-670 does: a shutdown that cannot wait says priority 0 and is Initialize', () => {
    const router = masterOf(variant);
    router.on({ kind: 'shutdown', atOnce: true }, 10_500);
    expect(router.effects[0]).toEqual({ kind: 'sendAdvertisement', priority: 0 });
    expect(router.state.name).toBe('Initialize');
    expect(nextTimeout(router.state)).toBeUndefined();
  });

  test('5798-6.4.3-660, 5798-6.4.3-665 refuses: after priority 0 a Master sends nothing more', () => {
    const router = masterOf(variant);
    router.on({ kind: 'shutdown' }, 10_500);
    expect(router.kinds[0]).toBe('sendAdvertisement 0');
    const later = [...router.times(11_500), ...router.hears(0, 11_510), ...router.times(30_000)];
    expect(later.map(({ kind }) => kind)).not.toContain('sendAdvertisement');
    expect(router.state.name).toBe('Initialize');
  });

  test('5798-6.4.3-670 refuses: where it can wait it does not go before somebody has the addresses', () => {
    const router = masterOf(variant);
    router.on({ kind: 'shutdown' }, 10_500);
    expect(router.kinds).not.toContain('removeAddresses');
    router.hears(50, 11_000);
    expect(router.times(11_020)).toContainEqual({ kind: 'removeAddresses', addresses: held(router) });
    expect(router.state.name).toBe('Initialize');
  });

  test('5798-6.4.3-685, 5798-6.4.3-690 does: the Adver_Timer sends an advertisement and is set again', () => {
    const router = masterOf(variant);
    expect(router.times(11_000)).toEqual([{ kind: 'sendAdvertisement', priority: 100 }]);
    expect(router.in('Master').advertiseAtMs).toBe(12_000);
  });

  test('5798-6.4.3-685, 5798-6.4.3-690 refuses: nothing is sent before it is due, and one advertisement for each time', () => {
    const router = masterOf(variant);
    expect(router.times(10_999.999)).toEqual([]);
    router.times(11_000);
    expect(router.times(11_000)).toEqual([]);
  });

  test('5798-6.4.3-710, 5798-6.4.3-715 does: priority 0 is answered at once, and the Adver_Timer begins anew', () => {
    const router = masterOf(variant);
    expect(router.hears(0, 10_300)).toEqual([{ kind: 'sendAdvertisement', priority: 100 }]);
    expect(router.in('Master').advertiseAtMs).toBe(11_300);
  });

  test('5798-6.4.3-710, 5798-6.4.3-715 refuses: a packet of priority 0 that fails a check is not answered', () => {
    const router = masterOf(variant);
    router.hears(0, 10_300, { advertisement: { vrid: 52 } });
    expect(router.kinds).not.toContain('sendAdvertisement 100');
    expect(router.in('Master').advertiseAtMs).toBe(11_000);
  });

  test.each([
    ['a higher priority', 101, 'lower'],
    ['an equal priority from a higher address', 100, 'higher'],
  ] as const)(
    '5798-6.4.3-740, 5798-6.4.3-750, 5798-6.4.3-755, 5798-6.4.3-760, 5798-6.4.3-765 does: a Master that hears %s is Backup for a whole Master_Down_Interval',
    (_what, priority, from) => {
      const router = masterOf(variant);
      router.hears(priority, 10_300, { source: variant[from] });
      expect(router.in('Backup')).toMatchObject({ masterDownAtMs: 10_300 + 3609.375, master: variant[from] });
      expect(router.state).not.toHaveProperty('advertiseAtMs');
      expect(router.times(11_000).map(({ kind }) => kind)).not.toContain('sendAdvertisement');
    },
  );

  test.each([
    ['a lower priority', 99, 'higher'],
    ['an equal priority from a lower address', 100, 'lower'],
  ] as const)(
    '5798-6.4.3-740, 5798-6.4.3-745, 5798-6.4.3-750, 5798-6.4.3-755, 5798-6.4.3-760, 5798-6.4.3-765, 5798-6.4.3-775 refuses: a Master that hears %s stays Master, its Adver_Timer as it was',
    (_what, priority, from) => {
      const router = masterOf(variant);
      router.hears(priority, 10_300, { source: variant[from] });
      expect(router.in('Master').advertiseAtMs).toBe(11_000);
    },
  );

  test('5798-6.4.3-775 does: with lower_prio_no_advert a lower priority is discarded without a word to anybody on the network', () => {
    const gratuitousArp = { ...new Router(variant).config.gratuitousArp, lowerPrioRepeat: 0 };
    const router = masterOf(variant, { lowerPrioNoAdvert: true, gratuitousArp });
    router.hears(99, 10_300);
    expect(router.kinds).toEqual(['report forcingElection']);
    const strict = onlyInstance(instanceWith('strict_mode'));
    expect(strict).toMatchObject({ lowerPrioNoAdvert: true, gratuitousArp: { lowerPrioRepeat: 0 } });
  });
});

test.each(variants.filter(({ changes }) => changes.version === 3))(
  '5798-6.4.3-745, 5798-6.4.3-750, 5798-6.4.3-755 does: a Master that gives way adopts the interval ($what)',
  (variant) => {
    const router = masterOf(variant);
    router.hears(150, 10_300, { advertisement: { advertisementIntervalMs: 100 } });
    // 3 x 100 + 156 / 256 x 100.
    expect(router.in('Backup')).toMatchObject({
      masterAdverIntervalMs: 100,
      masterDownAtMs: 10_300 + 360.9375,
    });
  },
);
