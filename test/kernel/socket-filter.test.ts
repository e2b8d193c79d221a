import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arpClaimFilter,
  echoReplyFilter,
  MOST_FILTERED_ADDRESSES,
  neighborClaimFilter,
} from '../../src/kernel/socket-filter.ts';
import {
  type AddressFamily,
  address,
  addressBytes,
  addressFromBytes,
  type IpAddress,
} from '../../src/net/address.ts';
import { encodeGratuitousArp } from '../../src/net/arp.ts';
import { encodeEchoRequest, icmpTypes } from '../../src/net/icmp.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../src/net/ndp.ts';

const sourceMac = Uint8Array.of(2, 0, 0, 0, 0, 1);
const packetTypeOffset = 0xfffff004;
const outgoing = 4;

/** What the kernel does with such a program (Documentation/networking/filter.rst), as far as ours go. */
function accepts(program: Uint8Array, packet: Uint8Array, packetType = 1): boolean {
  const code = new DataView(program.buffer);
  const data = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let a = 0;
  let x = 0;
  for (let index = 0; ; index += 1) {
    const operand = code.getUint32(8 * index + 4, true);
    const jump = (met: boolean) => {
      index += code.getUint8(8 * index + (met ? 2 : 3));
    };
    const operation = code.getUint16(8 * index, true);
    const bytes = new Map([
      [0x20, 4],
      [0x28, 2],
      [0x30, 1],
      [0x48, 2],
      [0x50, 1],
    ]).get(operation);
    const at = operation === 0x48 || operation === 0x50 ? operand + x : operand;
    if (bytes !== undefined && operand === packetTypeOffset) a = packetType;
    else if (bytes !== undefined && at + bytes > packet.length) return false;
    else if (bytes === 4) a = data.getUint32(at);
    else if (bytes === 2) a = data.getUint16(at);
    else if (bytes === 1) a = data.getUint8(at);
    else if (operation === 0xb1) x = 4 * (data.getUint8(operand) & 0x0f);
    else if (operation === 0x54) a &= operand;
    else if (operation === 0x64) a <<= operand;
    else if (operation === 0x0c) a += x;
    else if (operation === 0x15) jump(a === operand);
    else if (operation === 0x45) jump((a & operand) !== 0);
    else if (operation === 0x1d) jump(a === x);
    else if (operation === 0x07) x = a;
    else if (operation === 0x06) return operand !== 0;
    else throw new Error(`instruction ${index} has the unknown code ${operation}`);
  }
}

function arp(sender: IpAddress): Uint8Array {
  return encodeGratuitousArp({ sourceMac, address: sender }).slice(14);
}

function advertisement(target: IpAddress): Uint8Array {
  return encodeUnsolicitedNeighborAdvertisement({ sourceMac, address: target }).slice(54);
}

const anyIpv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => addressFromBytes(bytes));
const anyIpv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressFromBytes(bytes));
const many = Array.from({ length: MOST_FILTERED_ADDRESSES + 1 }, (_, index) =>
  address(`10.0.${index >> 8}.${index & 255}`),
);
const many6 = many.map((_, index) => address(`2001:db8::${(index + 1).toString(16)}`));
const most = many.slice(1);
const most6 = many6.slice(1);

