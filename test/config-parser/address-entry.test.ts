import { describe, expect, it } from 'vitest';
import { addressEntry, prefixLengthOf, staticAddressEntry } from '../../src/config-parser/schema/index.ts';
import { address } from '../../src/net/address.ts';
import { goodValue, keptValue, verdict } from './argument-helpers.ts';

describe('an address with options', () => {
  it('has only what is written', () => {
    expect(goodValue(addressEntry, '192.0.2.1')).toEqual({
      address: '192.0.2.1',
      home: false,
      nodad: false,
      mngtmpaddr: false,
      noPrefixRoute: false,
      autojoin: false,
      noTrack: false,
      useVmac: false,
    });
  });

  it.each([
    ['192.0.2.1/24 dev eth1', { prefixLength: 24, device: 'eth1' }],
    ['192.0.2.1/24 scope link', { scope: 253 }],
    ['192.0.2.1/24 scope 200', { scope: 200 }],
    ['192.0.2.1/24 label eth0:vip', { label: 'eth0:vip' }],
    ['192.0.2.1/24 brd 192.0.2.255', { broadcast: '192.0.2.255', broadcastForm: 'address' }],
    ['192.0.2.1/24 broadcast +', { broadcast: '192.0.2.255', broadcastForm: '+' }],
    ['192.0.2.77/26 brd -', { broadcast: '192.0.2.64', broadcastForm: '-' }],
    ['192.0.2.1/32 peer 192.0.2.2', { peer: '192.0.2.2' }],
    ['192.0.2.1/32 peer 192.0.2.2/31', { peer: '192.0.2.2', peerPrefixLength: 31 }],
    ['2001:db8::1/64 home -nodad mngtmpaddr', { home: true, nodad: true, mngtmpaddr: true }],
    ['2001:db8::1/64 noprefixroute autojoin', { noPrefixRoute: true, autojoin: true }],
    ['192.0.2.1/24 no_track use_vmac', { noTrack: true, useVmac: true }],
    ['2001:db8::1/64 preferred_lft 0', { preferredLftSeconds: 0 }],
    ['2001:db8::1/64 preferred_lft forever', { preferredLftSeconds: Number.POSITIVE_INFINITY }],
  ])('%s gives each option its value', (text, expected) => {
    expect(goodValue(addressEntry, text)).toMatchObject(expected);
  });

  it('has the length of a single address where none is written', () => {
    expect(prefixLengthOf(goodValue(addressEntry, '192.0.2.1'))).toBe(32);
    expect(prefixLengthOf(goodValue(addressEntry, '2001:db8::1'))).toBe(128);
  });

  it('has the length of a single address where a bad one is written', () => {
    expect(keptValue(addressEntry, '192.0.2.1/33')).toMatchObject({ prefixLength: 32 });
    expect(keptValue(addressEntry, '192.0.2.1/')).toMatchObject({ prefixLength: 32 });
  });

  it.each([
    ['an interface after dev', '192.0.2.1/24 dev', 'refused: dev'],
    ['a good interface after dev', '192.0.2.1/24 dev a/b', 'refused: a/b'],
    ['an IPv4 broadcast address', '192.0.2.1/24 brd 2001:db8::1', 'refused: 2001:db8::1'],
    ['an IPv6 address without a broadcast address', '2001:db8::1/64 brd +', 'refused: brd'],
  ])('is refused without %s', (_what, text, expected) => {
    expect(verdict(addressEntry, text)).toBe(expected);
  });

  it.each([
    ['192.0.2.1/24 scope world', 'scope'],
    ['2001:db8::1/64 scope link', 'scope'],
    ['2001:db8::1/64 label vip', 'label'],
    ['192.0.2.1/24 peer 2001:db8::1', 'peer'],
    ['192.0.2.1/24 peer 192.0.2.2/33', 'peer'],
    ['192.0.2.1/24 preferred_lft 4294967296', 'preferredLftSeconds'],
    ['192.0.2.1/31 brd +', 'broadcast'],
  ])('%s is kept without the option that is bad', (text, option) => {
    const entry = keptValue(addressEntry, text);
    expect(entry.address).toBe(address(text.split('/')[0] ?? ''));
    expect(entry).not.toHaveProperty(option);
  });

  it('goes on behind an option that is not known', () => {
    expect(keptValue(addressEntry, '192.0.2.1/24 nodad dev eth1')).toMatchObject({ device: 'eth1' });
  });

  it('may belong to a track_group only where it is static', () => {
    expect(goodValue(staticAddressEntry, '192.0.2.1/24 track_group one')).toMatchObject({
      trackGroup: 'one',
    });
    expect(verdict(addressEntry, '192.0.2.1/24 track_group one')).toContain('unknown option "track_group"');
  });

  it("may use a virtual MAC only where it is an instance's", () => {
    expect(verdict(staticAddressEntry, '192.0.2.1/24 use_vmac')).toContain('unknown option "use_vmac"');
  });
});
