import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import {
  finishedChecksum,
  internetChecksum,
  pseudoHeader,
  pseudoHeaderSum,
  sumOfWords,
} from '../../src/net/checksum.ts';
import { bytesOf, hexOf } from './hex.ts';

describe('internetChecksum', () => {
  test('is the complement of the sum in the example of RFC 1071 section 3', () => {
    expect(internetChecksum(bytesOf('0001 f203 f4f5 f6f7'))).toBe(~0xddf2 & 0xffff);
  });

  test('of no data is ffff', () => {
    expect(internetChecksum(new Uint8Array(0))).toBe(0xffff);
  });

  test('pads an odd byte with zero behind it', () => {
    expect(internetChecksum(bytesOf('0001 f2'))).toBe(internetChecksum(bytesOf('0001 f200')));
    expect(internetChecksum(bytesOf('0001 f2'))).not.toBe(internetChecksum(bytesOf('0001 00f2')));
  });

  test('folds every carry, also one that folding makes', () => {
    // ffff + ffff + 0001 = 1ffff, folded 10000, folded again 0001.
    expect(internetChecksum(bytesOf('ffff ffff 0001'))).toBe(0xfffe);
  });

  test('is 0 over data that holds it', () => {
    // The IPv4 header of an advertisement of keepalived 2.2.7.
    const header = bytesOf('45c0 0028 0001 0000 ff70 d091 0a00 0001 e000 0012');
    expect(internetChecksum(header)).toBe(0);
    header[8] = 254;
    expect(internetChecksum(header)).not.toBe(0);
  });

  test('over parts is that over the whole', () => {
    expect(internetChecksum(bytesOf('0001 f203'), bytesOf('f4f5 f6f7'))).toBe(
      internetChecksum(bytesOf('0001f203f4f5f6f7')),
    );
  });
});

test('the IPv4 pseudo-header has 12 bytes: source, destination, 0, protocol, length', () => {
  const header = pseudoHeader({
    source: address('10.0.0.1'),
    destination: address('224.0.0.18'),
    protocol: 112,
    lengthBytes: 12,
  });
  expect(hexOf(header)).toBe('0a000001e00000120070000c');
});

test('the IPv6 pseudo-header has 40 bytes: source, destination, length, 0, protocol', () => {
  const header = pseudoHeader({
    source: address('fe80::9'),
    destination: address('ff02::1'),
    protocol: 58,
    lengthBytes: 0x120,
  });
  expect(hexOf(header)).toBe(`fe80${'00'.repeat(13)}09ff02${'00'.repeat(13)}01000001200000003a`);
});

test.each([
  ['10.0.0.1', '224.0.0.18', 12],
  ['255.255.255.255', '239.255.255.255', 0xffff],
  ['fe80::ff:fe00:a', 'ff02::12', 1028],
])('the sum of the pseudo-header from %s to %s is that of its words', (source, destination, lengthBytes) => {
  const options = { source: address(source), destination: address(destination), protocol: 112, lengthBytes };
  expect(finishedChecksum(pseudoHeaderSum(options))).toBe(
    finishedChecksum(sumOfWords(pseudoHeader(options))),
  );
});
