/** What is sent: keepalived's packets, which of them are made anew, and the numbers of what is signed. */
import { describe, expect, test } from 'vitest';
import { address, type IpAddress } from '../../../src/net/address.ts';
import {
  AdvertisementWriter,
  nextIdentification,
  type OutgoingAdvertisement,
  writesIpHeader,
} from '../../../src/vrrp/authentication/advertisement-writer.ts';
import { decodeTrailer } from '../../../src/vrrp/authentication/hmac-trailer.ts';
import { initialReceptionMemory } from '../../../src/vrrp/reception.ts';
import { hexOf } from '../../net/hex.ts';
import * as captured from '../captured-packets.ts';
import {
  authenticated,
  authHmac,
  fromIpv4,
  group,
  newYearMs,
  overIpv6,
  Receiver,
  unicastTo,
  us,
  version3,
  virtualAddress,
  type WireConfig,
  wireConfig,
} from '../reception-fixtures.ts';

const first = address('10.9.0.1');
const second = address('10.9.0.2');
const addresses = { virtualAddresses: [virtualAddress('10.9.0.3')] };

function writeWith(
  writer: AdvertisementWriter,
  config: WireConfig,
  changes: { priority?: number; source?: IpAddress; unixTimeMs?: number } = {},
): readonly OutgoingAdvertisement[] {
  return writer.write({
    config,
    priority: 150,
    source: first,
    unixTimeMs: newYearMs,
    memory: initialReceptionMemory,
    ...changes,
  });
}

const half = { ...version3, ...addresses, advertisementIntervalMs: 500 };
const tenth = { ...version3, ...addresses, advertisementIntervalMs: 100 };

test.each([
  ['v2 PASS', captured.multicastPassword.subarray(20), wireConfig(addresses), group],
  [
    'v2 PASS to a peer',
    captured.unicastPassword.subarray(20),
    wireConfig({ ...addresses, transport: unicastTo(second) }),
    second,
  ],
  ['v3', captured.multicastVersion3.subarray(20), wireConfig(tenth), group],
  [
    'v3 to a peer',
    captured.unicastVersion3.subarray(20),
    wireConfig({ ...half, transport: unicastTo(second) }),
    second,
  ],
  [
    'v3 with old_unicast_checksum',
    captured.unicastVersion3OldChecksum.subarray(20),
    wireConfig({ ...half, transport: unicastTo(second), oldUnicastChecksum: 'always' }),
    second,
  ],
  [
    'v3 over IPv6',
    captured.multicastIpv6,
    wireConfig({ ...overIpv6, advertisementIntervalMs: 100 }),
    address('ff02::12'),
  ],
])('%s is byte for byte what keepalived sends', (_what, bytes, config, destination) => {
  const source = config.family === 6 ? address('fe80::a') : first;
  const packets = writeWith(new AdvertisementWriter(), config, { source });
  expect(packets.map((packet) => ({ ...packet, bytes: hexOf(packet.bytes) }))).toEqual([
    { destination, bytes: hexOf(bytes), hasIpHeader: false },
  ]);
});

test("AH: the datagram is keepalived's, with a number of our own", () => {
  const config = wireConfig({ ...addresses, ...authenticated });
  const [packet] = new AdvertisementWriter().write({
    config,
    priority: 100,
    source: first,
    unixTimeMs: 1000,
    memory: { senders: [{ source: second, keyId: 0, sequence: { high: 0, low: 1 } }], oldChecksumPeers: [] },
  });
  const expected = captured.multicastAuthenticated.slice();
  // The second packet of keepalived, the first of ours: another identification, and so another checksum and digest.
  const written = packet?.bytes ?? new Uint8Array(0);
  expect(hexOf(written.subarray(20, 32))).toBe(hexOf(expected.subarray(20, 32)));
  expect(hexOf(written.subarray(44))).toBe(hexOf(expected.subarray(44)));
  expect(new Receiver(config).hears(fromIpv4(written))).toBe('accepted');
  expect(packet).toMatchObject({ destination: group, hasIpHeader: true });
  expect([
    writesIpHeader(config),
    writesIpHeader(wireConfig()),
    writesIpHeader(wireConfig({ ...authenticated, version: 3 })),
  ]).toEqual([true, false, false]);
});

