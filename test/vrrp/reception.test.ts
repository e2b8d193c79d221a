/** Every reception check with its counter: one packet that fails it and one that passes. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { initialReceptionMemory } from '../../src/vrrp/reception.ts';
import {
  type DatagramChanges,
  group,
  overIpv6,
  Receiver,
  them,
  unicastTo,
  us,
  type WireConfig,
  wireConfig,
  wireDatagram,
} from './reception-fixtures.ts';

const config = wireConfig();
const v3Config = wireConfig({ version: 3, authentication: { type: 'none' } });
const noAuthentication = wireConfig({ authentication: { type: 'none' } });
const higherAddress = address('10.0.0.11');

function reasonFor(own: WireConfig, packet: Datagram): string {
  return new Receiver(own).hears(packet);
}

function judge(own: WireConfig, changes: DatagramChanges): string {
  return reasonFor(own, wireDatagram(own, 150, changes));
}

/** A good packet with some bytes overwritten and the checksum put right again. */
function withBytes(own: WireConfig, overwrite: Readonly<Record<number, number>>): Datagram {
  const good = wireDatagram(own, 150);
  const payload = good.payload.slice();
  for (const [offset, byte] of Object.entries(overwrite)) payload[Number(offset)] = byte;
  payload[6] = 0;
  payload[7] = 0;
  let sum = 0;
  for (let index = 0; index < payload.length; index += 2)
    sum += ((payload[index] ?? 0) << 8) | (payload[index + 1] ?? 0);
  sum = ~((sum & 0xffff) + (sum >> 16));
  payload[6] = (sum >> 8) & 0xff;
  payload[7] = sum & 0xff;
  return { ...good, payload };
}

test.each([config, v3Config, noAuthentication])('a good packet passes every check', (own) => {
  expect(judge(own, {})).toBe('accepted');
});

describe('RFC3768-7.1: a packet is dropped and counted when', () => {
  const [good] = [wireDatagram(config, 150)];

  test('RFC3768-5.2.3: the TTL is not 255', () => {
    expect([254, 1, 0].map((hopLimit) => judge(config, { datagram: { hopLimit } }))).toEqual(
      Array(3).fill('ipTtlErr'),
    );
    expect(judge(config, { datagram: { hopLimit: 255 } })).toBe('accepted');
  });

  test('RFC3768-5.3.1: the version is not ours', () => {
    expect(reasonFor(config, wireDatagram(v3Config, 150))).toBe('versionErr');
    expect(reasonFor(v3Config, wireDatagram(noAuthentication, 150))).toBe('versionErr');
    expect(reasonFor(config, withBytes(config, { 0: 0x11 }))).toBe('versionErr');
  });

  test('it is shorter or longer than its address count says', () => {
    for (const length of [0, 1, 7, 8, 12, 19]) {
      expect(judge(config, { datagram: { payload: good.payload.subarray(0, length) } }), `${length}`).toBe(
        'packetLenErr',
      );
    }
    const long = Uint8Array.from([...good.payload, ...new Uint8Array(7)]);
    expect(judge(config, { datagram: { payload: long } })).toBe('packetLenErr');
    const padded = Uint8Array.from([...good.payload, ...new Uint8Array(6)]);
    expect(judge(config, { datagram: { payload: padded } })).toBe('accepted');
  });

  test('the IP header claims another length than the packet has', () => {
    expect(judge(config, { datagram: { claimedPayloadBytes: 19 } })).toBe('packetLenErr');
    expect(judge(config, { datagram: { claimedPayloadBytes: 21 } })).toBe('packetLenErr');
    const { claimedPayloadBytes: _, ...unclaimed } = good;
    expect(reasonFor(config, unclaimed)).toBe('accepted');
  });

  test('RFC3768-5.3.8: the checksum is wrong', () => {
    const payload = good.payload.slice();
    payload[7] = (payload[7] ?? 0) ^ 1;
    expect(judge(config, { datagram: { payload } })).toBe('checksumErr');
  });

  test('RFC5798-5.2.8: the version 3 checksum was made for other IP addresses', () => {
    expect(judge(v3Config, { datagram: { source: higherAddress } })).toBe('checksumErr');
  });

  test('RFC3768-5.3.3: the VRID is not ours', () => {
    expect(judge(config, { advertisement: { vrid: 52 } })).toBe('vridErr');
  });

  test('RFC3768-5.3.2: the type is not ADVERTISEMENT', () => {
    expect([0x20, 0x22, 0x2f].map((first) => reasonFor(config, withBytes(config, { 0: first })))).toEqual(
      Array(3).fill('invalidTypeRcvd'),
    );
  });

  test('RFC2338-5.3.6: the authentication type is unknown', () => {
    expect([3, 255].map((type) => reasonFor(config, withBytes(config, { 4: type })))).toEqual(
      Array(2).fill('invalidAuthtype'),
    );
  });

  test('RFC2338-5.3.6: the authentication type is known and not ours', () => {
    expect(reasonFor(config, wireDatagram(noAuthentication, 150))).toBe('authtypeMismatch');
    expect(reasonFor(noAuthentication, wireDatagram(config, 150))).toBe('authtypeMismatch');
    expect(reasonFor(config, withBytes(config, { 4: 2 }))).toBe('authtypeMismatch');
  });

  test('RFC2338-5.3.6.2: the password is another', () => {
    for (const password of ['', '111', '1112', '11111', '2111', '1111111']) {
      const authentication = { type: 'PASS', password } as const;
      expect(judge(config, { advertisement: { authentication } }), password).toBe('authFailure');
    }
  });

  test('RFC3768-5.3.7: the interval is not ours', () => {
    expect(judge(config, { advertisement: { advertisementIntervalMs: 2000 } })).toBe('advertIntervalErr');
    expect(judge(config, { advertisement: { advertisementIntervalMs: 0 } })).toBe('advertIntervalErr');
  });

  test('it was sent to us alone, where multicast is configured', () => {
    expect(judge(config, { datagram: { destination: address('10.0.0.10') } })).toBe('addrListErr');
    expect(judge(config, { datagram: { destination: group } })).toBe('accepted');
  });
});

