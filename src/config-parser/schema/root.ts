/** keepalived.conf(5): what stands outside of all blocks. */
import { flag, integer, name, nothing, text, words } from './arguments.ts';
import { globalDefs } from './global-defs.ts';
import { acts, anyList, defineBlock, later } from './schema.ts';
import { bfdInstance, syncGroup, trackFile, trackProcess, vrrpScript } from './trackers.ts';
import { virtualServer } from './virtual-server.ts';
import { vrrpInstance } from './vrrp-instance.ts';

const list = { block: anyList, repeatable: true };

const garpGroup = defineBlock('garp_group', {
  garp_interval: later(words(1, 'seconds'), 'Gap between gratuitous ARPs'),
  gna_interval: later(words(1, 'seconds'), 'Gap between neighbour advertisements'),
  interface: later(text, 'A member', { repeatable: true }),
  interfaces: later(nothing, 'Members', list),
});

const trackGroup = defineBlock('track_group', {
  group: later(nothing, 'Instances that go to Fault', { block: anyList }),
});

const ssl = defineBlock('SSL', {
  password: later(text, 'Password of the key'),
  ca: later(text, 'File of authorities'),
  certificate: later(text, 'File of the certificate'),
  key: later(text, 'File of the key'),
});

export const root = defineBlock('the configuration', {
  global_defs: acts(nothing, 'Settings of the whole', { block: globalDefs, repeatable: true }),
  vrrp_instance: acts(name, 'A virtual router', { block: vrrpInstance, repeatable: true }),
  virtual_server: acts(
    words(1, 'an address and a port, "fwmark" and a mark, or "group" and a name'),
    'A service',
    {
      block: virtualServer,
      repeatable: true,
    },
  ),
  vrrp_sync_group: later(name, 'Virtual routers that go together', {
    block: syncGroup,
    repeatable: true,
    ifIgnored: 'its members change state each by itself',
    unsafe: true,
  }),
  vrrp_script: later(name, 'A script to track', { block: vrrpScript, repeatable: true }),
  vrrp_track_process: later(name, 'A process to track', { block: trackProcess, repeatable: true }),
  track_file: later(name, 'A file to track', {
    block: trackFile,
    repeatable: true,
    aliases: {
      vrrp_track_file: {
        deprecated: { message: 'is an old word for "track_file"', help: 'write "track_file" instead' },
      },
    },
  }),
  bfd_instance: later(name, 'A BFD session', { block: bfdInstance, repeatable: true }),
  garp_group: later(nothing, 'Interfaces that share a pace', { block: garpGroup, repeatable: true }),
  track_group: later(name, 'What static addresses concern', { block: trackGroup, repeatable: true }),
  static_ipaddress: later(nothing, 'Addresses always held', {
    ...list,
    ifIgnored: 'they are not added',
    unsafe: true,
  }),
  static_routes: later(nothing, 'Routes always held', {
    ...list,
    ifIgnored: 'they are not added',
    unsafe: true,
  }),
  static_rules: later(nothing, 'Rules always held', {
    ...list,
    ifIgnored: 'they are not added',
    unsafe: true,
  }),
  linkbeat_interfaces: later(nothing, 'Interfaces to poll', list),
  interface_up_down_delays: later(nothing, 'How long an interface must be up or down', list),
  virtual_server_group: later(name, 'Addresses of one service', list),
  SSL: later(nothing, 'Certificate of this host', { block: ssl }),
  net_namespace: later(text, 'Network namespace to run in', {
    ifIgnored: 'everything happens in the namespace that holdfast was started in',
    unsafe: true,
  }),
  net_namespace_ipvs: later(text, 'Network namespace of IPVS', {
    ifIgnored: 'everything happens in the namespace that holdfast was started in',
    unsafe: true,
  }),
  namespace_with_ipsets: later(flag, 'Use ipsets in a namespace'),
  instance: later(text, 'Name of this daemon among several'),
  use_pid_dir: later(flag, 'Where pid files are'),
  linkbeat_use_polling: later(flag, 'Poll all links'),
  child_wait_time: later(integer(0, 0xffff_ffff), 'Seconds to wait for children', { default: '5' }),
});
