/** What the kernel hands over of a wire, and what is read in it. */
import { expect, test } from 'vitest';
import { readWire } from '../../../src/drill/live/read-wire.ts';
import { wireFilter } from '../../../src/drill/live/wire-filter.ts';

/** Runs the few instructions that the filter uses, as the kernel would. */
function accepts(protocol: number, packet: Uint8Array): boolean {
  const program = wireFilter();
  const view = new DataView(program.buffer);
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const code = view.getUint16(8 * at, true);
    const operand = view.getUint32(8 * at + 4, true);
    if (code === 0x06) return operand > 0;
    if (code === 0x28 && operand === 0xfffff000) accumulator = protocol;
    else if (code === 0x30) {
      const byte = packet[operand];
      // A load behind the end drops the packet.
      if (byte === undefined) return false;
      accumulator = byte;
    } else if (code === 0x15)
      at += accumulator === operand ? (program[8 * at + 2] ?? 0) : (program[8 * at + 3] ?? 0);
    else throw new Error(`the filter has instruction ${code}`);
  }
  throw new Error('the filter has no end');
}

const [ipv4, ipv6, arp] = [0x0800, 0x86dd, 0x0806];

function ipv4Packet(protocol: number): Uint8Array {
  const bytes = new Uint8Array(40);
  bytes.set([0x45, 0, 0, 40], 0);
  bytes[9] = protocol;
  return bytes;
}

function ipv6Packet(nextHeader: number, type = 0): Uint8Array {
  const bytes = new Uint8Array(64);
  bytes.set([0x60, 0, 0, 0, 0, 24, nextHeader], 0);
  bytes[40] = type;
  return bytes;
}

test.each([
  ['ARP', arp, new Uint8Array(28), true],
  ['VRRP over IPv4', ipv4, ipv4Packet(112), true],
  ['an Authentication Header', ipv4, ipv4Packet(51), true],
  ['TCP', ipv4, ipv4Packet(6), false],
  ['VRRP over IPv6', ipv6, ipv6Packet(112), true],
  ['a Neighbour Advertisement', ipv6, ipv6Packet(58, 136), true],
  ['a Neighbour Solicitation', ipv6, ipv6Packet(58, 135), false],
  ['an echo over IPv6', ipv6, ipv6Packet(58, 128), false],
  ['TCP over IPv6', ipv6, ipv6Packet(6), false],
  ['LLDP', 0x88cc, new Uint8Array(60), false],
  ['an IPv4 packet that is cut', ipv4, new Uint8Array(4), false],
] as const)('of %s the kernel is told so', (_, protocol, packet, expected) => {
  expect(accepts(protocol, packet)).toBe(expected);
});

/** sockaddr_ll. */
function sender(protocol: number, mac: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(20);
  new DataView(bytes.buffer).setUint16(2, protocol);
  bytes.set([6, ...mac], 11);
  return bytes;
}

test('an advertisement is read with who sent it and the addresses that it names', () => {
  // RFC 3768 section 5.1: version 2, type 1, VRID 51, priority 150, one address, interval 1 s.
  const vrrp = [0x21, 51, 150, 1, 0, 1, 0, 0, 10, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0];
  const packet = new Uint8Array([
    0x45,
    0,
    0,
    40,
    0,
    0,
    0,
    0,
    255,
    112,
    0,
    0,
    10,
    0,
    0,
    5,
    224,
    0,
    0,
    18,
    ...vrrp,
  ]);
  const address = sender(ipv4, [2, 0, 0, 0, 0, 5]);
  expect(readWire({ atMs: 7, address, payload: packet })).toMatchObject({
    ...{
      kind: 'advertisement',
      atMs: 7,
      source: '10.0.0.5',
      sourceMac: '02:00:00:00:00:05',
      vrid: 51,
      priority: 150,
    },
    virtualAddresses: ['10.0.0.3'],
  });
  expect(readWire({ atMs: 7, address, payload: packet.subarray(0, 24) })).toBeUndefined();
});

test('a gratuitous ARP is an announcement, a reply an answer', () => {
  const arpPacket = (operation: number, target: number): Uint8Array =>
    new Uint8Array([
      ...[0, 1, 8, 0, 6, 4, 0, operation, 2, 0, 0, 0, 0, 6, 10, 0, 0, 3],
      ...[2, 0, 0, 0, 0, 9, 10, 0, 0, target],
    ]);
  const read = (payload: Uint8Array) =>
    readWire({ atMs: 0, address: sender(arp, [2, 0, 0, 0, 0, 6]), payload });
  expect(read(arpPacket(1, 3))).toMatchObject({
    kind: 'announcement',
    address: '10.0.0.3',
    mac: '02:00:00:00:00:06',
  });
  expect(read(arpPacket(2, 9))).toMatchObject({
    kind: 'answer',
    address: '10.0.0.3',
    toMac: '02:00:00:00:00:09',
  });
  expect(read(arpPacket(1, 9))).toBeUndefined();
});
