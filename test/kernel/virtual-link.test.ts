import { describe, expect, test } from 'vitest';
import type { VirtualLinkConfig } from '../../src/config-parser/config-vrrp.ts';
import type { LinkState } from '../../src/kernel/link-monitor.ts';
import {
  encodeLinkUp,
  encodeNewVirtualLink,
  encodeNoGeneratedAddress,
  macBytes,
} from '../../src/kernel/netlink/link-codec.ts';
import { decodeLink } from '../../src/kernel/netlink/route-codec.ts';
import { linkLocalOf, obstacle } from '../../src/kernel/virtual-link-rules.ts';
import { linkSettings, type SettingsAccess, SharedSettings } from '../../src/kernel/virtual-link-settings.ts';
import { address } from '../../src/net/address.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const macvlan: VirtualLinkConfig = {
  kind: 'macvlan',
  name: 'vrrp.51',
  mac: '00:00:5e:00:01:33',
  transmitsByBase: false,
  netlinkNotify: false,
};
const eth0: LinkState = {
  index: 2,
  name: 'eth0',
  mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  mtu: 1500,
  isUp: true,
  isRunning: true,
  supportsMulticast: true,
  isLoopback: false,
  hasArp: true,
  addresses: [],
};

describe('RTM_NEWLINK', () => {
  test('of a macvlan is private and has its name, base, MTU, group and MAC address', () => {
    expect(hex(encodeNewVirtualLink(macvlan, { index: 2, mtu: 1400, group: 5 }))).toBe(
      [
        '00'.repeat(16),
        '0c000300767272702e353100',
        '0800050002000000',
        '0800040078050000',
        '08001b0005000000',
        '0a00010000005e0001330000',
        '1c001280',
        '0c0001006d6163766c616e00',
        '0c000280',
        '0800010001000000',
      ].join(''),
    );
  });

  test.each([
    [undefined, '0000'],
    ['bridge', '0000'],
    ['private', '0100'],
    ['vepa', '0200'],
  ] as const)('of an ipvlan in mode %s is of layer 2 with flags %s', (mode, flags) => {
    const config: VirtualLinkConfig = {
      kind: 'ipvlan',
      name: 'ipv0',
      transmitsByBase: false,
      netlinkNotify: false,
      ...(mode && { mode }),
    };
    const bytes = encodeNewVirtualLink(config, { index: 2, mtu: 1500, group: 0 });
    expect(hex(bytes).endsWith(`14000280060001000000000006000200${flags}0000`)).toBe(true);
    expect(decodeLink(bytes)).toMatchObject({ name: 'ipv0', kind: 'ipvlan', linkIndex: 2 });
  });

  test('that brings up changes that flag alone', () => {
    expect(hex(encodeLinkUp(7))).toBe(['00000000', '07000000', '01000000', '01000000'].join(''));
  });

  test('that forbids a generated address says so to IPv6', () => {
    expect(hex(encodeNoGeneratedAddress(7)).slice(32)).toBe('10001a800c000a800500080001000000');
  });

  test('is not made for what is no MAC address', () => {
    expect(() => macBytes('00:00:5e:00:01')).toThrow('not a MAC address');
  });
});

describe('an interface of the name', () => {
  const found = {
    ...eth0,
    index: 9,
    name: 'vrrp.51',
    kind: 'macvlan',
    linkIndex: 2,
    mac: macBytes('00:00:5e:00:01:33'),
  };

  test('is adopted when kind, base and MAC address are the same', () => {
    expect(obstacle(macvlan, eth0, found)).toBeUndefined();
    expect(obstacle({ ...macvlan, mac: '00:00:5E:00:01:33' }, eth0, found)).toBeUndefined();
  });

  test('is adopted when it lies on what is below a base of its own kind', () => {
    const base = { ...eth0, index: 5, name: 'mv0', kind: 'macvlan', linkIndex: 2 };
    expect(obstacle(macvlan, base, found)).toBeUndefined();
    expect(obstacle(macvlan, base, { ...found, linkIndex: 5 })).toContain('lies on interface 5');
  });

  test.each([
    [{ kind: 'vlan' }, 'is of kind vlan where macvlan is asked for'],
    [{ kind: undefined }, 'is no virtual interface where macvlan is asked for'],
    [{ linkIndex: 3 }, 'lies on interface 3 where eth0 (2) is asked for'],
    [{ mac: macBytes('02:00:00:00:00:09') }, 'has the MAC address 02:00:00:00:00:09 where 00:00:5e:00:01:33'],
  ])('is refused otherwise: %j', (change, text) => {
    expect(obstacle(macvlan, eth0, { ...found, ...change } as LinkState)).toContain(text);
  });
});

