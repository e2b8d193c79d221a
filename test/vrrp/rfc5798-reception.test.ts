/** RFC 5798 section 7.1, in pairs: every check of what is received, in the state machine that it protects. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { encodeAdvertisement } from '../../src/vrrp/packet.ts';
import type { PacketChanges } from './instances.ts';
import { backupOf, masterOf, Router, type Variant, variants, version2, version3 } from './rfc/routers.ts';

const foreignVersion = { 2: 3, 3: 2 } as const;

/** What is wrong with a packet for a router of that variant, by the counter that tells it. */
function wrongs(variant: Variant): readonly (readonly [string, PacketChanges])[] {
  const { version } = new Router(variant).config;
  return [
    ['ipTtlErr', { datagram: { hopLimit: 254 } }],
    ['versionErr', { advertisement: { version: foreignVersion[version] } }],
    ['packetLenErr', { datagram: { payload: new Uint8Array(7) } }],
    ['vridErr', { advertisement: { vrid: 52 } }],
    ['checksumErr', { datagram: { payload: corrupted(variant) } }],
  ];
}

/** A good advertisement of priority 255 with one wrong bit in its checksum. */
function corrupted(variant: Variant): Uint8Array {
  const bytes = good(variant).slice();
  bytes[7] = (bytes[7] ?? 0) ^ 1;
  return bytes;
}

function good({ lower, changes }: Variant): Uint8Array {
  const { config } = new Router({ ...version2, changes });
  const { version, vrid, advertisementIntervalMs, virtualAddresses, authentication, transport } = config;
  const destination = transport.kind === 'multicast' ? transport.group : lower;
  const addresses = virtualAddresses.map((one) => one.address);
  return encodeAdvertisement(
    { version, vrid, priority: 255, advertisementIntervalMs, addresses, authentication },
    { source: lower, destination },
  );
}

describe.each(variants)('7.1, $what', (variant) => {
  test('5798-7.1-version, 5798-7.1-complete, 5798-7.1-checksum, 5798-7.1-vrid, 5798-7.1-discard does: a good packet is heard', () => {
    const router = backupOf(variant);
    router.hears(150, 1000);
    expect(router.in('Backup')).toMatchObject({ master: variant.lower, masterHeardAtMs: 1000 });
    expect(router.state.statistics.advertRcvd).toBe(1);
  });

  test('5798-7.1-version refuses: the other version is not heard, nor are versions that nobody knows', () => {
    const router = backupOf(variant);
    const { version } = router.config;
    router.hears(150, 1000, { advertisement: { version: foreignVersion[version] } });
    const unknown = good(variant).slice();
    unknown[0] = 0x41;
    router.hears(150, 1001, { datagram: { payload: unknown } });
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, versionErr: 2 });
  });

  test('5798-7.1-complete refuses: no packet is heard that was cut, or counts more addresses than it has', () => {
    const whole = good(variant);
    const router = backupOf(variant);
    for (let length = 0; length < whole.length; length += 1) {
      const payload = whole.subarray(0, length);
      router.hears(255, 1000, { datagram: { payload, claimedPayloadBytes: length } });
    }
    const more = whole.slice();
    more[3] = (more[3] ?? 0) + 1;
    router.hears(255, 1000, { datagram: { payload: more } });
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, packetLenErr: whole.length + 1 });
  });

  test('5798-7.1-checksum refuses: a packet with any one wrong bit is not heard', () => {
    const whole = good(variant);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const payload = whole.slice();
      payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const router = backupOf(variant);
      router.hears(255, 1000, { datagram: { payload } });
      expect(router.state.statistics.advertRcvd, `bit ${bit}`).toBe(0);
    }
  });

  test('5798-7.1-vrid refuses: the VRID of another virtual router is not heard', () => {
    const router = backupOf(variant);
    router.hears(255, 1000, { advertisement: { vrid: 52 } });
    expect(router.in('Backup').master).toBeUndefined();
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, vridErr: 1 });
  });

  test('5798-7.1-discard refuses: what fails a check moves neither a Backup nor a Master, not even with priority 255 or 0', () => {
    for (const [counter, changes] of wrongs(variant)) {
      for (const priority of [255, 0]) {
        for (const router of [backupOf(variant), masterOf(variant)]) {
          const { statistics: _, reported: _before, ...before } = router.state;
          router.hears(priority, 10_500, changes);
          const { statistics, reported: _after, ...after } = router.state;
          expect(after, counter).toEqual(before);
          expect(statistics, counter).toMatchObject({ advertRcvd: 0, [counter]: 1 });
        }
      }
    }
  });

  test('5798-7.1-log does: what was discarded is told, with its reason and its sender', () => {
    for (const [counter, changes] of wrongs(variant)) {
      expect(backupOf(variant).hears(150, 1000, changes)).toMatchObject([
        { kind: 'report', report: { kind: 'packetDropped', source: variant.lower, counter } },
      ]);
    }
  });

  test('5798-7.1-log, 9568-7.1-rate refuses: what was told is not told again until something has changed, and always counted', () => {
    const router = backupOf(variant);
    const wrong = { datagram: { hopLimit: 1 } };
    const told = [1, 2, 3].map((atMs) => router.hears(150, atMs, wrong).length);
    expect(told).toEqual([1, 0, 0]);
    expect(router.state.statistics.ipTtlErr).toBe(3);
  });

  test('9568-7.1-rate does: after a change of Master what was told is told again', () => {
    const router = backupOf(variant);
    const wrong = { datagram: { hopLimit: 1 } };
    router.hears(150, 1, wrong);
    router.hears(150, 2);
    expect(router.hears(150, 3, wrong)).toHaveLength(1);
  });
});

