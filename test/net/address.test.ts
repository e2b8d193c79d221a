import { describe, expect, test } from 'vitest';
import {
  address,
  addressBytes,
  addressFromBytes,
  compareAddresses,
  familyOf,
  isMulticast,
  parseAddress,
} from '../../src/net/address.ts';

describe('parseAddress', () => {
  // The IPv6 cases are those of RFC 5952 sections 1 to 5.
  test.each([
    ['10.0.0.3', '10.0.0.3'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['FE80::9', 'fe80::9'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical);
  });

  test.each([
    '',
    '10.0.0',
    '10.0.0.0.1',
    '10.0.0.256',
    '10.0.0.01',
    '10.0.0.-1',
    ' 10.0.0.1',
    '10.0.0.1 ',
    '0x0a.0.0.1',
    '10.0.0.1/24',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    'fe80::1%eth0',
    '12345::',
    'g::1',
    ':1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:',
    '1:2:3:4:5:6:7:',
    ':1::2',
    '::1:',
    '::ffff:192.0.2.256',
    '192.0.2.1::',
    '1.2.3.4:5::6',
    '::1.2.3.4:5',
    'eth0',
    '2001:db8:::1',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

test('an address survives the way to bytes and back', () => {
  for (const text of ['10.0.0.3', '224.0.0.18', '::', 'ff02::12', '2001:db8::9', 'fe80::ff:fe00:a']) {
    expect(addressFromBytes(addressBytes(address(text)))).toBe(text);
  }
});

test('4 and 16 bytes make an address, other lengths throw', () => {
  expect(addressBytes(address('10.0.0.3'))).toEqual(Uint8Array.of(10, 0, 0, 3));
  expect(addressBytes(address('::1'))).toHaveLength(16);
  for (const length of [0, 3, 5, 15, 17])
    expect(() => addressFromBytes(new Uint8Array(length))).toThrow(/4 or 16 bytes/);
});

test('a literal that is no address throws', () => {
  expect(() => address('10.0.0.300')).toThrow('not an IP address: "10.0.0.300"');
});

test('addresses are ordered as numbers, not as text', () => {
  const sorted = [
    '9.255.255.255',
    '10.0.0.9',
    '10.0.0.10',
    '10.0.0.100',
    '192.168.0.1',
    '::1',
    '2001:db8::9',
    '2001:db8::10',
    'fe80::1',
  ];
  for (const [index, left] of sorted.entries()) {
    for (const [other, right] of sorted.entries()) {
      expect(Math.sign(compareAddresses(address(left), address(right))), `${left} and ${right}`).toBe(
        Math.sign(index - other),
      );
    }
  }
});

test('multicast begins at 224 and ends at 239, and is ff00::/8', () => {
  const multicast = ['224.0.0.18', '239.255.255.255', 'ff02::12'];
  const unicast = ['223.255.255.255', '240.0.0.0', 'fe80::1', '::'];
  expect(multicast.filter((text) => !isMulticast(address(text)))).toEqual([]);
  expect(unicast.filter((text) => isMulticast(address(text)))).toEqual([]);
});

test('the family is told by the text', () => {
  expect([familyOf(address('10.0.0.1')), familyOf(address('::ffff:10.0.0.1'))]).toEqual([4, 6]);
});