describe('RFC3768-5.3.10: without authentication', () => {
  test('the authentication data is ignored on reception', () => {
    expect(reasonFor(noAuthentication, withBytes(noAuthentication, { 12: 0xde, 19: 0xad }))).toBe('accepted');
  });

  test('but with a password it is not', () => {
    expect(reasonFor(config, withBytes(config, { 19: 0xad }))).toBe('authFailure');
  });
});

describe('in version 3', () => {
  test('RFC5798-7.1: another interval is accepted', () => {
    expect(judge(v3Config, { advertisement: { advertisementIntervalMs: 100 } })).toBe('accepted');
  });

  test('an interval of 0 is refused, since it would leave the Backup no time at all', () => {
    expect(judge(v3Config, { advertisement: { advertisementIntervalMs: 0 } })).toBe('advertIntervalErr');
  });

  test('the four reserved bits before the interval are ignored', () => {
    const packet = wireDatagram(v3Config, 150);
    const payload = packet.payload.slice();
    payload[4] = (payload[4] ?? 0) | 0xf0;
    // RFC 1071: f000 more in the sum is f000 less in the checksum.
    const sum = ((payload[6] ?? 0) << 8) | (payload[7] ?? 0);
    const less = sum - 0xf000;
    const folded = less < 0 ? less + 0xffff : less;
    payload[6] = folded >> 8;
    payload[7] = folded & 0xff;
    expect(reasonFor(v3Config, { ...packet, payload })).toBe('accepted');
  });
});

test('of several faults the first check in the order decides', () => {
  const everything: DatagramChanges = {
    advertisement: {
      vrid: 52,
      advertisementIntervalMs: 2000,
      authentication: { type: 'PASS', password: 'x' },
    },
    datagram: { hopLimit: 64, destination: ourOnly, claimedPayloadBytes: 5 },
  };
  expect(judge(config, everything)).toBe('vridErr');
  expect(judge(config, { ...everything, advertisement: { ...everything.advertisement, vrid: 51 } })).toBe(
    'ipTtlErr',
  );
  const right = { ...everything.advertisement, vrid: 51 };
  const near = { ...everything.datagram, hopLimit: 255 };
  expect(judge(config, { advertisement: right, datagram: near })).toBe('authFailure');
  expect(judge(config, { advertisement: { advertisementIntervalMs: 2000 }, datagram: near })).toBe(
    'advertIntervalErr',
  );
  expect(judge(config, { datagram: near })).toBe('packetLenErr');
  expect(judge(config, { datagram: { destination: ourOnly } })).toBe('addrListErr');
});
const ourOnly = address('10.0.0.10');

