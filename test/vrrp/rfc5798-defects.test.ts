/** Mistakes that other implementations were seen to make (rfc/defects.ts): one test that each of them would fail. */
import { describe, expect, test } from 'vitest';
import { address, addressBytes } from '../../src/net/address.ts';
import { encodeIpv4Header, parseIpv4Header } from '../../src/net/ipv4.ts';
import {
  AdvertisementWriter,
  groupEvents,
  initialReceptionMemory,
  masterDownIntervalMs,
  skewTimeMs,
  zeroStatistics,
} from '../../src/vrrp/index.ts';
import { instanceWith, onlyInstance } from '../config-parser/parse-helpers.ts';
import { Instance, master, surroundings, virtualAddress } from './instances.ts';
import { wireConfig } from './reception-fixtures.ts';
import { backupOf, masterOf, Router, variants, variants3, version2, version3 } from './rfc/routers.ts';

const parameters = { version: 3, priority: 100, masterAdverIntervalMs: 1000 } as const;

describe('timers', () => {
  test('defect-skew-in-seconds: Skew_Time is a part of a second', () => {
    for (const version of [2, 3] as const) expect(skewTimeMs({ ...parameters, version })).toBe(609.375);
  });

  test('defect-skew-in-centiseconds: at 10 ms priority 101 takes over before priority 100', () => {
    const [better, worse] = [101, 100].map((basePriority) =>
      backupOf(version3, { basePriority, advertisementIntervalMs: 10 }),
    );
    const betweenMs = 30 + (155.5 / 256) * 10;
    better?.times(betweenMs);
    worse?.times(betweenMs);
    expect([better?.state.name, worse?.state.name]).toEqual(['Master', 'Backup']);
  });

  test('defect-skew-overflow: the longest interval at the lowest priority', () => {
    const longest = { ...parameters, priority: 1, masterAdverIntervalMs: 40_950 };
    // 255 x 4095 is more than 16 bits hold.
    expect(skewTimeMs(longest)).toBe((255 * 40_950) / 256);
    expect(masterDownIntervalMs({ ...longest, downTimerAdverts: 3 })).toBe(122_850 + (255 * 40_950) / 256);
  });

  test('defect-centiseconds-as-seconds: advert_int 0.1 of version 3 is advertised every 100 ms', () => {
    const { advertisementIntervalMs } = onlyInstance(instanceWith('version 3', 'advert_int 0.1'));
    const router = masterOf(version3, { advertisementIntervalMs });
    expect(router.in('Master').advertiseAtMs).toBe(10_100);
  });

  test('defect-seconds-times-ten: advert_int 1 of version 3 is 100 centiseconds on the wire', () => {
    const { advertisementIntervalMs } = onlyInstance(instanceWith('version 3', 'advert_int 1'));
    const [sent] = new AdvertisementWriter().write({
      config: { ...wireConfig({ version: 3, authentication: { type: 'none' } }), advertisementIntervalMs },
      priority: 100,
      source: address('10.0.0.9'),
      unixTimeMs: 0,
      memory: initialReceptionMemory,
    });
    expect([...(sent?.bytes.subarray(4, 6) ?? [])]).toEqual([0, 100]);
  });

  test.each(variants)(
    'defect-configured-priority: a failing check lengthens Skew_Time at once ($what)',
    (variant) => {
      const router = backupOf(variant, { basePriority: 150 });
      router.faces(1000, { weight: -100, sourceAddress: variant.ours });
      // (256 - 50) / 256 s.
      expect(router.in('Backup').masterDownAtMs).toBe(3000 + 804.6875);
    },
  );

  test.each(variants)(
    'defect-stale-tick: a tick for a time that has been put off does nothing ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 3000);
      expect(router.times(3609.375)).toEqual([]);
      expect(router.state.name).toBe('Backup');
    },
  );

  test.each(variants)(
    'defect-drift: advertisements that are late do not make the next ones later ($what)',
    (variant) => {
      const router = masterOf(variant);
      for (let second = 11; second <= 60; second += 1) router.times(second * 1000 + 30);
      expect(router.in('Master').advertiseAtMs).toBe(61_000);
    },
  );
});

