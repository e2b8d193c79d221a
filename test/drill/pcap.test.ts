import { expect, test } from 'vitest';
import { readPcap } from '../../src/drill/pcap.ts';

/** Magic, version 2.4, zone, accuracy, snapshot length, link type 1: Ethernet. */
const nanosecondHeader = '4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000';
/** Seconds 1700000000, fraction 500000, captured 3, original 60. */
const packetHeader = '00f15365 20a10700 03000000 3c000000';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

test('a nanosecond capture keeps the fraction of a millisecond', () => {
  const packets = readPcap(bytes(`${nanosecondHeader} ${packetHeader} aabbcc`));
  expect(packets).toHaveLength(1);
  expect(packets[0]?.atMs).toBeCloseTo(1700000000000.5, 3);
  expect(packets[0]?.bytes).toEqual(Uint8Array.of(0xaa, 0xbb, 0xcc));
});

test('the fraction of a microsecond capture counts microseconds', () => {
  const header = nanosecondHeader.replace('4d3cb2a1', 'd4c3b2a1');
  expect(readPcap(bytes(`${header} ${packetHeader} aabbcc`))[0]?.atMs).toBe(1700000000500);
});

test('a capture written by a big-endian machine is read alike', () => {
  const header = 'a1b23c4d 0002 0004 00000000 00000000 00040000 00000001';
  const packet = '6553f100 0007a120 00000003 0000003c aabbcc';
  expect(readPcap(bytes(`${header} ${packet}`))).toEqual(
    readPcap(bytes(`${nanosecondHeader} ${packetHeader} aabbcc`)),
  );
});

test('a last packet that is not whole yet is left out', () => {
  const whole = `${nanosecondHeader} ${packetHeader} aabbcc`;
  expect(readPcap(bytes(`${whole} ${packetHeader} aabb`))).toHaveLength(1);
  expect(readPcap(bytes(`${whole} 00f15365`))).toHaveLength(1);
});

test('a file without its whole header has no packets', () => {
  expect(readPcap(new Uint8Array())).toEqual([]);
  expect(readPcap(bytes(nanosecondHeader).subarray(0, 23))).toEqual([]);
});

test('anything other than a capture of Ethernet frames is refused', () => {
  expect(() => readPcap(new Uint8Array(24))).toThrow('not a pcap capture file');
  expect(() => readPcap(bytes(nanosecondHeader.replace(/01000000$/, '71000000')))).toThrow('link type 113');
});
