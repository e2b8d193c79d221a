/** Arithmetic on prefixes, of both families. */
import { expect, test } from 'vitest';
import {
  contains,
  formatPrefix,
  freeAddress,
  parsePrefix,
  prefixOf,
} from '../../../src/drill/topology/prefix.ts';
import { address, parseAddress } from '../../../src/net/address.ts';

test.each([
  ['10.0.0.3', 24, '10.0.0.0/24'],
  ['10.0.0.131', 25, '10.0.0.128/25'],
  ['10.0.0.3', 32, '10.0.0.3/32'],
  ['2001:db8:1:2::3', 64, '2001:db8:1:2::/64'],
])('%s/%i lies in %s', (text, length, prefix) => {
  expect(formatPrefix(prefixOf(address(text), length))).toBe(prefix);
});

test('an address of the other family is in no prefix', () => {
  expect(contains(prefixOf(address('10.0.0.0'), 0), address('::1'))).toBe(false);
  expect(contains(prefixOf(address('10.0.0.0'), 8), address('10.255.0.1'))).toBe(true);
  expect(contains(prefixOf(address('10.0.0.0'), 8), address('11.0.0.1'))).toBe(false);
});

test('a free address is neither taken nor the first or last of its network, and the search goes round', () => {
  const prefix = prefixOf(address('10.0.0.0'), 29);
  expect(freeAddress(prefix, new Set(['10.0.0.5']), 5)).toBe('10.0.0.6');
  expect(freeAddress(prefix, new Set(['10.0.0.6']), 6)).toBe('10.0.0.1');
  const all = new Set([1, 2, 3, 4, 5, 6].map((host) => `10.0.0.${host}`));
  expect(freeAddress(prefix, all, 1)).toBeUndefined();
  expect(freeAddress(prefixOf(address('10.0.0.1'), 32), new Set(), 1)).toBeUndefined();
});

test.each(['10.0.0.0', '10.0.0.0/33', 'x/24', '2001:db8::/129', ''])('%s is no prefix', (text) => {
  expect(parsePrefix(text, parseAddress)).toBeUndefined();
});