describe('without a signature', () => {
  const config = wireConfig({
    ...half,
    transport: {
      kind: 'unicast',
      ttl: 64,
      checkSource: false,
      peers: [second, us].map((peer) => ({ address: peer, minTtl: 0, maxTtl: 255 })),
    },
  });

  test('each peer has a packet of its own, in their order', () => {
    const packets = writeWith(new AdvertisementWriter(), config);
    expect(packets.map(({ destination }) => destination)).toEqual([second, us]);
    expect(hexOf(packets[0]?.bytes ?? new Uint8Array(0))).toBe(hexOf(captured.unicastVersion3.subarray(20)));
    expect(packets[1]?.bytes).not.toEqual(packets[0]?.bytes);
  });

  test('the same packets come again until something in them changes', () => {
    const writer = new AdvertisementWriter();
    const packets = writeWith(writer, config);
    expect(writeWith(writer, config, { unixTimeMs: newYearMs + 500 })).toBe(packets);
    for (const changes of [{ priority: 0 }, { source: address('10.0.0.12') }]) {
      const changed = writeWith(writer, config, changes);
      expect(changed[0]?.bytes).not.toEqual(packets[0]?.bytes);
      expect(writeWith(writer, config)).toEqual(packets);
    }
    expect(writeWith(writer, { ...config, vrid: 52 })[0]?.bytes[1]).toBe(52);
  });
});

describe('old_unicast_checksum auto', () => {
  const old = fromIpv4(captured.unicastVersion3OldChecksum);
  const present = fromIpv4(captured.unicastVersion3);
  const config = wireConfig({
    ...half,
    transport: {
      kind: 'unicast',
      ttl: 255,
      checkSource: false,
      peers: [first, us].map((peer) => ({ address: peer, minTtl: 0, maxTtl: 255 })),
    },
  });

  test('hears both, answers each peer as it does, and changes along with it', () => {
    const receiver = new Receiver(config);
    const writer = new AdvertisementWriter();
    const styles = (): readonly string[] =>
      writer
        .write({ config, priority: 100, source: second, unixTimeMs: newYearMs, memory: receiver.memory })
        .map(({ destination, bytes }) => {
          const heardBy = (oldUnicastChecksum: 'always' | 'never'): boolean =>
            new Receiver({ ...config, oldUnicastChecksum, transport: unicastTo(second) }).hears({
              source: second,
              destination,
              hopLimit: 255,
              payload: bytes,
            }) === 'accepted';
          return `${heardBy('always') ? 'old' : ''}${heardBy('never') ? 'new' : ''}`;
        });
    expect(styles()).toEqual(['new', 'new']);
    expect(receiver.hears(old)).toBe('accepted');
    expect(styles()).toEqual(['old', 'new']);
    const { memory } = receiver;
    expect(receiver.hears(old)).toBe('accepted');
    expect(receiver.memory).toBe(memory);
    expect(receiver.hears(present)).toBe('accepted');
    expect(styles()).toEqual(['new', 'new']);
  });

  test('always and never accept one kind only', () => {
    const judge = (oldUnicastChecksum: 'always' | 'never') =>
      [old, present].map((packet) => new Receiver({ ...config, oldUnicastChecksum }).hears(packet));
    expect(judge('always')).toEqual(['accepted', 'checksumErr']);
    expect(judge('never')).toEqual(['checksumErr', 'accepted']);
  });

  test('only peers are remembered', () => {
    const receiver = new Receiver({ ...config, transport: unicastTo(us) });
    expect(receiver.hears(old)).toBe('accepted');
    expect(receiver.memory.oldChecksumPeers).toEqual([]);
  });

  test('version 2 has no such thing', () => {
    const v2 = wireConfig({ ...addresses, transport: unicastTo(first), oldUnicastChecksum: 'always' });
    expect(new Receiver(v2).hears(fromIpv4(captured.unicastPassword))).toBe('accepted');
  });
});

function sequencesOf(config: WireConfig, times: readonly number[]): readonly string[] {
  const writer = new AdvertisementWriter();
  return times.map((unixTimeMs) => {
    const [packet] = writeWith(writer, config, { unixTimeMs });
    const { high, low } = decodeTrailer(packet?.bytes.subarray(-28) ?? new Uint8Array(28)).sequence;
    return `${(high - newYearMs / 1000 + low / 0x1_0000_0000).toFixed(3)} ${low & 0xffff}`;
  });
}

