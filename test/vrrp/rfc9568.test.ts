/** RFC 9568 in pairs: what it changes in RFC 5798, and which of the two we follow. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { finishedChecksum, sumOfWords } from '../../src/net/checksum.ts';
import { decodePacket } from '../../src/vrrp/packet.ts';
import { instanceWith, onlyInstance, parseText } from '../config-parser/parse-helpers.ts';
import { virtualAddress } from './instances.ts';
import {
  Receiver,
  wireConfig,
  wireDatagram,
  overIpv6 as wireOverIpv6,
  version3 as wireVersion3,
} from './reception-fixtures.ts';
import {
  backupOf,
  masterOf,
  overIpv6,
  Router,
  variants,
  variants3,
  version2,
  version3,
} from './rfc/routers.ts';

const v3 = wireConfig(wireVersion3);
const v6 = wireConfig(wireOverIpv6);

test('9568-1.2-words does: the states are called as keepalived.conf calls them', () => {
  expect([backupOf(version3).state.name, masterOf(version3).state.name]).toEqual(['Backup', 'Master']);
});

describe.each(variants)('2.5: Masters that alternate, $what', (variant) => {
  test('9568-2.5 does: a second Master that goes on, and a pause of our own, are told and counted', () => {
    const router = masterOf(variant);
    for (const atMs of [10_100, 10_900]) router.hears(50, atMs);
    expect(router.kinds).toContain('report dualMaster');
    router.times(30_000);
    expect(router.kinds).toContain('report paused');
    expect(router.state.statistics).toMatchObject({ dualMaster: 1, pauses: 1 });
  });

  test('9568-2.5 refuses: one advertisement of another Master, or one of ours that is late, is neither told nor counted', () => {
    const router = masterOf(variant);
    router.hears(50, 10_100);
    router.times(11_500);
    expect(router.state.statistics).toMatchObject({ dualMaster: 0, pauses: 0 });
  });
});

describe('5.2: the fields', () => {
  test.each(variants)(
    '9568-5.2.5, 5798-5.2.5 does: an advertisement without addresses is heard and told of, as by keepalived ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 1000, { advertisement: { addresses: [] } });
      expect(router.in('Backup').master).toBe(variant.lower);
      expect(router.kinds).toContain('report addressListDiffers');
    },
  );

  test.each(variants)(
    '9568-5.2.5 refuses: where we have none ourselves it is nothing to tell of ($what)',
    (variant) => {
      const router = backupOf(variant, { virtualAddresses: [] });
      router.hears(150, 1000);
      expect(router.kinds).not.toContain('report addressListDiffers');
    },
  );

  test('9568-5.2.8 does: over IPv4 the pseudo-header of RFC 5798 is summed, and not with v3_checksum_as_v2', () => {
    const sumOf = (datagram: { payload: Uint8Array }) => finishedChecksum(sumOfWords(datagram.payload));
    expect(sumOf(wireDatagram(v3, 150))).not.toBe(0);
    expect(sumOf(wireDatagram({ ...v3, v3ChecksumAsV2: true }, 150))).toBe(0);
  });

  test('9568-5.2.8 refuses: each is a wrong checksum to the other, and over IPv6 there is no choice', () => {
    const asV2 = { ...v3, v3ChecksumAsV2: true };
    expect(new Receiver(v3).hears(wireDatagram(asV2, 150))).toBe('checksumErr');
    expect(new Receiver(asV2).hears(wireDatagram(v3, 150))).toBe('checksumErr');
    const six = { ...v6, v3ChecksumAsV2: true };
    expect(new Receiver(v6).hears(wireDatagram(six, 150))).toBe('accepted');
    expect(new Receiver(six).hears(wireDatagram(v6, 150))).toBe('accepted');
  });

  test('9568-5.2.9-first does: a list that begins with a global address is heard', () => {
    const router = backupOf(overIpv6);
    router.hears(150, 1000, { advertisement: { addresses: [address('2001:db8::3'), address('fe80::3')] } });
    expect(router.in('Backup').master).toBe(overIpv6.lower);
  });

  test('9568-5.2.9-first refuses: lint and strict mode call it a mistake of ours', () => {
    const text = instanceWith('strict_mode').replace('192.0.2.10/24', '2001:db8::3/64');
    expect(parseText(text).diagnostics.map(({ code }) => code)).toContain('v6-first-vip-not-link-local');
  });

  test('9568-5.2.9-family does: the family of the addresses is that of the IP header', () => {
    for (const own of [v3, v6]) {
      const { result } = new Receiver(own).receives(wireDatagram(own, 150));
      expect(result).toMatchObject({
        ok: true,
        value: { addresses: own.virtualAddresses.map((one) => one.address) },
      });
    }
  });

  test('9568-5.2.9-family refuses: addresses of the other family are a packet of the wrong length', () => {
    const heard = (own: typeof v3, text: string) =>
      new Receiver(own).hears(wireDatagram(own, 150, { advertisement: { addresses: [address(text)] } }));
    expect(heard(v3, '2001:db8::3')).toBe('packetLenErr');
    expect(heard(v6, '10.0.0.3')).toBe('packetLenErr');
  });

  test('9568-5.2.9-order does: addresses are sent in the order of the configuration', () => {
    const texts = ['10.0.0.9', '10.0.0.10', '10.0.0.3'];
    const own = { ...v3, virtualAddresses: texts.map((text) => virtualAddress(text)) };
    const packet = decodePacket(wireDatagram(own, 150).payload, 4);
    expect(packet.ok && packet.value.addresses).toEqual(texts);
  });

  test('9568-5.2.9-order refuses: another order of a peer is no other list', () => {
    const virtualAddresses = ['10.0.0.3', '10.0.0.4'].map((text) => virtualAddress(text));
    const router = backupOf(version3, { virtualAddresses });
    const addresses = virtualAddresses.map((one) => one.address).reverse();
    router.hears(150, 1000, { advertisement: { addresses } });
    expect(router.state.statistics.addrListErr).toBe(0);
  });
});

describe('6: intervals and states', () => {
  test('9568-6.1-accept-mode does: Accept_Mode is on where nothing is said, as in keepalived', () => {
    expect(onlyInstance(instanceWith('version 3')).acceptMode).toBe(true);
  });

  test('9568-6.1-accept-mode refuses: in strict mode Accept_Mode is off', () => {
    expect(onlyInstance(instanceWith('version 3', 'strict_mode')).acceptMode).toBe(false);
  });

  test.each([
    ['0.01', 10],
    ['40.95', 40_950],
  ])('9568-6.1-interval does: advert_int %s is one of version 3', (given, intervalMs) => {
    const resolved = parseText(instanceWith('version 3', `advert_int ${given}`));
    expect(resolved.diagnostics).toEqual([]);
    expect(resolved.config.vrrpInstances[0]?.advertisementIntervalMs).toBe(intervalMs);
  });

  test.each(['0', '0.004', '40.96', '-1'])(
    '9568-6.1-interval refuses: advert_int %s is told of and not used',
    (given) => {
      const resolved = parseText(instanceWith('version 3', `advert_int ${given}`));
      expect(resolved.diagnostics.length).toBeGreaterThan(0);
      const intervalMs = resolved.config.vrrpInstances[0]?.advertisementIntervalMs ?? 0;
      expect(intervalMs).toBeGreaterThanOrEqual(10);
      expect(intervalMs).toBeLessThanOrEqual(40_950);
    },
  );

  test.each(variants3)(
    '9568-6.4.2-skew-time does: Skew_Time is of the adopted interval ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 1000, { advertisement: { advertisementIntervalMs: 100 } });
      router.hears(0, 1100, { advertisement: { advertisementIntervalMs: 100 } });
      expect(router.in('Backup').masterDownAtMs).toBe(1100 + 60.9375);
    },
  );

  test.each(variants3)(
    '9568-6.4.2-skew-time refuses: it is not of the interval in a packet that is discarded, nor of our own ($what)',
    (variant) => {
      const router = backupOf(variant, { advertisementIntervalMs: 500 });
      router.hears(150, 1000, { advertisement: { advertisementIntervalMs: 2000 } });
      router.hears(50, 1500, { advertisement: { advertisementIntervalMs: 100 } });
      router.hears(0, 2000);
      expect(router.in('Backup').masterDownAtMs).toBe(2000 + 1218.75);
    },
  );

  test.each(variants)(
    '9568-6.4.3-compare does: of equals the higher number stays, whatever the text says ($what)',
    (variant) => {
      const router = masterOf(variant);
      // 10.0.0.9 and fe80::9 come behind 10.0.0.10 and fe80::10 as text.
      router.hears(100, 10_300, { source: variant.lower });
      expect(router.state.name).toBe('Master');
      router.hears(100, 10_400, { source: variant.higher });
      expect(router.state.name).toBe('Backup');
    },
  );

  test('9568-6.4.3-compare refuses: the numbers are not compared with a sign', () => {
    const router = masterOf(version3);
    router.hears(100, 10_300, { source: address('192.0.2.1') });
    expect(router.state.name).toBe('Backup');
    const six = masterOf(overIpv6);
    six.hears(100, 10_300, { source: address('7fff::1') });
    expect(six.state.name).toBe('Master');
  });

  test.each(variants)('9568-6.4.3-assert does: the loser is answered at once ($what)', (variant) => {
    for (const [priority, source] of [
      [99, variant.higher],
      [100, variant.lower],
    ] as const) {
      const router = masterOf(variant);
      expect(router.hears(priority, 10_300, { source })[0]).toEqual({
        kind: 'sendAdvertisement',
        priority: 100,
      });
      expect(router.in('Master').advertiseAtMs).toBe(11_000);
    }
  });

  test.each(variants)(
    '9568-6.4.3-assert refuses: who has to give way does not answer, nor does a Backup ($what)',
    (variant) => {
      for (const [router, priority] of [
        [masterOf(variant), 101],
        [backupOf(variant), 99],
      ] as const) {
        router.hears(priority, 10_300, { source: variant.lower });
        expect(router.kinds.filter((kind) => kind.startsWith('sendAdvertisement'))).toEqual([]);
      }
    },
  );
});

describe('7.1: reception', () => {
  test.each(variants)(
    '9568-7.1-type, 9568-7.1-interval-zero does: type 1 with an interval is heard ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 1000);
      expect(router.state.statistics).toMatchObject({
        advertRcvd: 1,
        invalidTypeRcvd: 0,
        advertIntervalErr: 0,
      });
    },
  );

  test('9568-7.1-type refuses: another type is not heard', () => {
    // Version 3 type 2, VRID 51, priority 150, one address, every 1 s.
    const payload = Uint8Array.of(0x32, 51, 150, 1, 0, 100, 0, 0, 10, 0, 0, 3);
    const router = backupOf(version3);
    router.hears(150, 1000, { datagram: { payload } });
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, invalidTypeRcvd: 1 });
  });

  test.each(variants)(
    '9568-7.1-interval-zero refuses: an interval of 0 would make every Backup a Master at once ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 1000, { advertisement: { advertisementIntervalMs: 0 } });
      expect(router.in('Backup')).toMatchObject({ masterDownAtMs: 3609.375, masterAdverIntervalMs: 1000 });
      expect(router.state.statistics).toMatchObject({ advertRcvd: 0, advertIntervalErr: 1 });
    },
  );

  test.each(variants3)(
    '9568-7.1-interval-differs does: another interval is told of and heard ($what)',
    (variant) => {
      const router = backupOf(variant);
      router.hears(150, 1000, { advertisement: { advertisementIntervalMs: 100 } });
      expect(router.kinds).toContain('report intervalAdopted');
      expect(router.state.statistics).toMatchObject({ advertRcvd: 1, advertIntervalErr: 0 });
    },
  );

  test('9568-7.1-interval-differs refuses: our own interval is nothing to tell of, and version 2 does not hear another', () => {
    const router = backupOf(version3);
    router.hears(150, 1000);
    expect(router.kinds).not.toContain('report intervalAdopted');
    const old = backupOf(version2);
    old.hears(150, 1000, { advertisement: { advertisementIntervalMs: 2000 } });
    expect(old.state.statistics).toMatchObject({ advertRcvd: 0, advertIntervalErr: 1 });
  });
});

describe.each(variants)('8.3.2: several owners, $what', (variant) => {
  test('9568-8.3.2-owners does: an owner that hears another one says so once', () => {
    const router = new Router(variant, { basePriority: 255 });
    router.starts(0);
    router.hears(255, 500);
    expect(router.kinds).toContain('report twoOwners');
    router.hears(255, 700);
    expect(router.kinds).not.toContain('report twoOwners');
  });

  test('9568-8.3.2-owners refuses: a Backup that hears an owner has nothing to say', () => {
    const router = backupOf(variant);
    router.hears(255, 500);
    expect(router.kinds).toEqual(['report masterChanged']);
  });
});