describe('the election', () => {
  test.each(variants3)(
    'defect-interval-refused: another interval is heard, and there is one Master ($what)',
    (variant) => {
      const router = backupOf(variant, { advertisementIntervalMs: 100 });
      for (const atMs of [300, 1300, 2300, 3300]) {
        router.times(atMs - 1);
        router.hears(150, atMs, { advertisement: { advertisementIntervalMs: 1000 } });
      }
      expect(router.in('Backup').master).toBe(variant.lower);
    },
  );

  test('defect-interval-untold: version 2 counts it and says which intervals they are', () => {
    const router = backupOf(version2);
    router.hears(150, 1000, { advertisement: { advertisementIntervalMs: 3000 } });
    expect(router.state.statistics.advertIntervalErr).toBe(1);
    expect(router.effects).toMatchObject([
      { report: { kind: 'packetDropped', detail: expect.stringMatching(/mine=1 sec.*3 sec/) } },
    ]);
  });

  test.each(variants)(
    'defect-startup-promotes: a startup in Backup, or twice, changes nothing ($what)',
    (variant) => {
      const router = backupOf(variant);
      const before = router.state;
      expect(router.starts(1000)).toEqual([]);
      expect(router.state).toEqual(before);
    },
  );

  test.each(variants)(
    'defect-zero-at-once: of three Backups that hear priority 0 the best takes over alone ($what)',
    (variant) => {
      const backups = [200, 150, 100].map((basePriority) => backupOf(variant, { basePriority }));
      for (const router of backups) router.hears(0, 1000);
      expect(backups.map(({ state }) => state.name)).toEqual(['Backup', 'Backup', 'Backup']);
      // (256 - 200) / 256 s.
      for (const router of backups) router.times(1000 + 218.75);
      expect(backups.map(({ state }) => state.name)).toEqual(['Master', 'Backup', 'Backup']);
    },
  );

  test.each(variants)(
    'defect-equal-ignored: of two Masters that hear each other one is left ($what)',
    (variant) => {
      const [higher, lower] = [masterOf(variant), masterOf({ ...variant, ours: variant.lower })];
      higher.hears(100, 10_100, { source: variant.lower });
      lower.faces(10_050, { sourceAddress: variant.lower });
      lower.hears(100, 10_100, { source: variant.ours });
      expect([higher.state.name, lower.state.name]).toEqual(['Master', 'Backup']);
    },
  );

  test.each(variants)(
    'defect-text-order: the lower number does not win, though its text is higher ($what)',
    (variant) => {
      expect(variant.lower > variant.ours).toBe(true);
      const router = masterOf(variant);
      router.hears(100, 10_100, { source: variant.lower });
      expect(router.state.name).toBe('Master');
    },
  );

  test.each([
    [255, -254, 255],
    [254, 254, 254],
    [10, -254, 1],
  ])('defect-owner-weight: priority %i with weight %i is %i', (basePriority, weight, effective) => {
    const instance = new Instance({ basePriority });
    instance.on({ kind: 'startup', surroundings: { ...surroundings(), weight } }, 0);
    instance.times(10_000);
    expect(instance.kinds).toContain(`sendAdvertisement ${effective}`);
  });

  test('defect-storm: two Masters with lower_prio_no_advert off are silent as soon as one has given way', () => {
    const [better, worse] = [masterOf(version3, { basePriority: 150 }), masterOf(version3)];
    let sent = 0;
    let from = better;
    let to = worse;
    for (let round = 0; round < 20; round += 1) {
      const advertises = from.effects.some(({ kind }) => kind === 'sendAdvertisement');
      if (!advertises) break;
      sent += 1;
      to.hears(from.config.basePriority, 10_100 + round);
      [from, to] = [to, from];
    }
    expect(sent).toBeLessThanOrEqual(2);
    expect([better.state.name, worse.state.name]).toEqual(['Master', 'Backup']);
  });
});

