/** RFC 5798 section 5, in pairs: what an advertisement is, and what is none. */
import { describe, expect, test } from 'vitest';
import { multicastHopLimit } from '../../src/kernel/vrrp-socket-link.ts';
import { address } from '../../src/net/address.ts';
import { finishedChecksum, pseudoHeaderSum, sumOfWords } from '../../src/net/checksum.ts';
import { parseIpv4Header } from '../../src/net/ipv4.ts';
import { AdvertisementWriter } from '../../src/vrrp/authentication/advertisement-writer.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { decodePacket } from '../../src/vrrp/packet.ts';
import { initialReceptionMemory } from '../../src/vrrp/reception.ts';
import { instanceWith, onlyInstance, parseText } from '../config-parser/parse-helpers.ts';
import { Instance, master, surroundings } from './instances.ts';
import {
  authenticated,
  group,
  group6,
  overIpv6,
  Receiver,
  Sender,
  them,
  them6,
  unicastTo,
  us,
  version3,
  type WireConfig,
  wireConfig,
  wireDatagram,
} from './reception-fixtures.ts';

const v2 = wireConfig();
const v3 = wireConfig(version3);
const v6 = wireConfig(overIpv6);

function verdict(own: WireConfig, datagram: Datagram): string {
  return new Receiver(own).hears(datagram);
}

/** A good advertisement with its first bytes changed and the checksum made right for them. */
function rewritten(own: WireConfig, change: (payload: Uint8Array) => void): Datagram {
  const good = wireDatagram(own, 150);
  const payload = good.payload.slice();
  change(payload);
  payload.fill(0, 6, 8);
  const { source, destination } = good;
  const lengthBytes = payload.length;
  const pseudo = own.version === 2 ? 0 : pseudoHeaderSum({ source, destination, protocol: 112, lengthBytes });
  const sum = finishedChecksum(sumOfWords(payload) + pseudo);
  payload.set([sum >> 8, sum & 0xff], 6);
  return { ...good, payload };
}

function plain(config: WireConfig, priority: number): Uint8Array {
  const [sent] = new AdvertisementWriter().write({
    config,
    priority,
    source: config.family === 6 ? them6 : them,
    unixTimeMs: 0,
    memory: initialReceptionMemory,
  });
  if (sent === undefined) throw new Error('nothing was sent');
  return sent.bytes;
}

describe('5.1: the IP header', () => {
  test('5798-5.1.1.3-send, 5798-5.1.2.3-send does: the sockets of a group are made with 255', () => {
    expect(multicastHopLimit).toBe(255);
  });

  test('5798-5.1.1.3-send does: an IPv4 header that we write ourselves has TTL 255', () => {
    const header = parseIpv4Header(plain(wireConfig(authenticated), 100));
    expect(header).toMatchObject({ ok: true, value: { timeToLive: 255, protocol: 51 } });
  });

  test('5798-5.1.1.3-send, 5798-5.1.2.3-send refuses: the TTL of unicast is of no account to the group', () => {
    const unicast = { ...unicastTo(us), ttl: 7 };
    const toPeer = parseIpv4Header(plain(wireConfig({ ...authenticated, transport: unicast }), 100));
    expect(toPeer).toMatchObject({ ok: true, value: { timeToLive: 7, destination: us } });
    const { transport } = onlyInstance(instanceWith('unicast_ttl 7'));
    expect(transport).toEqual({ kind: 'multicast', group });
    const six = onlyInstance(instanceWith('unicast_ttl 7').replace('192.0.2.10/24', 'fe80::3/64'));
    expect(six.transport).toEqual({ kind: 'multicast', group: group6 });
  });

  test.each([v2, v3])(
    '5798-5.1.1.3-receive, 5798-5.1.2.3-receive, 5798-7.1-hop-limit does: a TTL or Hop Limit of 255 is heard (version $version)',
    (own) => {
      expect(verdict(own, wireDatagram(own, 150))).toBe('accepted');
      expect(verdict(v6, wireDatagram(v6, 150))).toBe('accepted');
    },
  );

  test.each([0, 1, 64, 254])(
    '5798-5.1.1.3-receive, 5798-5.1.2.3-receive, 5798-7.1-hop-limit refuses: a TTL or Hop Limit of %i is not heard, in any version or family',
    (hopLimit) => {
      for (const own of [v2, v3, v6]) {
        expect(verdict(own, wireDatagram(own, 150, { datagram: { hopLimit } }))).toBe('ipTtlErr');
      }
    },
  );

  test('5798-5.1.1.3-receive, 5798-5.1.2.3-receive does: a unicast peer beyond a router is heard within min_ttl and max_ttl', () => {
    const own = wireConfig({ transport: unicastTo(them, { minTtl: 60, maxTtl: 64 }) });
    const heard = [59, 60, 64, 65].map((hopLimit) =>
      verdict(own, wireDatagram(own, 150, { datagram: { hopLimit } })),
    );
    expect(heard).toEqual(['ipTtlErr', 'accepted', 'accepted', 'ipTtlErr']);
  });

  test('5798-5.1.1.4 does: VRRP is protocol 112, behind an Authentication Header its next header', () => {
    const bytes = plain(wireConfig(authenticated), 100);
    expect([bytes[9], bytes[20]]).toEqual([51, 112]);
  });

  test('5798-5.1.1.4 refuses: what comes behind an Authentication Header is not heard without auth_type AH', () => {
    const signed = wireConfig(authenticated);
    const datagram = new Sender(signed).says(150, 0);
    expect(verdict(signed, datagram)).toBe('accepted');
    expect(verdict(v2, datagram)).toBe('authtypeMismatch');
  });
});

