/** keepalived.conf(5): vrrp_instance. */
import {
  choice,
  command,
  flag,
  integer,
  interfaceName,
  ipAddress,
  multicastAddress,
  nothing,
  onOff,
  seconds,
  words,
} from './arguments.ts';
import { authentication, authHmac } from './authentication.ts';
import { acts, anyList, defineBlock, later } from './schema.ts';
import { stateNotifications } from './scripts.ts';

const list = { block: anyList, repeatable: true };
const intoMulticast = 'advertisements go to the multicast group, which the other routers may not listen to';
const ownMac = "the virtual addresses use the interface's own MAC address";
const unweighted = 'the priority does not change when what is tracked fails';

/** Lists of things to track, the same in vrrp_instance and vrrp_sync_group. */
export const tracking = {
  track_interface: later(nothing, 'Interfaces that must be up', { ...list, ifIgnored: unweighted }),
  track_script: later(nothing, 'Scripts that must succeed', { ...list, ifIgnored: unweighted }),
  track_file: later(nothing, 'Files that hold a weight', { ...list, ifIgnored: unweighted }),
  track_process: later(nothing, 'Processes that must run', { ...list, ifIgnored: unweighted }),
  track_bfd: later(nothing, 'BFD sessions that must be up', { ...list, ifIgnored: unweighted }),
};

const identity = {
  state: acts(choice('MASTER', 'BACKUP'), 'What it expects to be: a hint', {
    default: 'BACKUP',
    repeatable: true,
  }),
  interface: acts(interfaceName, 'Where advertisements are sent and received', { required: true }),
  virtual_router_id: acts(integer(1, 255), 'VRID, the same on all routers of a group', { required: true }),
  priority: acts(integer(1, 255), 'The highest is Master; 255 owns the addresses', {
    default: '100',
    fallback: 100,
  }),
  advert_int: acts(seconds(0.01, 255), 'Seconds between advertisements', { default: '1' }),
  version: acts(choice('2', '3'), 'Version of VRRP'),
  native_ipv6: later(flag, 'Use IPv6', { deprecated: { message: 'is not needed', help: 'delete the line' } }),
  vrf: later(interfaceName, 'VRF to run in', { ifIgnored: intoMulticast, unsafe: true }),
  authentication: acts(nothing, 'Version 2 only', { block: authentication }),
  auth_hmac: later(nothing, 'Signed advertisements', {
    block: authHmac,
    since: '2.4',
    ifIgnored: 'advertisements are sent unsigned and signatures are not checked',
    unsafe: true,
  }),
};

const addresses = {
  virtual_ipaddress: acts(nothing, 'Addresses that the Master holds and advertises', list),
  virtual_ipaddress_excluded: acts(nothing, 'Addresses that the Master holds and does not advertise', list),
  no_virtual_ipaddress: later(flag, 'No address is needed', { since: '2.4' }),
  promote_secondaries: later(flag, 'Set promote_secondaries on the interface'),
  virtual_routes: later(nothing, 'Routes of the Master', {
    ...list,
    ifIgnored: 'they are not added',
    unsafe: true,
  }),
  virtual_rules: later(nothing, 'Routing rules of the Master', {
    ...list,
    ifIgnored: 'they are not added',
    unsafe: true,
  }),
  mcast_src_ip: acts(ipAddress(), 'Source of advertisements', { default: "the interface's primary address" }),
  mcast_dst_ip: acts(multicastAddress(), 'Group that advertisements are sent to'),
  unicast_src_ip: later(ipAddress(), 'Source of advertisements to peers', {
    ifIgnored: intoMulticast,
    unsafe: true,
  }),
  unicast_peer: later(nothing, 'Routers to send advertisements to', {
    ...list,
    ifIgnored: intoMulticast,
    unsafe: true,
  }),
  unicast_ttl: later(integer(0, 255), 'TTL of advertisements to peers'),
  unicast_fault_no_peer: later(flag, 'Fault when there are no peers'),
  check_unicast_src: later(flag, 'Accept advertisements from peers only'),
  old_unicast_checksum: later(words(0, 'never, or nothing'), 'Checksum of keepalived before 1.3.6'),
  v3_checksum_as_v2: later(onOff, 'Version 3 checksum without pseudo-header', { since: '2.4' }),
  track_src_ip: later(flag, 'Fault when the source address is gone'),
};