describe('packets', () => {
  test('defect-fixed-ip-header: what follows is found behind the options', () => {
    const options = Uint8Array.of(0x94, 4, 0, 0);
    const header = encodeIpv4Header({
      source: address('10.0.0.9'),
      destination: address('224.0.0.18'),
      timeToLive: 255,
      protocol: 112,
      typeOfService: 0xc0,
      identification: 1,
      payloadBytes: 16,
    });
    header[0] = 0x46;
    const parsed = parseIpv4Header(Uint8Array.from([...header, ...options, ...new Uint8Array(12)]));
    expect(parsed).toMatchObject({ ok: true, value: { headerLengthBytes: 24, totalLengthBytes: 36 } });
  });

  test('defect-stale-packet: a priority, a source or a list that is another shows in the next packet', () => {
    const config = wireConfig({ version: 3, authentication: { type: 'none' } });
    const request = {
      config,
      priority: 100,
      source: address('10.0.0.9'),
      unixTimeMs: 0,
      memory: initialReceptionMemory,
    };
    const bytesAfter = (change: Partial<typeof request>) => {
      const writer = new AdvertisementWriter();
      const [first, second] = [request, { ...request, ...change }].map((one) => writer.write(one)[0]?.bytes);
      return { first: Array.from(first ?? []), second: Array.from(second ?? []) };
    };
    const { first } = bytesAfter({});
    expect(bytesAfter({}).second).toEqual(first);
    expect(bytesAfter({ priority: 0 }).second[2]).toBe(0);
    const { second } = bytesAfter({ source: address('10.0.0.8') });
    expect(second.slice(6, 8)).not.toEqual(first.slice(6, 8));
    const virtualAddresses = [virtualAddress('10.0.0.4')];
    const other = bytesAfter({ config: { ...config, virtualAddresses } }).second;
    expect(other.slice(8)).toEqual([...addressBytes(address('10.0.0.4'))]);
  });

  test.each(variants)(
    'defect-uncounted-drop: every datagram adds to one counter at least, in every state ($what)',
    (variant) => {
      const changes = [
        { datagram: { hopLimit: 1 } },
        { datagram: { payload: new Uint8Array(0) } },
        { advertisement: { vrid: 9 } },
        { advertisement: { version: variant === version2 ? 3 : 2 } },
        { advertisement: { advertisementIntervalMs: 0 } },
        { datagram: { destination: variant.ours } },
      ] as const;
      const counted = (router: Router) =>
        Object.keys(zeroStatistics).reduce(
          (sum, counter) => sum + router.state.statistics[counter as keyof typeof zeroStatistics],
          0,
        );
      for (const change of [{}, ...changes]) {
        for (const router of [new Router(variant), backupOf(variant), masterOf(variant)]) {
          const before = counted(router);
          router.hears(100, 10_100, change);
          expect(counted(router), JSON.stringify(change)).toBeGreaterThan(before);
        }
      }
    },
  );

  test.each(variants)(
    'defect-strangers-summed: a packet of another VRID is that, whatever else is wrong with it ($what)',
    (variant) => {
      const router = backupOf(variant);
      const { config } = new Router(variant, { vrid: 9 });
      const size = config.family === 4 ? 4 : 16;
      const auth = config.version === 2 ? 8 : 0;
      const payload = new Uint8Array(8 + size + auth);
      payload.set([(config.version << 4) | 1, 9, 150, 1, 0, 1, 0xde, 0xad]);
      router.hears(150, 1000, { datagram: { payload } });
      expect(router.state.statistics).toMatchObject({ vridErr: 1, checksumErr: 0 });
    },
  );
});

describe('what a Master does', () => {
  test.each(variants)(
    'defect-reload-drops: a changed address, interval or announcement leaves it Master ($what)',
    (variant) => {
      const router = masterOf(variant);
      const { gratuitousArp } = router.config;
      router.reload({ virtualAddresses: [] }, 10_100);
      router.reload({ advertisementIntervalMs: 2000 }, 10_200);
      router.reload({ gratuitousArp: { ...gratuitousArp, masterRepeat: 1 } }, 10_300);
      expect(router.state.name).toBe('Master');
      expect(router.state.statistics).toMatchObject({ becomeMaster: 1, releaseMaster: 0, priZeroSent: 0 });
    },
  );

  test.each(variants)(
    'defect-effect-order: it advertises, adds its addresses and announces them, in this order ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.times(3609.375);
      const order = ['sendAdvertisement 100', 'addAddresses', 'sendGratuitousArp'];
      expect(router.kinds.slice(0, 3)).toEqual(order);
    },
  );

  test.each(variants)('defect-gone-at-once: it serves until its successor is heard ($what)', (variant) => {
    const router = masterOf(variant);
    router.on({ kind: 'shutdown' }, 10_100);
    const before = [...router.effects, ...router.times(10_700)];
    expect(before.map(({ kind }) => kind)).not.toContain('removeAddresses');
    router.hears(50, 10_750);
    expect(router.times(10_770).map(({ kind }) => kind)).toContain('removeAddresses');
  });

  test('defect-half-group: a member whose timer fires waits for the others, and one that leaves takes them along', () => {
    const members = [backupOf(version3, { syncGroup: 'G1' }), backupOf(version2, { syncGroup: 'G1' })];
    const [first, second] = members;
    if (first === undefined || second === undefined) throw new Error('there are two');
    first.times(3700);
    expect(first.state.name).toBe('Backup');
    expect(groupEvents(members, undefined)).toEqual([]);
    second.times(3700);
    for (const { member, event } of groupEvents(members, undefined)) member.on(event, 3700);
    expect(members.map(({ state }) => state.name)).toEqual(['Master', 'Master']);
    first.hears(150, 5000);
    const changed = { member: first, from: 'Master', to: first.state.name } as const;
    for (const { member, event } of groupEvents(members, changed)) member.on(event, 5000);
    expect(members.map(({ state }) => state.name)).toEqual(['Backup', 'Leaving']);
  });
});

test('defect-equal-ignored: our own address is not taken for another router', () => {
  const instance = master();
  instance.hears(100, 10_100, { source: address('10.0.0.10') });
  expect(instance.kinds).toEqual(['report ownAddressReceived']);
});
