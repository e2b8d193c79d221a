import { describe, expect, it } from 'vitest';
import { findKeyword, isList } from '../../src/config-parser/index.ts';
import { hmacKey } from '../../src/config-parser/schema/arguments-hmac.ts';
import { ipvlanOptions, vmacOptions } from '../../src/config-parser/schema/arguments-virtual-mac.ts';
import { authHmac } from '../../src/config-parser/schema/authentication.ts';
import { vrrpInstance } from '../../src/config-parser/schema/index.ts';
import {
  trackBfdEntry,
  trackFileEntry,
  trackInterfaceEntry,
  trackProcessEntry,
  trackScriptEntry,
} from '../../src/config-parser/schema/track-entries.ts';
import { unicastPeer } from '../../src/config-parser/schema/unicast-entry.ts';
import { argumentOf, goodValue, keptValue, verdict } from './argument-helpers.ts';
import { instanceWith, parseText, summary } from './parse-helpers.ts';

describe('something to track', () => {
  const limits = [
    ['track_interface', trackInterfaceEntry, 253],
    ['track_script', trackScriptEntry, 253],
    ['track_bfd', trackBfdEntry, 253],
    ['track_file', trackFileEntry, 254],
    ['track_process', trackProcessEntry, 254],
  ] as const;

  it('has neither weight nor direction where none is written', () => {
    expect(goodValue(trackScriptEntry, 'check')).toEqual({ name: 'check' });
  });

  it('has a weight, and counts the other way round where that is said', () => {
    expect(goodValue(trackFileEntry, 'load weight -5')).toEqual({ name: 'load', weight: -5 });
    expect(goodValue(trackFileEntry, 'load weight 5 reverse')).toEqual({
      name: 'load',
      weight: 5,
      reverse: true,
    });
  });

  it.each(limits)('in %s takes a weight to its limit', (_keyword, entry, limit) => {
    expect(goodValue(entry, `one weight ${limit}`).weight).toBe(limit);
    expect(goodValue(entry, `one weight -${limit}`).weight).toBe(-limit);
  });

  it.each(limits.filter(([, , limit]) => limit === 253))('in %s makes 253 of 254', (_keyword, entry) => {
    expect(keptValue(entry, 'one weight 254').weight).toBe(253);
    expect(keptValue(entry, 'one weight -254').weight).toBe(-253);
  });

  it.each(limits)('in %s has no weight where it is beyond 254', (_keyword, entry) => {
    expect(keptValue(entry, 'one weight 255')).toEqual({ name: 'one' });
  });

  it('can undo the direction of a script only', () => {
    expect(goodValue(trackScriptEntry, 'check weight 5 noreverse')).toMatchObject({ reverse: false });
    expect(verdict(trackFileEntry, 'load weight 5 noreverse')).toContain('unknown option "noreverse"');
  });

  it('cannot count the other way round without a weight', () => {
    expect(keptValue(trackInterfaceEntry, 'eth1 reverse')).toEqual({ name: 'eth1' });
  });

  it('is refused where an interface has no name that the kernel takes', () => {
    expect(verdict(trackInterfaceEntry, 'sixteen-letters-')).toBe('refused: sixteen-letters-');
  });

  it('is one a line', () => {
    expect(verdict(trackInterfaceEntry, 'eth1 eth2')).toContain('unknown option "eth2"');
  });
});

describe('a unicast peer', () => {
  it('has an address and limits of TTL', () => {
    expect(goodValue(unicastPeer, '192.0.2.2')).toEqual({ address: '192.0.2.2' });
    expect(goodValue(unicastPeer, '2001:db8::2 min_ttl 254 max_ttl 255')).toEqual({
      address: '2001:db8::2',
      minTtl: 254,
      maxTtl: 255,
    });
  });

  it('is kept without a limit that is no TTL', () => {
    expect(keptValue(unicastPeer, '192.0.2.2 min_ttl 256')).toEqual({ address: '192.0.2.2' });
  });

  it('is told of where its limits let nothing through', () => {
    expect(verdict(unicastPeer, '192.0.2.2 min_ttl 10 max_ttl 9')).toBe(
      'min_ttl 10 is above max_ttl 9: every advertisement of 192.0.2.2 will be discarded',
    );
  });

  it('loses its prefix length with a remark', () => {
    expect(keptValue(unicastPeer, '192.0.2.2/24')).toEqual({ address: '192.0.2.2' });
  });

  it('is refused without an address', () => {
    expect(verdict(unicastPeer, 'lb02.example')).toBe('refused: lb02.example');
  });
});

