import { expect, test } from 'vitest';
import type { FirewallConfig } from '../../src/config-parser/config-vrrp.ts';
import { gratuitousArpFilter, installGratuitousArpFilter } from '../../src/kernel/gratuitous-arp-filter.ts';
import { address } from '../../src/net/address.ts';

const config: FirewallConfig = {
  table: 'keepalived',
  priority: -1,
  counters: false,
  byInterfaceIndex: false,
};
const held = (text: string, device: string) => ({ address: address(text), interface: device });

test('nothing is filtered where no IPv4 address is on a macvlan', () => {
  expect(gratuitousArpFilter(config, [])).toBeUndefined();
  expect(gratuitousArpFilter(config, [held('2001:db8::3', 'vrrp.51')])).toBeUndefined();
});

test('requests about a virtual address in the name of a virtual address are not answered, each named once', () => {
  const list = [held('10.0.0.10', 'vrrp.51'), held('10.0.0.9', 'vrrp.52'), held('10.0.0.9', 'vrrp.51')];
  expect(gratuitousArpFilter({ ...config, counters: true }, list)).toBe(`table arp keepalived
delete table arp keepalived
table arp keepalived {
\tset vips {
\t\ttype ipv4_addr
\t\telements = { 10.0.0.9, 10.0.0.10 }
\t}
\tchain in {
\t\ttype filter hook input priority -1; policy accept;
\t\tiifname { "vrrp.51", "vrrp.52" } arp operation request arp saddr ip @vips arp daddr ip @vips counter drop
\t}
}
`);
});

test('without nft it says what is missing', async () => {
  expect(await installGratuitousArpFilter('', { program: '/nowhere/nft' })).toEqual({
    ok: false,
    problem:
      'cannot keep gratuitous ARPs of other routers unanswered: there is no program /nowhere/nft (Debian package nftables)',
  });
});