test('the link-local address is that of the base, or one made of its MAC address', () => {
  const own = {
    address: address('fe80::9'),
    prefixLength: 64,
    scope: 253,
    isSecondary: false,
    isTentative: false,
  };
  expect(linkLocalOf({ ...eth0, addresses: [own] })).toBe('fe80::9');
  expect(linkLocalOf(eth0)).toBe('fe80::ff:fe00:1');
  expect(linkLocalOf({ ...eth0, mac: new Uint8Array() })).toBeUndefined();
});

test('an IPv4 macvlan has no IPv6, an ipvlan no settings of ARP', () => {
  const paths = (list: readonly { path: string; value: number }[]) =>
    list.map((one) => `${one.path}=${one.value}`);
  expect(paths(linkSettings('macvlan', 'v', 4, false))).toEqual([
    'ipv4/conf/v/arp_ignore=1',
    'ipv4/conf/v/accept_local=1',
    'ipv4/conf/v/rp_filter=0',
    'ipv4/conf/v/promote_secondaries=1',
    'ipv6/conf/v/disable_ipv6=1',
  ]);
  expect(paths(linkSettings('ipvlan', 'v', 4, false))).toEqual(['ipv6/conf/v/disable_ipv6=1']);
  expect(paths(linkSettings('ipvlan', 'v', 6, false))).toEqual(['ipv6/conf/v/disable_ipv6=0']);
});

describe('shared settings', () => {
  class FakeSettings implements SettingsAccess {
    readonly values = new Map<string, number>();
    readonly readOnly = new Set<string>();
    read(path: string): number | undefined {
      return this.values.get(path);
    }
    write(path: string, value: number): boolean {
      if (this.readOnly.has(path) || !this.values.has(path)) return false;
      this.values.set(path, value);
      return true;
    }
    interfaces(): readonly string[] {
      return ['all', 'default', 'eth0', 'eth1'];
    }
  }
  function fresh(change: Readonly<Record<string, number>> = {}): FakeSettings {
    const fake = new FakeSettings();
    for (const name of fake.interfaces()) {
      for (const setting of ['arp_ignore', 'arp_filter', 'rp_filter']) {
        fake.values.set(`ipv4/conf/${name}/${setting}`, 0);
      }
    }
    for (const [path, value] of Object.entries(change)) fake.values.set(`ipv4/conf/${path}`, value);
    return fake;
  }
  const snapshot = (fake: FakeSettings) => Object.fromEntries(fake.values);

  test('are set with the first and given back with the last', () => {
    const fake = fresh({ 'all/rp_filter': 1 });
    const before = snapshot(fake);
    const shared = new SharedSettings(fake);
    expect([...shared.hold('eth0'), ...shared.hold('eth0'), ...shared.hold('eth1')]).toEqual([]);
    const held = snapshot(fake);
    expect(held).toMatchObject({ 'ipv4/conf/eth0/arp_ignore': 1, 'ipv4/conf/eth1/arp_filter': 1 });
    expect(held).toMatchObject({ 'ipv4/conf/all/rp_filter': 0, 'ipv4/conf/eth1/rp_filter': 1 });
    shared.release('eth0');
    expect(snapshot(fake)).toEqual(held);
    shared.release('eth1');
    shared.release('eth0');
    shared.release('eth0');
    expect(snapshot(fake)).toEqual(before);
  });

  test('that are stricter stay, and so does what somebody has changed since', () => {
    const fake = fresh({ 'eth0/arp_ignore': 8, 'all/rp_filter': 1, 'eth1/rp_filter': 2 });
    const shared = new SharedSettings(fake);
    shared.hold('eth0');
    expect(fake.read('ipv4/conf/eth0/arp_ignore')).toBe(8);
    expect(fake.read('ipv4/conf/eth1/rp_filter')).toBe(2);
    fake.write('ipv4/conf/eth0/arp_filter', 5);
    shared.release('eth0');
    expect(fake.read('ipv4/conf/eth0/arp_ignore')).toBe(8);
    expect(fake.read('ipv4/conf/eth0/arp_filter')).toBe(5);
    expect(fake.read('ipv4/conf/all/rp_filter')).toBe(1);
  });

  test('that cannot be written are told of', () => {
    const fake = fresh({ 'all/rp_filter': 1 });
    fake.readOnly.add('ipv4/conf/eth0/arp_filter').add('ipv4/conf/all/rp_filter');
    const shared = new SharedSettings(fake);
    expect(shared.hold('eth0').map((one) => one.path)).toEqual([
      'ipv4/conf/eth0/arp_filter',
      'ipv4/conf/all/rp_filter',
    ]);
  });
});