describe('a key of auth_hmac', () => {
  const text32 = 'k'.repeat(32);

  it.each([
    [`1 ${text32}`, { id: 1, form: 'text', value: text32 }],
    [`2 hex:${'0f'.repeat(32)}`, { id: 2, form: 'hex', value: '0f'.repeat(32) }],
    ['255 file:/etc/keepalived/key', { id: 255, form: 'file', value: '/etc/keepalived/key' }],
  ])('%s has a number and a form', (text, expected) => {
    expect(goodValue(hmacKey, text)).toEqual(expected);
  });

  it.each([
    ['shorter than 32 bytes', 'k'.repeat(31)],
    ['longer than 64 bytes', 'k'.repeat(65)],
    ['of too few hexadecimal digits', `hex:${'0f'.repeat(31)}`],
    ['of half a byte', `hex:${'0f'.repeat(32)}0`],
  ])('%s is refused without being quoted', (_what, key) => {
    expect(verdict(hmacKey, `7 ${key}`)).toBe('refused: 7');
  });

  it('counts bytes and not characters', () => {
    expect(goodValue(hmacKey, `1 ${'ä'.repeat(16)}`).form).toBe('text');
    expect(verdict(hmacKey, `1 ${'ä'.repeat(33)}`)).toBe('refused: 1');
  });

  it('may be given several times, unlike the number of the one that signs', () => {
    expect(authHmac.keywords.key.repeatable).toBe(true);
    expect(authHmac.keywords.active_key.repeatable).toBeUndefined();
  });
});

describe('use_vmac', () => {
  it.each([
    ['', { netlinkNotifyMsg: false }],
    ['vrrp.51', { interface: 'vrrp.51' }],
    ['name name', { interface: 'name' }],
    ['name', { interface: 'name' }],
    ['vrrp.51 02:00:00:00:00:AA', { mac: '02:00:00:00:00:aa' }],
    ['02:00:00:00:01', { mac: '02:00:00:00:01' }],
    ['vrrp.51 netlink_notify_msg group 5', { interface: 'vrrp.51', netlinkNotifyMsg: true, group: '5' }],
  ])('%s gives its parts', (text, expected) => {
    expect(goodValue(vmacOptions, text)).toMatchObject(expected);
  });

  it.each([
    ['a multicast one', '01:00:00:00:00:01'],
    ["the RFC's for IPv4", '00:00:5e:00:01:33'],
    ["the RFC's for IPv6", '0:0:5E:0:2:33'],
    ['of four octets', '02:00:00:01'],
  ])('has no MAC address that is %s', (_what, mac) => {
    expect(keptValue(vmacOptions, `vrrp.51 ${mac}`)).toEqual({
      interface: 'vrrp.51',
      netlinkNotifyMsg: false,
    });
  });

  it('has one interface', () => {
    expect(verdict(vmacOptions, 'vrrp.51 vrrp.52')).toContain('unknown option "vrrp.52"');
  });
});

describe('use_ipvlan', () => {
  it.each([
    ['', {}],
    [
      'ipv.51 192.0.2.1/24 bridge',
      { interface: 'ipv.51', address: '192.0.2.1', prefixLength: 24, mode: 'bridge' },
    ],
    ['2001:db8::1 private', { address: '2001:db8::1', mode: 'private' }],
    ['name vepa', { interface: 'vepa' }],
    ['ipv.51 vepa group 5', { interface: 'ipv.51', mode: 'vepa', group: '5' }],
  ])('%s gives its parts', (text, expected) => {
    expect(goodValue(ipvlanOptions, text)).toEqual(expected);
  });

  it('goes without an address whose prefix length is too long', () => {
    expect(keptValue(ipvlanOptions, 'ipv.51 192.0.2.1/33')).toEqual({ interface: 'ipv.51' });
  });
});

