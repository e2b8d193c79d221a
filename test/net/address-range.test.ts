import { expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { addressAfter, addressesOfRange } from '../../src/net/address-range.ts';

test.each([
  ['192.0.2.1', '192.0.2.2'],
  ['192.0.2.255', '192.0.3.0'],
  ['255.255.255.255', '0.0.0.0'],
  ['2001:db8::ffff', '2001:db8::1:0'],
  ['2001:db8::', '2001:db8::1'],
])('after %s comes %s', (before, after) => {
  expect(addressAfter(address(before))).toBe(after);
});

test('a range has both its ends', () => {
  const [first, last] = [address('192.0.2.254'), address('192.0.3.1')];
  expect(addressesOfRange(first, last, 256)).toEqual([
    '192.0.2.254',
    '192.0.2.255',
    '192.0.3.0',
    '192.0.3.1',
  ]);
  expect(addressesOfRange(first, first, 256)).toEqual(['192.0.2.254']);
});

test('a range that is too long ends after as many as are wanted', () => {
  expect(addressesOfRange(address('2001:db8::'), address('2001:db8:1::'), 3)).toEqual([
    '2001:db8::',
    '2001:db8::1',
    '2001:db8::2',
  ]);
});