describe('auth_hmac', () => {
  const times = [newYearMs, newYearMs + 250, newYearMs + 250, newYearMs - 1000, newYearMs + 500];

  test("the number is the clock's, or one more where the clock stands or goes back", () => {
    expect(sequencesOf(wireConfig({ ...half, authHmac: authHmac() }), times)).toEqual([
      '0.000 0',
      '0.250 0',
      '0.250 1',
      '0.250 2',
      '0.500 0',
    ]);
  });

  test('a number that a wrong clock left ahead of the window is given up with time, and kept with monotonic', () => {
    const jump = [newYearMs + 60_000, newYearMs];
    expect(sequencesOf(wireConfig({ ...half, authHmac: authHmac() }), jump)).toEqual(['60.000 0', '0.000 0']);
    expect(
      sequencesOf(wireConfig({ ...half, authHmac: authHmac({ antiReplay: 'monotonic' }) }), jump),
    ).toEqual(['60.000 0', '60.000 1']);
  });

  test('all peers get one number and one digest', () => {
    const transport = {
      kind: 'unicast',
      ttl: 255,
      checkSource: false,
      peers: [second, us].map((peer) => ({ address: peer, minTtl: 0, maxTtl: 255 })),
    } as const;
    const packets = writeWith(
      new AdvertisementWriter(),
      wireConfig({ ...half, transport, authHmac: authHmac() }),
    );
    const [trailer, ...others] = packets.map(({ bytes }) => hexOf(bytes.subarray(-28)));
    expect(others).toEqual([trailer]);
  });
});

describe('auth_type AH', () => {
  const config = wireConfig({ ...addresses, ...authenticated });
  const numbered = (
    writer: AdvertisementWriter,
    unixTimeMs: number,
    heard = 0,
  ): { identification: number; number: number } => {
    const senders = heard === 0 ? [] : [{ source: second, keyId: 0, sequence: { high: 0, low: heard } }];
    const [packet] = writer.write({
      config,
      priority: 150,
      source: first,
      unixTimeMs,
      memory: { senders, oldChecksumPeers: [] },
    });
    const bytes = packet?.bytes ?? new Uint8Array(64);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return { identification: view.getUint16(4), number: view.getUint32(28) };
  };

  test('the number begins at the clock, grows with each packet, and jumps above what is heard', () => {
    const writer = new AdvertisementWriter();
    const start = newYearMs / 1000;
    expect(
      [numbered(writer, newYearMs), numbered(writer, newYearMs), numbered(writer, newYearMs - 5000)].map(
        ({ number }) => number - start,
      ),
    ).toEqual([0, 1, 2]);
    expect(numbered(writer, newYearMs, start + 100).number).toBe(start + 101);
    expect(numbered(writer, newYearMs).number).toBe(start + 102);
  });

  test('the number does not fall back to 0 at its end', () => {
    expect(numbered(new AdvertisementWriter(), 0, 0xffff_ffff).number).toBe(0xffff_ffff);
  });

  test('the identification grows with each packet, and is never 0, which the kernel would replace', () => {
    const writer = new AdvertisementWriter();
    expect([1, 2, 3].map(() => numbered(writer, newYearMs).identification)).toEqual([1, 2, 3]);
    expect([nextIdentification(0xfffe), nextIdentification(0xffff)]).toEqual([0xffff, 1]);
  });

  test('unicast has the TTL of unicast_ttl, which the digest leaves out', () => {
    const transport = {
      kind: 'unicast',
      ttl: 64,
      checkSource: false,
      peers: [{ address: us, minTtl: 0, maxTtl: 255 }],
    } as const;
    const [packet] = writeWith(new AdvertisementWriter(), { ...config, transport });
    const bytes = packet?.bytes ?? new Uint8Array(0);
    expect(bytes[8]).toBe(64);
    bytes[8] = 61;
    expect(new Receiver({ ...config, transport: unicastTo(first) }).hears(fromIpv4(bytes))).toBe('accepted');
  });
});
