/** keepalived.conf(5): vrrp_instance. */
import { addressEntry } from './address-entry.ts';
import { choice, command, flag, integer, interfaceName, nothing, onOff, seconds } from './arguments.ts';
import { authentication, authHmac } from './authentication.ts';
import { behaviour, preemption } from './instance-behaviour.ts';
import { transport, virtualMac } from './instance-transport.ts';
import { optional } from './optional.ts';
import { virtualRoute } from './route-entry.ts';
import { virtualRule } from './rule-entry.ts';
import { acts, defineBlock, defineList, later } from './schema.ts';
import { stateNotifications } from './scripts.ts';
import { tracking } from './tracking.ts';

const addressList = { block: defineList('an entry', addressEntry), repeatable: true };

const identity = {
  state: acts(
    choice('MASTER', 'BACKUP'),
    'What it expects to be when it starts: a hint only, since the priority decides',
    { default: 'BACKUP', fallback: 'BACKUP' as const, repeatable: true },
  ),
  interface: acts(
    interfaceName,
    'Network interface where advertisements are sent and received, and virtual addresses are held unless "dev" says another',
    { required: true },
  ),
  virtual_router_id: acts(
    integer(1, 255),
    'Number of the virtual router (VRID): the same on all its routers, and no other one the same on that network',
    { required: true },
  ),
  priority: acts(
    integer(1, 255),
    'The router with the highest is Master; 255 is for the one that owns the addresses',
    { default: '100', fallback: 100 },
  ),
  advert_int: acts(
    seconds(0.01, 255),
    'Seconds between advertisements, the same on all routers: whole seconds in version 2, hundredths up to 40.95 in version 3',
    { default: '1' },
  ),
  version: acts(choice('2', '3'), 'Version of VRRP, the same on all routers; IPv6 needs 3', {
    default: 'vrrp_version',
  }),
  native_ipv6: acts(flag, 'Makes it an IPv6 instance, which its addresses do by themselves', {
    deprecated: { message: 'is not needed', help: 'delete the line', replacement: '' },
  }),
  vrf: acts(interfaceName, 'VRF to send and receive in; only with unicast_peer, and without interface', {}),
  authentication: acts(
    nothing,
    'A password in every advertisement, in version 2 only; it keeps out mistakes, not attackers',
    { block: authentication },
  ),
  auth_hmac: acts(nothing, 'Advertisements signed with a secret key; not together with authentication', {
    block: authHmac,
    since: '2.4',
  }),
};

const addresses = {
  virtual_ipaddress: acts(
    nothing,
    'Addresses that the Master holds and advertises, one a line and of one family; without a prefix length an address gets /32 or /128',
    addressList,
  ),
  virtual_ipaddress_excluded: acts(
    nothing,
    'Addresses that the Master holds and does not advertise, of any family: for what does not fit an advertisement',
    addressList,
  ),
  no_virtual_ipaddress: acts(flag, 'The instance may have no address to hold', { since: '2.4' }),
  promote_secondaries: acts(
    flag,
    'Sets promote_secondaries on the interface, so that addresses of a network stay when the first of it is removed',
  ),
  virtual_routes: acts(nothing, 'Routes that are there while this router is Master', {
    block: defineList('a route', virtualRoute),
    repeatable: true,
  }),
  virtual_rules: acts(nothing, 'Routing rules that are there while this router is Master', {
    block: defineList('a rule', virtualRule),
    repeatable: true,
  }),
};

const notifications = {
  ...stateNotifications,
  notify_deleted: acts(
    optional(command, undefined, 'no command of its own'),
    'When a reload has removed the instance, notify hears DELETED and not FAULT; the command runs too if there is one',
  ),
  notify_master_rx_lower_pri: acts(command, 'Run when a Master hears another one of lower priority'),
  notify_priority_changes: acts(onOff, 'Run notify also when only the priority changes', {
    default: 'vrrp_notify_priority_changes',
  }),
  smtp_alert: acts(onOff, 'Send mail on changes of state', { default: 'off' }),
  linkbeat_use_polling: later(flag, 'Nothing any more', {
    deprecated: {
      message: 'has no effect here',
      help: 'write "linkbeat_interfaces" outside of all blocks instead',
    },
  }),
  lvs_sync_daemon_interface: later(
    interfaceName,
    'Interface over which connections of IPVS are synchronised between directors',
    { deprecated: { message: 'is an old form', help: 'write "lvs_sync_daemon" in global_defs instead' } },
  ),
};

export const vrrpInstance = defineBlock('vrrp_instance', {
  ...identity,
  ...addresses,
  ...transport,
  ...virtualMac,
  ...preemption,
  ...behaviour,
  ...tracking,
  ...notifications,
});
