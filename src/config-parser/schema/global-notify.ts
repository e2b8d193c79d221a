/** keepalived.conf(5): global_defs, as far as it concerns those who are told: named pipes, SNMP, D-Bus. */
import { fifo } from './account.ts';
import { command, flag, seconds, text } from './arguments.ts';
import { oldSpellings } from './old-words.ts';
import { acts, later } from './schema.ts';

const fifos = {
  notify_fifo: acts(fifo, 'Named pipe that gets a line for every change of state, of VRRP and of servers'),
  vrrp_notify_fifo: acts(fifo, 'Named pipe that gets a line for every change of state of VRRP'),
  lvs_notify_fifo: acts(fifo, 'Named pipe that gets a line for every change of state of servers'),
  notify_fifo_script: acts(
    command,
    'Program that is started with the path of notify_fifo as its last argument, to read it',
  ),
  vrrp_notify_fifo_script: acts(
    command,
    'Program that is started with the path of vrrp_notify_fifo as its last argument, to read it',
  ),
  lvs_notify_fifo_script: acts(
    command,
    'Program that is started with the path of lvs_notify_fifo as its last argument, to read it',
  ),
  fifo_write_vrrp_states_on_reload: acts(
    flag,
    'Write the states of all instances to the pipes after a reload',
  ),
};

const statisticsAge = seconds(0.001, 30);

const snmp = {
  snmp_socket: later(
    text,
    'Where the SNMP agent listens, such as unix:/var/agentx/master. Without it, as the agent has it',
  ),
  enable_traps: later(flag, 'Send an SNMP trap for every change of state'),
  enable_snmp_vrrp: later(flag, 'Answer SNMP about instances, as in KEEPALIVED-MIB', {
    aliases: oldSpellings('enable_snmp_vrrp', 'enable_snmp_keepalived'),
  }),
  enable_snmp_rfc: later(flag, 'Answer SNMP as in RFC 2787 and in RFC 6527'),
  enable_snmp_rfcv2: later(flag, 'Answer SNMP as in RFC 2787, about version 2'),
  enable_snmp_rfcv3: later(flag, 'Answer SNMP as in RFC 6527, about version 3'),
  enable_snmp_checker: later(
    flag,
    'Answer SNMP about virtual servers and real servers, as in KEEPALIVED-MIB',
  ),
  snmp_vs_stats_update_interval: later(
    statisticsAge,
    'Seconds for which statistics of virtual servers are answered without asking the kernel again',
    { default: '5', since: '2.4' },
  ),
  snmp_rs_stats_update_interval: later(
    statisticsAge,
    'Seconds for which statistics of real servers are answered without asking the kernel again. Without it, snmp_vs_stats_update_interval',
    { since: '2.4' },
  ),
};

const dbus = {
  enable_dbus: later(flag, 'Offer the instances and their changes of state on D-Bus'),
  dbus_service_name: later(text, 'Name that the service goes by on D-Bus', {
    default: 'org.keepalived.Vrrp1',
  }),
  dbus_no_interface_name: later(text, 'Part of the path on D-Bus of an instance that has no interface', {
    default: 'none',
    since: '2.4',
  }),
};

export const notifications = { ...fifos, ...snmp, ...dbus };
