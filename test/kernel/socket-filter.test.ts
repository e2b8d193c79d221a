import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arpClaimFilter,
  MOST_FILTERED_ADDRESSES,
  neighborClaimFilter,
} from '../../src/kernel/socket-filter.ts';
import { address, addressBytes, addressFromBytes, type IpAddress } from '../../src/net/address.ts';
import { encodeGratuitousArp } from '../../src/net/arp.ts';
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
    ]).get(operation);
    if (bytes !== undefined && operand === packetTypeOffset) a = packetType;
    else if (bytes !== undefined && operand + bytes > packet.length) return false;
    else if (bytes === 4) a = data.getUint32(operand);
    else if (bytes === 2) a = data.getUint16(operand);
    else if (bytes === 1) a = data.getUint8(operand);
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