describe('the keywords of vrrp_instance', () => {
  it.each([
    ['virtual_router_id', '255', '256'],
    ['virtual_router_id', '1', '0'],
    ['priority', '255', '256'],
    ['advert_int', '0.01', '0.001'],
    ['advert_int', '255', '256'],
    ['preempt_delay', '1000', '1001'],
    ['down_timer_adverts', '100', '101'],
    ['down_timer_adverts', '1', '0'],
    ['unicast_ttl', '255', '256'],
    ['unicast_ttl', '0', '-1'],
    ['timer_expired_backup', '254', '255'],
    ['garp_master_delay', '4294', '4295'],
    ['garp_lower_prio_delay', '4294', '4295'],
    ['garp_lower_prio_repeat', '0', '2147483648'],
    ['garp_master_refresh', '4294967295', '4294967296'],
    ['garp_extra_if', 'all 86400', '86401'],
    ['debug', '4', '5'],
    ['version', '3', '4'],
    ['old_unicast_checksum', 'never', 'always'],
    ['mcast_dst_ip', '224.0.0.18', '192.0.2.1'],
    ['strict_mode', 'off', 'OFF'],
  ])('%s takes %s and not %s', (keyword, good, bad) => {
    expect(verdict(argumentOf(vrrpInstance, keyword), good)).toBe('good');
    expect(verdict(argumentOf(vrrpInstance, keyword), bad)).toContain('refused');
  });

  it.each([
    'auth_hmac',
    'no_virtual_ipaddress',
    'v3_checksum_as_v2',
    'owner_ignore_adverts',
    'timer_expired_backup',
  ])('%s is younger than keepalived 2.2.7', (keyword) => {
    expect(findKeyword(vrrpInstance, keyword)?.entry.since).toBe('2.4');
  });

  it.each([
    ['vmac_garp_intvl', 'garp_extra_if'],
    ['thread_timer_expired', 'timer_expired_backup'],
  ])('%s is read as %s, which can be put in its place', (old, keyword) => {
    const found = findKeyword(vrrpInstance, old);
    expect(found?.name).toBe(keyword);
    expect(found?.alias?.deprecated?.replacement).toBe(keyword);
  });

  it('native_ipv6 can be deleted', () => {
    expect(vrrpInstance.keywords.native_ipv6.deprecated?.replacement).toBe('');
  });

  it.each([
    'virtual_ipaddress',
    'virtual_ipaddress_excluded',
    'virtual_routes',
    'virtual_rules',
    'unicast_peer',
    'track_interface',
    'track_script',
    'track_file',
    'track_process',
    'track_bfd',
  ])('the lines of %s are entries that are looked into', (keyword) => {
    const block = findKeyword(vrrpInstance, keyword)?.entry.block;
    if (block === undefined || !isList(block)) throw new Error(`${keyword} is no list`);
    expect(verdict(block.entry, 'no_such_thing_at_all weight')).not.toBe('good');
  });

  it('a state that is none is BACKUP', () => {
    const { config, diagnostics } = parseText(instanceWith('priority 255', 'state master'));
    expect(config.vrrpInstances[0]?.initialState).toBe('BACKUP');
    expect(diagnostics.map(({ message }) => message)).toContain(
      'state must be one of MASTER, BACKUP, found "master"; BACKUP is used',
    );
  });

  it('a bad weight in track_interface is told of at the weight', () => {
    const parsed = parseText(instanceWith('track_interface {', 'eth1 weight 300', '}'));
    expect(summary(parsed)).toContain('error invalid-value: 300');
  });
});
