/** Frames of Debian's keepalived 2.2.7, captured with tcpdump on a veth whose address is 02:00:00:00:00:0a. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { encodeGratuitousArp } from '../../src/net/arp.ts';
import { encodeEthernetFrame, etherType } from '../../src/net/ethernet.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../src/net/ndp.ts';
import { bytesOf, hexOf } from './hex.ts';

const sourceMac = bytesOf('0200 0000 000a');

function withoutSpaces(hex: string): string {
  return hex.replace(/\s+/g, '');
}

describe('gratuitous ARP', () => {
  test('is byte for byte what keepalived sends for 10.0.0.3', () => {
    expect(hexOf(encodeGratuitousArp({ sourceMac, address: address('10.0.0.3') }))).toBe(
      withoutSpaces(`ffff ffff ffff 0200 0000 000a 0806 0001 0800 0604 0001 0200 0000 000a 0a00 0003
                     ffff ffff ffff 0a00 0003`),
    );
  });

  test('of an IPv6 address is refused', () => {
    expect(() => encodeGratuitousArp({ sourceMac, address: address('fe80::9') })).toThrow(
      'ARP announces IPv4 addresses',
    );
  });

  test('with a hardware address that is not 6 bytes long is refused', () => {
    const options = { sourceMac: new Uint8Array(20), address: address('10.0.0.3') };
    expect(() => encodeGratuitousArp(options)).toThrow('an Ethernet address has 6 bytes, not 20');
  });
});

describe('an unsolicited neighbour advertisement', () => {
  test.each([
    [
      'fe80::9',
      `3333 0000 0001 0200 0000 000a 86dd 6000 0000 0020 3aff fe80 0000 0000 0000 0000 0000 0000 0009 ff02 0000 0000 0000
       0000 0000 0000 0001 8800 5782 2000 0000 fe80 0000 0000 0000 0000 0000 0000 0009 0201 0200 0000 000a`,
    ],
    [
      '2001:db8::9',
      `3333 0000 0001 0200 0000 000a 86dd 6000 0000 0020 3aff 2001 0db8 0000 0000 0000 0000 0000 0009 ff02 0000 0000 0000
       0000 0000 0000 0001 8800 f911 2000 0000 2001 0db8 0000 0000 0000 0000 0000 0009 0201 0200 0000 000a`,
    ],
  ])('is byte for byte what keepalived sends for %s', (text, frame) => {
    expect(hexOf(encodeUnsolicitedNeighborAdvertisement({ sourceMac, address: address(text) }))).toBe(
      withoutSpaces(frame),
    );
  });

  test('of a router has the router flag, and the checksum with it', () => {
    const frame = encodeUnsolicitedNeighborAdvertisement({
      sourceMac,
      address: address('fe80::9'),
      isRouter: true,
    });
    // The word 2000 became a000: the checksum 5782 less 8000, with the borrow brought round.
    expect(hexOf(frame.subarray(54, 62))).toBe('8800d781a0000000');
  });

  test('of an IPv4 address is refused', () => {
    expect(() => encodeUnsolicitedNeighborAdvertisement({ sourceMac, address: address('10.0.0.3') })).toThrow(
      'announces IPv6 addresses',
    );
  });
});

test('an Ethernet frame is destination, source, type, payload', () => {
  const frame = encodeEthernetFrame({
    destination: bytesOf('0102 0304 0506'),
    source: sourceMac,
    etherType: etherType.ipv4,
    payload: bytesOf('beef'),
  });
  expect(hexOf(frame)).toBe('01020304050602000000000a0800beef');
});
