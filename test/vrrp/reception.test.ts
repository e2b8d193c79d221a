/** Every reception check with its counter: one packet that fails it and one that passes. */
import { describe, expect, test } from 'vitest';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';
import { type Counter, type Datagram, receiveAdvertisement } from '../../src/vrrp/index.ts';
import {
  backup,
  datagram,
  group,
  higherAddress,
  instanceConfig,
  lowerAddress,
  master,
  type PacketChanges,
  virtualAddress,
} from './instances.ts';

const config = instanceConfig();
const v3Config = instanceConfig({ version: 3, authentication: { type: 'none' } });
const noAuthentication = instanceConfig({ authentication: { type: 'none' } });

function reasonFor(own: VrrpInstanceConfig, packet: Datagram): string {
  const received = receiveAdvertisement(own, packet);
  return received.ok ? 'accepted' : received.error.reason;
}

function judge(own: VrrpInstanceConfig, changes: PacketChanges): string {
  return reasonFor(own, datagram(own, 150, changes));
}

/** A good packet with some bytes overwritten and the checksum put right again. */
function withBytes(own: VrrpInstanceConfig, overwrite: Readonly<Record<number, number>>): Datagram {
  const good = datagram(own, 150);
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
  const [good] = [datagram(config, 150)];

  test('RFC3768-5.2.3: the TTL is not 255', () => {
    expect([254, 1, 0].map((hopLimit) => judge(config, { datagram: { hopLimit } }))).toEqual(
      Array(3).fill('ipTtlErr'),
    );
    expect(judge(config, { datagram: { hopLimit: 255 } })).toBe('accepted');
  });

  test('RFC3768-5.3.1: the version is not ours', () => {
    expect(reasonFor(config, datagram(v3Config, 150))).toBe('versionErr');
    expect(reasonFor(v3Config, datagram(noAuthentication, 150))).toBe('versionErr');
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
    expect(reasonFor(config, datagram(noAuthentication, 150))).toBe('authtypeMismatch');
    expect(reasonFor(noAuthentication, datagram(config, 150))).toBe('authtypeMismatch');
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
    const packet = datagram(v3Config, 150);
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
  const everything: PacketChanges = {
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

describe('the counters of the state', () => {
  const drops: readonly (readonly [Counter, PacketChanges])[] = [
    ['ipTtlErr', { datagram: { hopLimit: 64 } }],
    ['packetLenErr', { datagram: { payload: new Uint8Array(3) } }],
    ['vridErr', { advertisement: { vrid: 1 } }],
    ['versionErr', { advertisement: { version: 3 } }],
    ['authtypeMismatch', { advertisement: { authentication: { type: 'none' } } }],
    ['authFailure', { advertisement: { authentication: { type: 'PASS', password: 'wrong' } } }],
    ['advertIntervalErr', { advertisement: { advertisementIntervalMs: 3000 } }],
    ['addrListErr', { datagram: { destination: ourOnly } }],
  ];

  test.each(drops)('%s counts its drop, and nothing else changes', (counter, changes) => {
    for (const instance of [backup(), master()]) {
      const before = instance.state;
      instance.hears(255, 10_100, changes);
      const { statistics, reported: _, ...rest } = instance.state;
      const { statistics: earlier, reported: _also, ...restBefore } = before;
      expect(rest).toEqual(restBefore);
      expect(statistics).toEqual({ ...earlier, [counter]: earlier[counter] + 1 });
    }
  });

  test.each(drops)(
    '%s is reported once until the master changes, and counted each time',
    (counter, changes) => {
      const instance = backup();
      instance.hears(150, 100);
      expect(instance.hears(255, 200, changes)).toMatchObject([
        { kind: 'report', report: { kind: 'packetDropped', counter } },
      ]);
      expect(instance.hears(255, 300, changes)).toEqual([]);
      instance.hears(150, 400, { source: higherAddress });
      expect(instance.hears(255, 500, changes)).toHaveLength(1);
      expect(instance.state.statistics[counter]).toBe(3);
    },
  );

  test('a good advertisement counts advertRcvd, one of priority 0 priZeroRcvd as well', () => {
    const instance = backup();
    instance.hears(150, 100);
    instance.hears(0, 200);
    expect(instance.state.statistics).toMatchObject({ advertRcvd: 2, priZeroRcvd: 1 });
  });
});

describe('an address list that is not ours is reported and accepted', () => {
  const others: readonly (readonly [string, PacketChanges['advertisement'], string])[] = [
    [
      'another count',
      { addresses: [address('10.0.0.3'), address('10.0.0.4')] },
      'expected 1 VIPs but received 2',
    ],
    ['no address', { addresses: [] }, 'expected 1 VIPs but received 0'],
    ['another address', { addresses: [address('10.0.0.4')] }, 'ip address 10.0.0.3 is not present'],
  ];

  test.each(others)('%s', (_what, advertisement = {}, detail) => {
    const instance = backup();
    instance.hears(150, 1000, { advertisement });
    expect(instance.in('Backup').masterDownAtMs).toBe(1000 + 3609.375);
    expect(instance.effects.at(-1)).toMatchObject({ report: { kind: 'addressListDiffers', detail } });
    instance.hears(150, 2000, { advertisement });
    expect(instance.effects).toEqual([]);
    expect(instance.state.statistics).toMatchObject({ advertRcvd: 2, addrListErr: 2 });
  });

  test('the order of the addresses does not matter', () => {
    const instance = backup({ virtualAddresses: [virtualAddress('10.0.0.3'), virtualAddress('10.0.0.4')] });
    instance.hears(150, 1000, { advertisement: { addresses: [address('10.0.0.4'), address('10.0.0.3')] } });
    expect(instance.state.statistics.addrListErr).toBe(0);
  });

  test('skip_check_adv_addr looks at a new Master only', () => {
    const instance = backup({ skipCheckAdvAddr: true });
    const advertisement = { addresses: [] };
    instance.hears(150, 1000, { advertisement });
    instance.hears(150, 2000, { advertisement });
    expect(instance.state.statistics.addrListErr).toBe(1);
    instance.hears(150, 3000, { advertisement, source: higherAddress });
    expect(instance.state.statistics.addrListErr).toBe(2);
  });

  test('a Master looks at every list, whatever skip_check_adv_addr says', () => {
    const instance = master({ skipCheckAdvAddr: true });
    for (const atMs of [10_100, 10_200])
      instance.hears(50, atMs, { advertisement: { addresses: [] }, source: lowerAddress });
    expect(instance.state.statistics.addrListErr).toBe(2);
  });
});