describe('the filter for ARP', () => {
  it('accepts a sender that is in the list, and no other', () => {
    fc.assert(
      fc.property(fc.array(anyIpv4, { maxLength: 20 }), anyIpv4, (list, other) => {
        const program = arpClaimFilter(list);
        return (
          list.every((one) => accepts(program, arp(one))) &&
          accepts(program, arp(other)) === list.includes(other)
        );
      }),
    );
  });

  it('holds as many addresses as it says, the last like the first', () => {
    const program = arpClaimFilter(most);
    expect(program.length / 8).toBeLessThanOrEqual(4096);
    for (const one of [most[0], most.at(-1)]) expect(accepts(program, arp(one as IpAddress))).toBe(true);
    expect(accepts(program, arp(many[0] as IpAddress))).toBe(false);
  });

  it('with more than that accepts announcements and replies of anybody, and no other requests', () => {
    const program = arpClaimFilter(many);
    const announcement = arp(address('192.0.2.1'));
    const request = arp(address('192.0.2.1'));
    request[27] = 9;
    const reply = Uint8Array.from(request);
    reply[7] = 2;
    expect([announcement, request, reply].map((packet) => accepts(program, packet))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('drops what this host sends, other hardware and a cut packet', () => {
    const ours = address('192.0.2.1');
    const program = arpClaimFilter([ours]);
    const notEthernet = arp(ours);
    notEthernet[1] = 6;
    expect(accepts(program, arp(ours), outgoing)).toBe(false);
    expect(accepts(program, notEthernet)).toBe(false);
    expect(accepts(program, arp(ours).slice(0, 16))).toBe(false);
  });

  it('of no address accepts nothing', () => {
    expect(accepts(arpClaimFilter([]), arp(address('192.0.2.1')))).toBe(false);
  });
});

describe('the filter for neighbour advertisements', () => {
  it('accepts a target that is in the list, and no other', () => {
    fc.assert(
      fc.property(fc.array(anyIpv6, { maxLength: 20 }), anyIpv6, (list, other) => {
        const program = neighborClaimFilter(list);
        return (
          list.every((one) => accepts(program, advertisement(one))) &&
          accepts(program, advertisement(other)) === list.includes(other)
        );
      }),
    );
  });

  it('tells addresses apart that differ in one word only', () => {
    const ours = address('1:2:3:4:5:6:7:8');
    const program = neighborClaimFilter([address('9:9:9:9:9:9:9:9'), ours]);
    expect(accepts(program, advertisement(ours))).toBe(true);
    for (let word = 0; word < 4; word += 1) {
      const other = addressBytes(ours);
      other[4 * word] = 1;
      expect(accepts(program, advertisement(addressFromBytes(other)))).toBe(false);
    }
  });

  it('holds as many addresses as it says', () => {
    const program = neighborClaimFilter(most6);
    expect(program.length / 8).toBeLessThanOrEqual(4096);
    expect(accepts(program, advertisement(most6.at(-1) as IpAddress))).toBe(true);
    expect(accepts(program, advertisement(many6[0] as IpAddress))).toBe(false);
  });

  it('with more than that drops only answers that override nothing', () => {
    const program = neighborClaimFilter(many6);
    const withFlags = (flags: number) => {
      const packet = advertisement(address('2001:db8::abcd'));
      packet[4] = flags;
      return accepts(program, packet);
    };
    expect([0x20, 0x60, 0x00, 0x40].map(withFlags)).toEqual([true, true, true, false]);
  });

  it('drops other messages, what this host sends, and everything where there is no address', () => {
    const ours = address('2001:db8::1');
    const solicitation = advertisement(ours);
    solicitation[0] = 135;
    expect(accepts(neighborClaimFilter([ours]), solicitation)).toBe(false);
    expect(accepts(neighborClaimFilter([ours]), advertisement(ours), outgoing)).toBe(false);
    expect(accepts(neighborClaimFilter([]), advertisement(ours))).toBe(false);
  });
});

describe.each([4, 6] as const)('the filter for echo replies over IPv%i', (family) => {
  const filter = echoReplyFilter(family, 0x1234);
  const types = icmpTypes[family];

  it('accepts a reply with its identifier and no other', () => {
    expect(accepts(filter, received(family, message(types.echoReply, 0x1234)))).toBe(true);
    expect(accepts(filter, received(family, message(types.echoReply, 0x1235)))).toBe(false);
  });

  it('drops requests, also our own', () => {
    expect(accepts(filter, received(family, message(types.echoRequest, 0x1234)))).toBe(false);
  });

  it.each([types.destinationUnreachable, types.timeExceeded, types.parameterProblem])(
    'accepts an error of type %i about a request of that identifier alone',
    (type) => {
      const about = (quotedType: number, identifier: number) =>
        received(
          family,
          Uint8Array.from([type, 1, 0, 0, 0, 0, 0, 0, ...ipPacket(family, message(quotedType, identifier))]),
        );
      expect(accepts(filter, about(types.echoRequest, 0x1234))).toBe(true);
      expect(accepts(filter, about(types.echoRequest, 0x1235))).toBe(false);
      expect(accepts(filter, about(types.echoReply, 0x1234))).toBe(false);
    },
  );

  it('drops every other type', () => {
    const wanted = [
      types.echoReply,
      types.destinationUnreachable,
      types.timeExceeded,
      types.parameterProblem,
    ];
    for (let type = 0; type < 256; type += 1) {
      if (wanted.includes(type)) continue;
      const bytes = Uint8Array.from([
        type,
        0,
        0,
        0,
        0x12,
        0x34,
        0,
        1,
        ...ipPacket(family, message(types.echoRequest, 0x1234)),
      ]);
      expect(accepts(filter, received(family, bytes))).toBe(false);
    }
  });

  it('drops what is cut', () => {
    const whole = received(family, message(types.echoReply, 0x1234));
    const start = whole.length - message(types.echoReply, 0).length;
    for (let length = Math.max(start, 1); length < start + 6; length += 1) {
      expect(accepts(filter, whole.subarray(0, length))).toBe(false);
    }
  });
});

it('the filter for echo replies over IPv4 finds them behind headers with options', () => {
  const filter = echoReplyFilter(4, 0x1234);
  const request = message(icmpTypes[4].echoRequest, 0x1234);
  expect(accepts(filter, ipPacket(4, message(icmpTypes[4].echoReply, 0x1234), 40))).toBe(true);
  const error = Uint8Array.from([3, 1, 0, 0, 0, 0, 0, 0, ...ipPacket(4, request, 8)]);
  expect(accepts(filter, ipPacket(4, error, 12))).toBe(true);
});

function message(type: number, identifier: number): Uint8Array {
  const bytes = encodeEchoRequest(6, { identifier, sequence: 1, data: new Uint8Array(8) });
  bytes[0] = type;
  return bytes;
}

function ipPacket(family: AddressFamily, payload: Uint8Array, options = 0): Uint8Array {
  const headerBytes = family === 4 ? 20 + options : 40;
  const bytes = new Uint8Array(headerBytes + payload.length);
  bytes[0] = family === 4 ? 0x40 | (headerBytes / 4) : 0x60;
  bytes.set(payload, headerBytes);
  return bytes;
}

/** As a raw socket gets it: with the IPv4 header, without that of IPv6. */
function received(family: AddressFamily, icmp: Uint8Array): Uint8Array {
  return family === 4 ? ipPacket(4, icmp) : icmp;
}
