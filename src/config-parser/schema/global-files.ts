/** keepalived.conf(5): global_defs, as far as it concerns buffers, reload, and files that are read or written. */
import { choice, flag, integer, onOff } from './arguments.ts';
import { includeChecks, receiveBufferPolicy } from './file-arguments.ts';
import { optional } from './optional.ts';
import { absolutePath, directory, path } from './paths.ts';
import { later } from './schema.ts';

const bytes = integer(0, 0x7fff_ffff);
const ofTheKernel = 'Without it, as the kernel has it';
const beyondTheLimit = 'may be larger than net.core.rmem_max, which takes a privilege';

const buffers = {
  vrrp_netlink_cmd_rcv_bufs: later(
    bytes,
    `Bytes that the answers to what VRRP asks the kernel may take. ${ofTheKernel}`,
  ),
  vrrp_netlink_monitor_rcv_bufs: later(
    bytes,
    `Bytes that the kernel's news of interfaces for VRRP may take. ${ofTheKernel}`,
  ),
  lvs_netlink_cmd_rcv_bufs: later(
    bytes,
    `Bytes that the answers to what the checkers ask the kernel may take. ${ofTheKernel}`,
  ),
  lvs_netlink_monitor_rcv_bufs: later(
    bytes,
    `Bytes that the kernel's news of interfaces for the checkers may take. ${ofTheKernel}`,
  ),
  process_monitor_rcv_bufs: later(
    bytes,
    `Bytes that the kernel's news of processes may take. ${ofTheKernel}`,
  ),
  vrrp_netlink_cmd_rcv_bufs_force: later(onOff, `vrrp_netlink_cmd_rcv_bufs ${beyondTheLimit}`, {
    default: 'off',
  }),
  vrrp_netlink_monitor_rcv_bufs_force: later(onOff, `vrrp_netlink_monitor_rcv_bufs ${beyondTheLimit}`, {
    default: 'off',
  }),
  lvs_netlink_cmd_rcv_bufs_force: later(onOff, `lvs_netlink_cmd_rcv_bufs ${beyondTheLimit}`, {
    default: 'off',
  }),
  lvs_netlink_monitor_rcv_bufs_force: later(onOff, `lvs_netlink_monitor_rcv_bufs ${beyondTheLimit}`, {
    default: 'off',
  }),
  process_monitor_rcv_bufs_force: later(onOff, `process_monitor_rcv_bufs ${beyondTheLimit}`, {
    default: 'off',
  }),
  vrrp_rx_bufs_policy: later(
    receiveBufferPolicy,
    `Room for advertisements that wait to be read: by the MTU of the interface, by the size of an advertisement, or in bytes. ${ofTheKernel}`,
  ),
  vrrp_rx_bufs_multiplier: later(
    integer(1, 0xffff_ffff),
    'For how many packets of each instance vrrp_rx_bufs_policy makes room with MTU or ADVERT',
    { default: '3' },
  ),
};

const reload = {
  reload_check_config: later(
    optional(path, '/dev/null', 'a test whose messages are lost'),
    'Before a reload test the files, and refuse it if they are not in order; with a path, messages go there. holdfast never reloads what it cannot read',
  ),
  reload_time_file: later(
    absolutePath,
    'File whose first line says when to reload: HH:MM:SS, after a date YYYY-MM-DD if there is one, with Z behind it for UTC. Deleted after the reload',
  ),
  reload_repeat: later(
    flag,
    'Keep the file of reload_time_file; if it names no date, reload at that time every day',
  ),
  reload_file: later(
    optional(path, undefined, 'the path that was built in'),
    'File that exists and is empty while the configuration is being read, so that others wait with their changes',
  ),
  include_check: later(
    includeChecks,
    'For which failures of a plain "include" the configuration is refused. It counts for the includes below it',
  ),
};

const dumps = {
  config_save_dir: later(
    directory,
    'Folder where a copy of the configuration is kept each time it is read. Without it, none is',
  ),
  tmp_config_directory: later(
    directory,
    'Folder for the joined text of all files while they are read. Without it, it stays in memory',
  ),
  data_use_instance: later(onOff, 'Names of dump files hold the instance and the network namespace', {
    default: 'off',
  }),
  json_version: later(choice('1', '2'), 'Layout of the dump in JSON', { default: '1', since: '2.4' }),
  state_dump_file: later(path, 'Where the state is written on request', {
    default: '/tmp/keepalived.data',
    since: '2.4',
  }),
  stats_dump_file: later(
    path,
    'Where statistics would be written on request; keepalived reads it and goes on using its own path',
    {
      default: '/tmp/keepalived.stats',
      since: '2.4',
    },
  ),
  json_dump_file: later(
    path,
    'Where the state would be written in JSON; keepalived reads it and goes on using its own path',
    {
      default: '/tmp/keepalived.json',
      since: '2.4',
    },
  ),
  iproute_usr_dir: later(
    directory,
    'Folder of the names that iproute2 comes with: tables, protocols, scopes, realms',
    {
      since: '2.4',
    },
  ),
  iproute_etc_dir: later(
    directory,
    'Folder of the names that the administrator has added to those of iproute2',
    {
      since: '2.4',
    },
  ),
};

export const files = { ...buffers, ...reload, ...dumps };
