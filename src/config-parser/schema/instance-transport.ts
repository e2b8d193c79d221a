/** keepalived.conf(5): how a vrrp_instance sends and receives advertisements, and with which MAC address. */
import { choice, flag, integer, ipAddress, multicastAddress, nothing, onOff } from './arguments.ts';
import { ipvlanOptions, vmacOptions } from './arguments-virtual-mac.ts';
import { optional } from './optional.ts';
import { acts, defineList } from './schema.ts';
import { unicastPeer } from './unicast-entry.ts';

/** Where advertisements come from and go to. */
export const transport = {
  mcast_src_ip: acts(
    ipAddress(),
    'Source address of advertisements, of the family of the virtual addresses',
    {
      default: "the interface's primary address",
    },
  ),
  mcast_dst_ip: acts(
    multicastAddress(),
    'Multicast group that advertisements are sent to, the same on all routers',
    { default: 'vrrp_mcast_group4 or vrrp_mcast_group6' },
  ),
  unicast_src_ip: acts(ipAddress(), 'Source address of advertisements to peers', {
    default: "the interface's primary address",
  }),
  unicast_peer: acts(
    nothing,
    'The other routers, one a line, which get advertisements one by one in place of the multicast group',
    { block: defineList('a peer', unicastPeer), repeatable: true },
  ),
  unicast_ttl: acts(integer(0, 255), 'TTL or hop limit of advertisements to peers', { default: '255' }),
  unicast_fault_no_peer: acts(
    flag,
    'Without a good peer the instance goes to Fault, in place of falling back to multicast',
  ),
  check_unicast_src: acts(flag, 'Take advertisements from the addresses in unicast_peer only', {
    default: 'vrrp_check_unicast_src',
  }),
  old_unicast_checksum: acts(
    optional(choice('never'), undefined, 'the old one at once'),
    'Checksum of unicast advertisements as keepalived had it before 1.3.6; "never" does not follow a peer that uses it',
  ),
  v3_checksum_as_v2: acts(
    onOff,
    'Leave the pseudo-header out of the checksum in version 3 over IPv4, as some other routers do',
    { since: '2.4', default: 'v3_checksum_as_v2 of global_defs' },
  ),
  track_src_ip: acts(flag, 'Fault while mcast_src_ip or unicast_src_ip is not on the interface'),
};

/** Interfaces with the virtual router MAC. */
export const virtualMac = {
  use_vmac: acts(
    vmacOptions,
    'Hold the addresses on a macvlan interface with the virtual router MAC, so that hosts need learn no new one',
  ),
  use_vmac_addr: acts(flag, 'A macvlan interface also for addresses whose "dev" is another interface'),
  vmac_xmit_base: acts(
    flag,
    'Send and receive advertisements on the interface itself and not on its macvlan; unicast needs it',
  ),
  use_ipvlan: acts(
    ipvlanOptions,
    "Hold the addresses on an ipvlan interface, which shares the interface's MAC address; over IPv4 it needs an address of its own",
  ),
  dont_track_primary: acts(flag, 'Stay out of Fault when the interface goes down'),
};