const virtualMac = {
  use_vmac: later(words(0, 'a name and options'), 'Use the virtual router MAC', {
    ifIgnored: ownMac,
    unsafe: true,
  }),
  use_vmac_addr: later(flag, 'Also for addresses on other interfaces', { ifIgnored: ownMac, unsafe: true }),
  vmac_xmit_base: later(flag, 'Send and receive on the interface itself'),
  use_ipvlan: later(words(0, 'a name and options'), 'Use an ipvlan interface', {
    ifIgnored: ownMac,
    unsafe: true,
  }),
  dont_track_primary: later(flag, 'Ignore faults of the interface'),
};

const behaviour = {
  preempt: acts(flag, 'Take over from a Master of lower priority', { default: 'on' }),
  nopreempt: acts(flag, 'Leave a Master of lower priority alone'),
  preempt_delay: acts(seconds(0, 1000), 'Wait so long before taking over', { default: '0' }),
  accept: acts(flag, 'Answer packets to the virtual addresses; always so'),
  no_accept: later(flag, 'Do not answer packets to the virtual addresses', {
    ifIgnored: 'they are answered',
    unsafe: true,
  }),
  strict_mode: later(onOff, 'Keep to the RFC', { ifIgnored: 'what it forbids is allowed', unsafe: true }),
  skip_check_adv_addr: acts(onOff, "Do not compare the Master's addresses each time"),
  down_timer_adverts: acts(integer(1, 100), 'Advertisements missed before taking over', { default: '3' }),
  lower_prio_no_advert: acts(onOff, 'Do not answer an advertisement of lower priority'),
  higher_prio_send_advert: acts(onOff, 'Send one more advertisement before yielding'),
  owner_ignore_adverts: later(onOff, 'The owner ignores other Masters', { since: '2.4' }),
  timer_expired_backup: later(integer(1, 254), 'Step down after having been starved', {
    since: '2.4',
    aliases: { thread_timer_expired: {} },
  }),
  garp_master_delay: acts(integer(0, 0xffff_ffff), 'Seconds to the second burst', { default: '5' }),
  garp_master_repeat: acts(integer(0, 0xffff_ffff), 'Gratuitous ARPs in a burst', { default: '5' }),
  garp_master_refresh: acts(integer(0, 0xffff_ffff), 'Seconds between refreshes', { default: '0' }),
  garp_master_refresh_repeat: acts(integer(0, 0xffff_ffff), 'Gratuitous ARPs in a refresh', { default: '1' }),
  garp_lower_prio_delay: acts(
    integer(0, 0xffff_ffff),
    'As garp_master_delay, after a lower priority was seen',
  ),
  garp_lower_prio_repeat: acts(
    integer(0, 0xffff_ffff),
    'As garp_master_repeat, after a lower priority was seen',
  ),
  garp_extra_if: later(words(1, 'all, or seconds from 0 to 86400'), 'Gratuitous ARP on other interfaces', {
    aliases: {
      vmac_garp_intvl: {
        deprecated: { message: 'is an old word for "garp_extra_if"', help: 'write "garp_extra_if" instead' },
      },
    },
  }),
  kernel_rx_buf_size: later(integer(1, 0x7fff_ffff), 'Receive buffer of the socket'),
  debug: later(integer(0, 4), 'Nothing in ordinary builds'),
};

const notifications = {
  ...stateNotifications,
  notify_deleted: later(words(0, 'a command, or nothing'), 'Run when a reload removes the instance'),
  notify_master_rx_lower_pri: later(command, 'Run when a Master hears a lower priority'),
  notify_priority_changes: later(onOff, 'Notify of changes of priority too'),
  smtp_alert: later(onOff, 'Send mail on changes of state'),
  linkbeat_use_polling: later(flag, 'Nothing any more', {
    deprecated: {
      message: 'has no effect here',
      help: 'write "linkbeat_interfaces" outside of all blocks instead',
    },
  }),
  lvs_sync_daemon_interface: later(interfaceName, 'Connection synchronisation', {
    deprecated: { message: 'is an old form', help: 'write "lvs_sync_daemon" in global_defs instead' },
  }),
};

export const vrrpInstance = defineBlock('vrrp_instance', {
  ...identity,
  ...addresses,
  ...virtualMac,
  ...behaviour,
  ...tracking,
  ...notifications,
});
