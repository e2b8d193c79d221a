/** keepalived.conf(5): global_defs, as far as it concerns mail, processes, buffers, reload and files. */
import {
  choice,
  command,
  flag,
  integer,
  nothing,
  onOff,
  seconds,
  text,
  textOfAtMost,
  words,
} from './arguments.ts';
import { anyList, later } from './schema.ts';

export const mail = {
  notification_email: later(nothing, 'Who gets mail', { block: anyList, repeatable: true }),
  notification_email_from: later(text, 'Sender of mail'),
  smtp_server: later(words(1, 'a host, and a port if there is one'), 'Where mail goes'),
  smtp_helo_name: later(text, 'Name to say in HELO'),
  smtp_connect_timeout: later(seconds(0, 4294.967295), 'Time after which a connection has failed', {
    default: '30',
  }),
  smtp_alert: later(onOff, 'Mail for everything'),
  smtp_alert_vrrp: later(onOff, 'Mail for VRRP'),
  smtp_alert_checker: later(onOff, 'Mail for servers'),
  checker_log_all_failures: later(onOff, 'Log every failure of a check'),
  no_email_faults: later(flag, 'No mail for faults'),
  no_checker_emails: later(onOff, 'No mail from checkers'),
};

const name15 = textOfAtMost(15);
const nice = integer(-20, 19);
const realtime = integer(1, 99);
const cpus = words(1, 'one or more numbers of processors');
const microseconds = integer(1, Number.POSITIVE_INFINITY);

function oldSpelling(spelling: string, word: string) {
  return {
    aliases: {
      [spelling]: {
        deprecated: { message: `is an old word for "${word}"`, help: `write "${word}" instead` },
      },
    },
  };
}

export const processes = {
  startup_script: later(command, 'Run before the start'),
  shutdown_script: later(command, 'Run after the end'),
  startup_script_timeout: later(integer(1, 1000), 'Seconds for it', { default: '10' }),
  shutdown_script_timeout: later(integer(1, 1000), 'Seconds for it', { default: '10' }),
  script_user: later(words(1, 'a user, and a group if there is one'), 'Account that scripts run as'),
  enable_script_security: later(flag, 'Refuse scripts that others could change'),
  use_symlink_paths: later(onOff, 'Check the path as written', { since: '2.4' }),
  set_supplementary_groups: later(onOff, 'All groups of the account', { since: '2.4' }),
  random_seed: later(integer(0, 0xffff_ffff), 'Seed'),
  umask: later(words(1, 'a mask'), 'Mask of file modes'),
  process_names: later(flag, 'Processes have names of their own'),
  process_name: later(name15, 'Name of the parent process'),
  vrrp_process_name: later(name15, 'Name of the VRRP process'),
  checker_process_name: later(
    name15,
    'Name of the checker process',
    oldSpelling('lvs_process_name', 'checker_process_name'),
  ),
  bfd_process_name: later(name15, 'Name of the BFD process'),
  vrrp_priority: later(nice, 'Nice value'),
  checker_priority: later(nice, 'Nice value'),
  bfd_priority: later(nice, 'Nice value'),
  vrrp_no_swap: later(flag, 'Lock memory'),
  checker_no_swap: later(flag, 'Lock memory'),
  bfd_no_swap: later(flag, 'Lock memory'),
  vrrp_rt_priority: later(realtime, 'Real time priority'),
  checker_rt_priority: later(realtime, 'Real time priority'),
  bfd_rt_priority: later(realtime, 'Real time priority'),
  vrrp_cpu_affinity: later(cpus, 'Processors to run on'),
  checker_cpu_affinity: later(cpus, 'Processors to run on'),
  bfd_cpu_affinity: later(cpus, 'Processors to run on'),
  vrrp_rlimit_rttime: later(microseconds, 'Limit', oldSpelling('vrrp_rlimit_rtime', 'vrrp_rlimit_rttime')),
  checker_rlimit_rttime: later(
    microseconds,
    'Limit',
    oldSpelling('checker_rlimit_rtime', 'checker_rlimit_rttime'),
  ),
  bfd_rlimit_rttime: later(microseconds, 'Limit', oldSpelling('bfd_rlimit_rtime', 'bfd_rlimit_rttime')),
  max_auto_priority: later(words(0, 'a number from -1 to 99, or nothing'), 'Real time priority when late'),
  min_auto_priority_delay: later(integer(1, 10_000_000), 'Microseconds that count as late', {
    default: '1000000',
  }),
};

const bytes = integer(1, 0x7fff_ffff);

const buffers = {
  vrrp_netlink_cmd_rcv_bufs: later(bytes, 'Receive buffer'),
  vrrp_netlink_monitor_rcv_bufs: later(bytes, 'Receive buffer'),
  lvs_netlink_cmd_rcv_bufs: later(bytes, 'Receive buffer'),
  lvs_netlink_monitor_rcv_bufs: later(bytes, 'Receive buffer'),
  process_monitor_rcv_bufs: later(bytes, 'Receive buffer'),
  vrrp_netlink_cmd_rcv_bufs_force: later(onOff, 'Beyond the limit of the system'),
  vrrp_netlink_monitor_rcv_bufs_force: later(onOff, 'Beyond the limit of the system'),
  lvs_netlink_cmd_rcv_bufs_force: later(onOff, 'Beyond the limit of the system'),
  lvs_netlink_monitor_rcv_bufs_force: later(onOff, 'Beyond the limit of the system'),
  process_monitor_rcv_bufs_force: later(onOff, 'Beyond the limit of the system'),
  vrrp_rx_bufs_policy: later(words(1, 'MTU, ADVERT, or a number of bytes'), 'Receive buffer of VRRP'),
  vrrp_rx_bufs_multiplier: later(integer(1, 0xffff_ffff), 'Packets in that buffer', { default: '3' }),
};

export const files = {
  ...buffers,
  reload_check_config: later(
    words(0, 'the path of a log file, or nothing'),
    'Check before a reload; always so',
  ),
  reload_time_file: later(text, 'File with the time of the next reload'),
  reload_repeat: later(flag, 'Every day'),
  reload_file: later(words(0, 'a path, or nothing'), 'File that marks a reload'),
  include_check: later(words(0, 'read, match, wildcard_match, brace_match'), 'What a failing include means'),
  config_save_dir: later(text, 'Where copies are kept'),
  tmp_config_directory: later(text, 'Where the joined text is kept'),
  data_use_instance: later(onOff, 'Instance in names of dumps'),
  json_version: later(choice('1', '2'), 'Layout of the dump', { since: '2.4' }),
  state_dump_file: later(text, 'Path of the dump', { since: '2.4' }),
  stats_dump_file: later(text, 'Path of the dump', { since: '2.4' }),
  json_dump_file: later(text, 'Path of the dump', { since: '2.4' }),
  iproute_usr_dir: later(text, 'Where iproute2 keeps names', { since: '2.4' }),
  iproute_etc_dir: later(text, 'Where iproute2 keeps names', { since: '2.4' }),
};
