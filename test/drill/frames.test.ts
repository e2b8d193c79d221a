import { expect, test } from 'vitest';
import { sightingIn } from '../../src/drill/frames.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

/** The tutorial's lb01: VRRP version 2, VRID 51, priority 150, one address, password 1111. */
const advertisement = `
  01005e000012 02000a000005 0800
  45c0 0028 0001 0000 ff70 0000 0a000005 e0000012
  21 33 96 01 01 01 0000 0a000003 3131313100000000`;
const arp = (sender: string, target: string): string => `
  ffffffffffff 02000a000006 0806
  0001 0800 06 04 0001 02000a000006 ${sender} 000000000000 ${target}`;

const at = (hex: string) => sightingIn({ atMs: 12.5, bytes: bytes(hex) });

test('an advertisement is seen with its sender, VRID and priority', () => {
  expect(at(advertisement)).toEqual({
    kind: 'advertisement',
    atMs: 12.5,
    source: '10.0.0.5',
    version: 2,
    vrid: 51,
    priority: 150,
  });
});

test('an IPv4 packet of another protocol is no advertisement', () => {
  expect(at(advertisement.replace('ff70', 'ff11'))).toBeUndefined();
});

test('a VRRP packet of another type is no advertisement', () => {
  expect(at(advertisement.replace('21 33', '22 33'))).toBeUndefined();
});

test('an ARP packet that names one address twice is a gratuitous ARP', () => {
  expect(at(arp('0a000003', '0a000003'))).toEqual({
    kind: 'gratuitousArp',
    atMs: 12.5,
    address: '10.0.0.3',
    hardwareAddress: '02:00:0a:00:00:06',
  });
});

test('an ARP packet that asks for somebody else is not gratuitous', () => {
  expect(at(arp('0a000006', '0a000003'))).toBeUndefined();
});

test('every shortened frame is no sighting, and none throws', () => {
  for (const hex of [advertisement, arp('0a000003', '0a000003')]) {
    const whole = bytes(hex);
    for (let length = 0; length < whole.length; length += 1) {
      expect(sightingIn({ atMs: 0, bytes: whole.subarray(0, length) })).toBeUndefined();
    }
  }
});
