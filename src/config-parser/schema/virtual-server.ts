/** keepalived.conf(5): virtual_server. */
import {
  choice,
  choiceOfAnyCase,
  command,
  endpoint,
  flag,
  forwardingMethod,
  integer,
  onOff,
  text,
  words,
} from './arguments.ts';
import { checkerDefaults, realServer, scheduler, sorryServer } from './real-server.ts';
import { acts, defineBlock, later } from './schema.ts';

/** IPVS accepts at most 31 days. */
const longestPersistenceSeconds = 2_678_400;

const persistenceSeconds = integer(1, longestPersistenceSeconds);

const noSchedulerFlags = 'the scheduler works without this flag';

export const virtualServer = defineBlock('virtual_server', {
  ...checkerDefaults,
  ...sorryServer,
  lb_algo: acts(scheduler, 'Scheduler', { default: 'wlc', aliases: { lvs_sched: {} } }),
  lb_kind: acts(forwardingMethod, 'Forwarding method', { default: 'NAT', aliases: { lvs_method: {} } }),
  protocol: acts(choiceOfAnyCase('TCP', 'UDP', 'SCTP'), 'Protocol of the service', { default: 'UDP' }),
  persistence_timeout: acts(
    {
      expects: `${persistenceSeconds.expects}, or nothing for 360`,
      syntax: '[<seconds>]',
      samples: { ...persistenceSeconds.samples, good: ['', '600'], bad: ['x', '0'] },
      parse: (given) =>
        given.length === 0 ? { ok: true, value: 360, used: 0 } : persistenceSeconds.parse(given),
    },
    'Seconds for which a client stays with its server',
  ),
  persistence_granularity: acts(
    words(1, 'an IPv4 netmask or a prefix length'),
    'Clients of one network of this size stay together',
  ),
  persistence_engine: later(text, 'What identifies a client', {
    ifIgnored: 'clients are told apart by address',
    unsafe: true,
  }),
  hashed: acts(flag, 'Always so'),
  ops: later(flag, 'Every datagram is scheduled anew', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'flag-1': later(flag, 'First flag of the scheduler', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'flag-2': later(flag, 'Second flag of the scheduler', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'flag-3': later(flag, 'Third flag of the scheduler', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'sh-port': later(flag, 'Hash the port too', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'sh-fallback': later(flag, 'Go on to the next server when one is down', {
    ifIgnored: noSchedulerFlags,
    unsafe: true,
  }),
  'mh-port': later(flag, 'Hash the port too', { ifIgnored: noSchedulerFlags, unsafe: true }),
  'mh-fallback': later(flag, 'Go on to the next server when one is down', {
    ifIgnored: noSchedulerFlags,
    unsafe: true,
  }),
  ip_family: acts(choice('inet', 'inet6'), 'Address family, for a firewall mark'),
  real_server: acts(endpoint, 'One server of the service', { block: realServer, repeatable: true }),
  alpha: acts(flag, 'Servers are down until a check has succeeded'),
  omega: acts(flag, 'Servers count as down at shutdown, and their scripts run'),
  quorum: acts(integer(1, 0xffff_ffff), 'Weight that must be up', { default: '1', fallback: 1 }),
  hysteresis: acts(integer(0, 0xffff_ffff), 'How far above and below the quorum it changes', {
    default: '0',
  }),
  quorum_up: later(command, 'Run when the quorum is reached'),
  quorum_down: later(command, 'Run when the quorum is lost'),
  weight: acts(integer(1, 2_147_483_647), 'Weight of real servers that give none', { default: '1' }),
  ha_suspend: later(flag, 'Check only while the virtual address is held here'),
  inhibit_on_failure: acts(flag, 'Failed servers stay in the table with weight 0'),
  virtualhost: later(text, 'Host header of HTTP checks'),
  snmp_name: later(text, 'Name in SNMP'),
  smtp_alert: later(onOff, 'Send mail when the quorum changes'),
  nat_mask: acts(words(0, 'a netmask'), 'Netmask of LVS-NAT in the days of kernel 2.2', {
    deprecated: {
      message: 'has no effect',
      help: 'delete the line',
      note: 'later releases of keepalived do not know the word',
    },
  }),
});
