/** keepalived.conf(5): what stands outside of all blocks. */
import { staticAddressEntry } from './address-entry.ts';
import { flag, integer, name, nothing } from './arguments.ts';
import { bfdInstance, bfdName } from './bfd-instance.ts';
import { globalDefs } from './global-defs.ts';
import { garpGroup, interfaceDelays, linkbeatInterfaces } from './interfaces.ts';
import { localAddressGroup } from './local-address-group.ts';
import { instanceNames } from './name-list.ts';
import { oldSpellings } from './old-words.ts';
import { staticRoute } from './route-entry.ts';
import { staticRule } from './rule-entry.ts';
import { acts, defineBlock, defineList, later } from './schema.ts';
import { serviceTarget } from './service-target.ts';
import { ssl } from './ssl.ts';
import { syncGroup } from './sync-group.ts';
import { trackFile, trackProcess, vrrpScript } from './trackers.ts';
import { virtualServer } from './virtual-server.ts';
import { serverGroup } from './virtual-server-group.ts';
import { vrrpInstance } from './vrrp-instance.ts';

const trackGroup = defineBlock('track_group', {
  group: acts(nothing, 'Instances that go to Fault when what names the group is gone', {
    block: defineList('a line of group', instanceNames),
  }),
});

const services = {
  virtual_server: acts(
    serviceTarget,
    'A service that IPVS spreads over real servers: an address and a port, a firewall mark, or a virtual_server_group',
    { block: virtualServer, repeatable: true },
  ),
  virtual_server_group: acts(name, 'Several addresses or firewall marks that are one service', {
    block: serverGroup,
    repeatable: true,
  }),
  local_address_group: acts(
    name,
    'Addresses of this host that packets to real servers leave with under FULLNAT, written as for the FULLNAT patches and DPVS',
    { block: localAddressGroup, repeatable: true, isOwn: true },
  ),
  SSL: acts(nothing, 'Certificate that this host shows to servers checked with SSL_GET', { block: ssl }),
};

const trackers = {
  vrrp_script: acts(name, 'A program that is run again and again, for track_script', {
    block: vrrpScript,
    repeatable: true,
  }),
  vrrp_track_process: acts(name, 'A process that must run, for track_process', {
    block: trackProcess,
    repeatable: true,
  }),
  track_file: acts(name, 'A file that holds a number, for track_file and FILE_CHECK', {
    block: trackFile,
    repeatable: true,
    aliases: oldSpellings('track_file', 'vrrp_track_file'),
  }),
  bfd_instance: acts(bfdName, 'A BFD session with a neighbour, for track_bfd and BFD_CHECK', {
    block: bfdInstance,
    repeatable: true,
  }),
};

const statics = {
  static_ipaddress: acts(nothing, 'Addresses that are held from the start to the end, whoever is Master', {
    repeatable: true,
    block: defineList('an entry', staticAddressEntry),
  }),
  static_routes: acts(nothing, 'Routes that are there from the start to the end, whoever is Master', {
    repeatable: true,
    block: defineList('a route', staticRoute),
  }),
  static_rules: acts(nothing, 'Routing rules that are there from the start to the end, whoever is Master', {
    repeatable: true,
    block: defineList('a rule', staticRule),
  }),
  track_group: acts(
    name,
    'Instances that go to Fault when a static address, route or rule that names the group is deleted and cannot be put back',
    { block: trackGroup, repeatable: true },
  ),
};

const interfaces = {
  garp_group: acts(
    nothing,
    'Interfaces that share a pace of gratuitous ARP, such as those behind one slow switch',
    { block: garpGroup, repeatable: true },
  ),
  linkbeat_interfaces: later(
    nothing,
    'Interfaces whose link is asked for again and again, for drivers that do not tell',
    {
      block: linkbeatInterfaces,
      repeatable: true,
    },
  ),
  interface_up_down_delays: acts(nothing, 'How long an interface must stay down or up before that counts', {
    block: interfaceDelays,
    repeatable: true,
  }),
  linkbeat_use_polling: later(
    flag,
    'Ask for the links of all interfaces instead of waiting for the kernel to tell',
  ),
};

const sameNamespace = 'everything happens in the namespace that holdfast was started in';

const daemon = {
  net_namespace: later(name, 'Network namespace that all of this happens in', {
    ifIgnored: sameNamespace,
    unsafe: true,
  }),
  net_namespace_ipvs: later(name, 'Network namespace of IPVS. Without it, that of net_namespace', {
    ifIgnored: sameNamespace,
    unsafe: true,
  }),
  namespace_with_ipsets: later(flag, 'Use sets of iptables although net_namespace is given'),
  instance: acts(name, 'Name of this daemon where several run on one host; names of its files hold it'),
  use_pid_dir: later(flag, 'Keep the pid files in a folder of their own, /run/keepalived'),
  child_wait_time: later(
    integer(0, 0xffff_ffff),
    'Seconds that a stopping daemon waits for its processes before it kills them',
    { default: '5' },
  ),
};

export const root = defineBlock('the configuration', {
  global_defs: acts(nothing, 'Settings of the whole daemon, and what instances fall back to', {
    block: globalDefs,
    repeatable: true,
  }),
  vrrp_instance: acts(name, 'A virtual router: addresses that one of several hosts holds at a time', {
    block: vrrpInstance,
    repeatable: true,
  }),
  vrrp_sync_group: acts(name, 'Instances that are Master together or not at all', {
    block: syncGroup,
    repeatable: true,
  }),
  ...services,
  ...trackers,
  ...statics,
  ...interfaces,
  ...daemon,
});