describe('7.1: the owner', () => {
  const ownerIgnores = { basePriority: 255, ownerIgnoreAdverts: true };
  const startedOwner = (changes: object) => {
    const router = new Router(version3, changes);
    router.starts(0);
    router.in('Master');
    return router;
  };

  test('5798-7.1-owner, 9568-7.1-owner does: an owner hears another one and says so, and the higher address stays', () => {
    const router = startedOwner({ basePriority: 255 });
    router.hears(255, 500);
    expect(router.kinds).toContain('report twoOwners');
    expect(router.state.name).toBe('Master');
    router.hears(255, 600, { source: version3.higher });
    expect(router.state.name).toBe('Backup');
  });

  test('5798-7.1-owner, 9568-7.1-owner refuses: with owner_ignore_adverts nothing is heard, as RFC 5798 has it', () => {
    const router = startedOwner(ownerIgnores);
    router.hears(255, 500, { source: version3.higher });
    expect(router.state.name).toBe('Master');
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, ownerIgnored: 1 });
  });
});

describe.each(variants)('7.1: the address list, $what', (variant) => {
  const foreign = variant.ours.includes(':') ? address('fe80::99') : address('10.0.0.99');

  test('5798-7.1-addresses does: another list is told, counted and accepted', () => {
    const router = backupOf(variant);
    router.hears(150, 1000, { advertisement: { addresses: [foreign] } });
    expect(router.kinds).toContain('report addressListDiffers');
    expect(router.in('Backup').master).toBe(variant.lower);
    expect(router.state.statistics).toMatchObject({ advertRcvd: 1, addrListErr: 1 });
  });

  test('5798-7.1-addresses refuses: the configured list, in whatever order, is told of in no way', () => {
    const router = backupOf(variant);
    const addresses = router.config.virtualAddresses.map((one) => one.address).reverse();
    router.hears(150, 1000, { advertisement: { addresses } });
    expect(router.kinds).not.toContain('report addressListDiffers');
    expect(router.state.statistics.addrListErr).toBe(0);
  });
});
