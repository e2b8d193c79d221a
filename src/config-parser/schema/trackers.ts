/** keepalived.conf(5): what VRRP can track, and vrrp_sync_group. They are read, and not acted on yet. */
import {
  choice,
  command,
  flag,
  integer,
  ipAddress,
  nothing,
  onOff,
  seconds,
  text,
  words,
} from './arguments.ts';
import { anyList, defineBlock, later } from './schema.ts';
import { stateNotifications } from './scripts.ts';
import { tracking } from './vrrp-instance.ts';

const weight = words(1, 'a weight from -253 to 253, and "reverse" if it is turned round');
const results = integer(1, 0x7fff_ffff);
const delay = seconds(0.000001, 3600);

export const vrrpScript = defineBlock('vrrp_script', {
  script: later(command, 'Program to run'),
  interval: later(seconds(0, 4294.967295), 'Time between runs', { default: '1' }),
  timeout: later(seconds(0, 4294.967295), 'Time after which a run has failed'),
  weight: later(weight, 'Change of priority', { default: '0' }),
  rise: later(results, 'Good runs that make it good', { default: '1' }),
  fall: later(results, 'Bad runs that make it bad', { default: '1' }),
  user: later(words(1, 'a user, and a group if there is one'), 'Account that it runs as'),
  init_fail: later(flag, 'Bad until it has succeeded'),
});

export const trackProcess = defineBlock('vrrp_track_process', {
  process: later(words(1, 'a program, and arguments if there are any'), 'Process to look for'),
  param_match: later(choice('initial', 'partial'), 'How arguments are compared'),
  weight: later(weight, 'Change of priority', { default: '0' }),
  quorum: later(integer(1, 65_535), 'How many must run', { default: '1' }),
  quorum_max: later(integer(0, 65_535), 'How many may run'),
  delay: later(delay, 'Wait before believing a change'),
  fork_delay: later(delay, 'Wait before believing a start'),
  terminate_delay: later(delay, 'Wait before believing an end'),
  full_command: later(flag, 'Compare the whole command line'),
});

export const trackFile = defineBlock('track_file', {
  file: later(text, 'File to read'),
  weight: later(weight, 'Factor', { default: '1' }),
  init_file: later(words(0, 'a value and overwrite, or nothing'), 'Create the file'),
});

export const bfdInstance = defineBlock('bfd_instance', {
  neighbor_ip: later(ipAddress(), 'The other end', { aliases: { neighbour_ip: {} } }),
  source_ip: later(ipAddress(), 'This end'),
  min_rx: later(results, 'Milliseconds', { default: '10' }),
  min_tx: later(results, 'Milliseconds', { default: '10' }),
  idle_tx: later(integer(1000, 0x7fff_ffff), 'Milliseconds', { default: '1000' }),
  multiplier: later(integer(1, 255), 'Packets missed before it is down', { default: '5' }),
  passive: later(flag, 'Wait for the other end'),
  ttl: later(integer(1, 255), 'TTL', { aliases: { hoplimit: {} } }),
  max_hops: later(integer(-1, 255), 'Hops in between', { default: '0' }),
  multihop: later(onOff, 'Several hops', { since: '2.4' }),
  weight: later(weight, 'Change of priority', { default: '0' }),
  vrrp: later(flag, 'For VRRP only'),
  checker: later(flag, 'For checkers only'),
});

export const syncGroup = defineBlock('vrrp_sync_group', {
  ...stateNotifications,
  ...tracking,
  group: later(nothing, 'Instances that go together', { block: anyList }),
  smtp_alert: later(onOff, 'Send mail on changes of state'),
  sync_group_tracking_weight: later(flag, 'Members may track with weights'),
  notify_priority_changes: later(onOff, 'Notify of changes of priority too'),
  global_tracking: later(flag, 'Nothing any more', {
    deprecated: { message: 'has no effect', help: 'delete the line' },
  }),
});
