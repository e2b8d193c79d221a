/** Packets as a capture of several interfaces has them: whose they are, and what they say. */
import { expect, test } from 'vitest';
import { sightIn } from '../../src/drill/cooked-frames.ts';
import { cookedLinkType, PcapStream } from '../../src/drill/pcap.ts';
import { address, addressBytes } from '../../src/net/address.ts';
import { encodeAdvertisement } from '../../src/vrrp/packet.ts';

const mac = [0x02, 0x68, 0x66, 0, 1, 0];

/** LINKTYPE_LINUX_SLL2: protocol, reserved, interface, ARPHRD, packet type, length of the address, address. */
function cooked(type: number, payload: readonly number[], interfaceIndex = 7): Uint8Array {
  return Uint8Array.from([
    type >> 8,
    type & 0xff,
    0,
    0,
    0,
    0,
    0,
    interfaceIndex,
    0,
    1,
    1,
    6,
    ...mac,
    0,
    0,
    ...payload,
  ]);
}

function advertisement(version: 2 | 3, source: string, group: string, virtual: string): Uint8Array {
  return encodeAdvertisement(
    {
      version,
      vrid: 51,
      priority: 150,
      advertisementIntervalMs: 1000,
      addresses: [address(virtual)],
      authentication: { type: 'none' },
    },
    { source: address(source), destination: address(group) },
  );
}

function ipv4(protocol: number, payload: Uint8Array): readonly number[] {
  const length = 20 + payload.length;
  return [
    0x45,
    0,
    length >> 8,
    length & 0xff,
    0,
    0,
    0,
    0,
    255,
    protocol,
    0,
    0,
    10,
    0,
    0,
    11,
    224,
    0,
    0,
    18,
    ...payload,
  ];
}

function ipv6(nextHeader: number, source: string, payload: Uint8Array): readonly number[] {
  const group = addressBytes(address('ff02::12'));
  return [
    0x60,
    0,
    0,
    0,
    payload.length >> 8,
    payload.length & 0xff,
    nextHeader,
    255,
    ...addressBytes(address(source)),
    ...group,
    ...payload,
  ];
}

const v2 = advertisement(2, '10.0.0.11', '224.0.0.18', '10.0.0.3');

test('an advertisement of version 2, and whose port it came in at', () => {
  expect(sightIn({ atMs: 5, bytes: cooked(0x0800, ipv4(112, v2)) })).toEqual({
    kind: 'advertisement',
    atMs: 5,
    interfaceIndex: 7,
    sourceMac: '02:68:66:00:01:00',
    source: '10.0.0.11',
    version: 2,
    family: 4,
    vrid: 51,
    priority: 150,
    intervalMs: 1000,
  });
});

test('the same with an 802.1Q tag', () => {
  expect(sightIn({ atMs: 5, bytes: cooked(0x8100, [0, 100, 8, 0, ...ipv4(112, v2)]) })).toMatchObject({
    vrid: 51,
    family: 4,
  });
});

test('the same behind an Authentication Header', () => {
  const header = [112, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, ...Array<number>(12).fill(9)];
  expect(
    sightIn({ atMs: 5, bytes: cooked(0x0800, ipv4(51, Uint8Array.from([...header, ...v2]))) }),
  ).toMatchObject({ vrid: 51 });
});

test('an advertisement over IPv6', () => {
  const payload = advertisement(3, 'fe80::1', 'ff02::12', 'fe80::3');
  expect(sightIn({ atMs: 5, bytes: cooked(0x86dd, ipv6(112, 'fe80::1', payload)) })).toMatchObject({
    kind: 'advertisement',
    version: 3,
    family: 6,
    source: 'fe80::1',
  });
});

const arp = (operation: number, sender: readonly number[], target: readonly number[]): readonly number[] => [
  ...[0, 1, 8, 0, 6, 4, 0, operation, ...mac, ...sender, 2, 0, 0, 0, 0, 9, ...target],
];

test('a gratuitous ARP announces, a reply answers, a request does neither', () => {
  expect(sightIn({ atMs: 5, bytes: cooked(0x0806, arp(1, [10, 0, 0, 3], [10, 0, 0, 3])) })).toMatchObject({
    kind: 'announcement',
    address: '10.0.0.3',
    mac: '02:68:66:00:01:00',
  });
  expect(sightIn({ atMs: 5, bytes: cooked(0x0806, arp(2, [10, 0, 0, 3], [10, 0, 0, 9])) })).toMatchObject({
    kind: 'answer',
    address: '10.0.0.3',
    toMac: '02:00:00:00:00:09',
  });
  expect(sightIn({ atMs: 5, bytes: cooked(0x0806, arp(1, [10, 0, 0, 9], [10, 0, 0, 3])) })).toBeUndefined();
});

test('a Neighbour Advertisement announces when nobody asked, and answers when somebody did', () => {
  const target = addressBytes(address('2001:db8::3'));
  const said = (flags: number): Uint8Array =>
    Uint8Array.from([136, 0, 0, 0, flags, 0, 0, 0, ...target, 2, 1, ...mac]);
  const seen = (flags: number): unknown =>
    sightIn({ atMs: 5, bytes: cooked(0x86dd, ipv6(58, 'fe80::1', said(flags))) });
  expect(seen(0x20)).toMatchObject({
    kind: 'announcement',
    address: '2001:db8::3',
    mac: '02:68:66:00:01:00',
  });
  expect(seen(0x60)).toMatchObject({ kind: 'answer', address: '2001:db8::3' });
});

test('a packet that is cut off, or of another protocol, says nothing', () => {
  for (const bytes of [
    new Uint8Array(4),
    cooked(0x0800, [0x45]),
    cooked(0x0806, [0, 1]),
    cooked(0x86dd, [0x60]),
    cooked(0x88cc, [1, 2]),
  ])
    expect(sightIn({ atMs: 5, bytes })).toBeUndefined();
});

test('a capture that grows is read piece by piece, wherever the pieces end', () => {
  const header = Uint8Array.from([
    0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0x14, 1, 0, 0,
  ]);
  const packet = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9]);
  const file = Uint8Array.from([...header, ...packet, ...packet]);
  for (let size = 1; size <= file.length; size += 1) {
    const stream = new PcapStream(cookedLinkType);
    const packets = [];
    for (let at = 0; at < file.length; at += size) packets.push(...stream.take(file.subarray(at, at + size)));
    expect(packets.map(({ bytes }) => [...bytes])).toEqual([
      [7, 8, 9],
      [7, 8, 9],
    ]);
  }
  expect(() => new PcapStream(1).take(file)).toThrow('link type 276, not Ethernet');
});