describe('in unicast', () => {
  const unicast = (changes: Parameters<typeof unicastTo>[1] = {}): WireConfig =>
    wireConfig({ ...v3, transport: unicastTo(them, changes) });
  const v3 = { version: 3, authentication: { type: 'none' } } as const;

  test('any TTL is accepted, and a sender that is no peer', () => {
    expect([255, 64, 1, 0].map((hopLimit) => judge(unicast(), { datagram: { hopLimit } }))).toEqual(
      Array(4).fill('accepted'),
    );
    expect(judge(unicast(), { source: higherAddress })).toBe('accepted');
  });

  test('check_unicast_src accepts peers only', () => {
    expect(judge(unicast({ checkSource: true }), { source: higherAddress })).toBe('unicastSourceErr');
    expect(judge(unicast({ checkSource: true }), {})).toBe('accepted');
  });

  test('min_ttl and max_ttl are the limits of that peer, and turn on check_unicast_src', () => {
    const limited = unicast({ minTtl: 62, maxTtl: 64 });
    const hopLimits = [61, 62, 64, 65];
    expect(hopLimits.map((hopLimit) => judge(limited, { datagram: { hopLimit } }))).toEqual([
      'ipTtlErr',
      'accepted',
      'accepted',
      'ipTtlErr',
    ]);
    expect(
      [unicast({ minTtl: 1 }), unicast({ maxTtl: 254 })].map((own) => judge(own, { source: higherAddress })),
    ).toEqual(Array(2).fill('unicastSourceErr'));
  });

  test('a multicast packet is dropped, and a unicast one where multicast is configured', () => {
    const own = wireConfig({ transport: unicastTo(them) });
    expect(judge(own, { datagram: { destination: group } })).toBe('addrListErr');
    expect(judge(own, {})).toBe('accepted');
    expect(judge(wireConfig(), { datagram: { destination: us } })).toBe('addrListErr');
  });
});

describe('owner_ignore_adverts', () => {
  test('drops what is right in all else, and only at the owner', () => {
    const owner = wireConfig({ basePriority: 255, ownerIgnoreAdverts: true });
    expect(judge(owner, {})).toBe('ownerIgnored');
    expect(judge({ ...owner, basePriority: 254 }, {})).toBe('accepted');
    expect(judge({ ...owner, ownerIgnoreAdverts: false }, {})).toBe('accepted');
    expect(judge(owner, { datagram: { destination: us } })).toBe('addrListErr');
  });
});

describe('v3_checksum_as_v2', () => {
  const plain = wireConfig({ version: 3, authentication: { type: 'none' }, v3ChecksumAsV2: true });

  test('RFC9568-5.2.8: the message alone is summed, and nothing else is accepted', () => {
    expect(judge(plain, {})).toBe('accepted');
    expect(judge(plain, { source: higherAddress })).toBe('accepted');
    expect(reasonFor(plain, wireDatagram(v3Config, 150))).toBe('checksumErr');
    expect(reasonFor(v3Config, wireDatagram(plain, 150))).toBe('checksumErr');
  });

  test('over IPv6 it changes nothing', () => {
    const own = wireConfig(overIpv6);
    expect(reasonFor({ ...own, v3ChecksumAsV2: true }, wireDatagram(own, 150))).toBe('accepted');
    expect(wireDatagram({ ...own, v3ChecksumAsV2: true }, 150).payload).toEqual(
      wireDatagram(own, 150).payload,
    );
  });
});

test('where nothing is signed no sender is remembered, and the same packet again leaves the memory as it is', () => {
  for (const own of [config, v3Config, wireConfig(overIpv6), wireConfig({ transport: unicastTo(them) })]) {
    const receiver = new Receiver(own);
    expect(receiver.hears(wireDatagram(own, 150))).toBe('accepted');
    const { memory } = receiver;
    expect(memory).toMatchObject(initialReceptionMemory);
    expect(receiver.hears(wireDatagram(own, 150))).toBe('accepted');
    expect(receiver.memory).toBe(memory);
  }
});