describe('5.2: the fields', () => {
  test.each([v2, v3, v6])('5798-5.2.2 does: we send and hear type 1 (version $version)', (own) => {
    expect((plain(own, 100)[0] ?? 0) & 0x0f).toBe(1);
    expect(verdict(own, wireDatagram(own, 150))).toBe('accepted');
  });

  test.each([0, 2, 3, 15])('5798-5.2.2 refuses: type %i is discarded and counted', (type) => {
    for (const own of [v2, v3, v6]) {
      const other = rewritten(own, (payload) => {
        payload[0] = (own.version << 4) | type;
      });
      expect(verdict(own, other)).toBe('invalidTypeRcvd');
    }
  });

  test.each([1, 51, 255])('5798-5.2.3 does: VRID %i is sent and heard as configured', (vrid) => {
    for (const own of [v2, v3, v6].map((config) => ({ ...config, vrid }))) {
      expect(plain(own, 100)[1]).toBe(vrid);
      expect(verdict(own, wireDatagram(own, 150))).toBe('accepted');
    }
  });

  test.each(['0', '256', '-1', 'x'])('5798-5.2.3 refuses: %s is no VRID, and there is no default', (vrid) => {
    const resolved = parseText(instanceWith().replace('virtual_router_id 51', `virtual_router_id ${vrid}`));
    expect(resolved.config.vrrpInstances).toEqual([]);
    const without = parseText(instanceWith().replace('virtual_router_id 51', ''));
    expect(without.config.vrrpInstances).toEqual([]);
    expect(without.diagnostics.length).toBeGreaterThan(0);
  });

  test('5798-5.2.4-owner does: the owner sends 255, whatever is tracked', () => {
    const instance = new Instance({ basePriority: 255 });
    instance.on({ kind: 'startup', surroundings: { ...surroundings(), weight: -200 } }, 0);
    expect(instance.kinds).toContain('sendAdvertisement 255');
  });

  test('5798-5.2.4-owner refuses: nobody else comes to 255 by weights', () => {
    const instance = master({ basePriority: 254 });
    instance.faces(10_500, { weight: 200 });
    expect(instance.times(11_000)).toEqual([{ kind: 'sendAdvertisement', priority: 254 }]);
  });

  test('5798-5.2.4-backup does: 1 to 254 are sent as configured, and 100 where nothing is', () => {
    expect(onlyInstance(instanceWith()).basePriority).toBe(100);
    for (const basePriority of [1, 100, 254]) {
      const { config } = master({ basePriority });
      expect(plain(wireConfig({ ...v3, basePriority }), config.basePriority)[2]).toBe(basePriority);
    }
  });

  test('5798-5.2.4-backup refuses: neither a weight nor the configuration comes to 0', () => {
    const instance = master({ basePriority: 10 });
    instance.faces(10_500, { weight: -200 });
    expect(instance.times(11_000)).toEqual([{ kind: 'sendAdvertisement', priority: 1 }]);
    expect(onlyInstance(instanceWith('priority 0')).basePriority).toBe(100);
  });

  test.each([v2, v3, v6])('5798-5.2.4-zero does: a Master that leaves says 0 (version $version)', (own) => {
    const instance = master();
    instance.on({ kind: 'shutdown' }, 10_500);
    expect(instance.effects[0]).toEqual({ kind: 'sendAdvertisement', priority: 0 });
    expect(plain(own, 0)[2]).toBe(0);
  });

  test('5798-5.2.4-zero refuses: a Master that gives way to a better one does not say 0: nobody has to take over', () => {
    const instance = master();
    instance.hears(150, 10_500);
    expect(instance.kinds).not.toContain('sendAdvertisement 0');
  });

  test.each([v2, v3, v6])('5798-5.2.5 does: the count is that of the addresses (version $version)', (own) => {
    expect(plain(own, 100)[3]).toBe(own.virtualAddresses.length);
    const packet = decodePacket(plain(own, 100), own.family);
    expect(packet.ok && packet.value.addresses).toEqual(own.virtualAddresses.map((one) => one.address));
  });

  test('5798-5.2.5 refuses: an instance of version 3 without an address is not run, unless it says that it means it', () => {
    const without = (...lines: readonly string[]) =>
      parseText(instanceWith('version 3', ...lines).replace('192.0.2.10/24', ''));
    expect(without().diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'fatal', code: 'no-virtual-address' }),
    );
    const codes = without('no_virtual_ipaddress').diagnostics.map(({ code }) => code);
    expect(codes).not.toContain('no-virtual-address');
  });

  test.each([v3, v6])('5798-5.2.6 does: the reserved bits are sent as zero (IPv$family)', (own) => {
    for (const advertisementIntervalMs of [10, 1000, 40_950]) {
      expect((plain({ ...own, advertisementIntervalMs }, 100)[4] ?? 0) >> 4).toBe(0);
    }
  });

  test.each([v3, v6])(
    '5798-5.2.6 refuses: what comes in the reserved bits changes nothing (IPv$family)',
    (own) => {
      const reserved = rewritten(own, (payload) => {
        payload[4] = (payload[4] ?? 0) | 0xf0;
      });
      const { result } = new Receiver(own).receives(reserved);
      expect(result).toMatchObject({ ok: true, value: { advertisementIntervalMs: 1000 } });
    },
  );

  test.each([
    [10, [0x00, 0x01]],
    [1000, [0x00, 0x64]],
    [40_950, [0x0f, 0xff]],
  ])(
    '5798-5.2.7 does: an interval of %i ms is sent in centiseconds, and 1 s where nothing is configured',
    (intervalMs, bytes) => {
      const sent = plain({ ...v3, advertisementIntervalMs: intervalMs }, 100);
      expect([...sent.subarray(4, 6)]).toEqual(bytes);
      const packet = decodePacket(sent, 4);
      expect(packet.ok && packet.value.advertisementIntervalMs).toBe(intervalMs);
      expect(onlyInstance(instanceWith('version 3')).advertisementIntervalMs).toBe(1000);
    },
  );

  test.each([
    ['41', 40_950],
    ['0.014', 10],
    ['0.015', 20],
  ])('5798-5.2.7 refuses: advert_int %s, which 12 bits do not say, is %i ms', (given, intervalMs) => {
    const resolved = parseText(instanceWith('version 3', `advert_int ${given}`));
    expect(resolved.diagnostics.length).toBeGreaterThan(0);
    expect(resolved.config.vrrpInstances[0]?.advertisementIntervalMs).toBe(intervalMs);
  });

  test.each([v3, v6])('5798-5.2.8 does: message and pseudo-header sum up to nothing (IPv$family)', (own) => {
    const { payload, source, destination } = wireDatagram(own, 150);
    const lengthBytes = payload.length;
    const pseudo = pseudoHeaderSum({ source, destination, protocol: 112, lengthBytes });
    expect(finishedChecksum(sumOfWords(payload) + pseudo)).toBe(0);
    expect(finishedChecksum(sumOfWords(payload))).not.toBe(0);
  });

  test.each([v3, v6])(
    '5798-5.2.8 refuses: a checksum over the message alone is wrong (IPv$family)',
    (own) => {
      const good = wireDatagram(own, 150);
      const payload = good.payload.slice();
      payload.fill(0, 6, 8);
      const sum = finishedChecksum(sumOfWords(payload));
      payload.set([sum >> 8, sum & 0xff], 6);
      expect(verdict(own, { ...good, payload })).toBe('checksumErr');
    },
  );

  test('5798-5.2.9-first does: the first address that is sent is the first of the configuration', () => {
    const packet = decodePacket(plain(v6, 100), 6);
    expect(packet.ok && packet.value.addresses[0]).toBe('fe80::33');
    const heard = wireDatagram(v6, 150, { advertisement: { addresses: [address('2001:db8::3')] } });
    expect(verdict(v6, heard)).toBe('accepted');
  });

  test('5798-5.2.9-first refuses: in strict mode another first address is an error', () => {
    const text = (first: string) =>
      instanceWith('strict_mode', 'accept').replace('192.0.2.10/24', `${first}\n        2001:db8::4/64`);
    const codes = (first: string) => parseText(text(first)).diagnostics.map(({ code }) => code);
    expect(codes('2001:db8::3/64')).toContain('v6-first-vip-not-link-local');
    expect(codes('fe80::3/64')).not.toContain('v6-first-vip-not-link-local');
  });

  test('5798-5.2.9-family does: each family has packets of its own size', () => {
    expect(plain(v3, 100)).toHaveLength(8 + 4);
    expect(plain(v6, 100)).toHaveLength(8 + 2 * 16);
  });

  test('5798-5.2.9-family refuses: an address of the other family is not sent, and a packet of the other family is not read', () => {
    const mixed = parseText(instanceWith().replace('192.0.2.10/24', '192.0.2.10/24\n        2001:db8::4/64'));
    expect(mixed.config.vrrpInstances[0]?.virtualAddresses).toMatchObject([{ address: '192.0.2.10' }]);
    expect(mixed.diagnostics.map(({ code }) => code)).toContain('address-family-mismatch');
    const foreign = wireDatagram(v3, 150, { advertisement: { addresses: [address('2001:db8::4')] } });
    expect(verdict(v3, foreign)).toBe('packetLenErr');
    expect(decodePacket(plain(v3, 100), 6).ok).toBe(false);
  });
});

test('5798-7.2-group does: advertisements go to the group of their family', () => {
  expect(wireDatagram(v3, 100).destination).toBe('224.0.0.18');
  const [sent] = new AdvertisementWriter().write({
    config: v6,
    priority: 100,
    source: them6,
    unixTimeMs: 0,
    memory: initialReceptionMemory,
  });
  expect(sent?.destination).toBe(group6);
  expect(onlyInstance(instanceWith()).transport).toEqual({ kind: 'multicast', group });
});

test('5798-7.2-group refuses: a datagram to us alone is no advertisement where the group is configured, nor the other way round', () => {
  expect(verdict(v3, wireDatagram(v3, 150, { datagram: { destination: us } }))).toBe('checksumErr');
  expect(verdict(v2, wireDatagram(v2, 150, { datagram: { destination: us } }))).toBe('addrListErr');
  const unicast = wireConfig({ transport: unicastTo(them) });
  expect(verdict(unicast, wireDatagram(unicast, 150, { datagram: { destination: group } }))).toBe(
    'addrListErr',
  );
});
