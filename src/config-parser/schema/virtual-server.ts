/** keepalived.conf(5): virtual_server. */
import {
  choice,
  choiceOfAnyCase,
  command,
  endpoint,
  flag,
  integer,
  name,
  onOff,
  text,
  textOfAtMost,
} from './arguments.ts';
import { forwardingMethod } from './arguments-forwarding.ts';
import { granularity, persistenceTimeout } from './arguments-service.ts';
import { oldSpellings } from './old-words.ts';
import { checkerDefaults, realServer, scheduler, sorryServer } from './real-server.ts';
import { acts, defineBlock, later } from './schema.ts';

/** IP_VS_PENAME_MAXLEN of the kernel, less its end. */
const engineNameBytes = 15;

const balancing = {
  lb_algo: acts(
    scheduler,
    "How a server is chosen for a new connection: rr takes turns, wrr by weight, lc and wlc take the one with the fewest connections, sh and mh choose by the client's address",
    { default: 'wlc', aliases: oldSpellings('lb_algo', 'lvs_sched') },
  ),
  lb_kind: acts(
    forwardingMethod,
    'How packets reach the servers: NAT rewrites addresses and needs the answers to come back through here, DR and TUN leave packets whole and let servers answer by themselves. FULLNAT, also FNAT, which keepalived does not know, is NAT with an address of this host as their source',
    { default: 'NAT', aliases: oldSpellings('lb_kind', 'lvs_method') },
  ),
  protocol: acts(
    choiceOfAnyCase('TCP', 'UDP', 'SCTP'),
    'Protocol of the service; a firewall mark stands for all of them',
    { default: 'UDP' },
  ),
  ip_family: acts(
    choice('inet', 'inet6'),
    'Address family of a service by firewall mark, where its real servers do not show it',
    { default: "the first real server's" },
  ),
  persistence_timeout: acts(
    persistenceTimeout,
    'Seconds for which further connections of a client go to the server that it had; alone on its line it means 360',
  ),
  persistence_granularity: acts(
    granularity,
    'Clients whose addresses agree in so many bits count as one: a netmask for IPv4, a prefix length for IPv6',
    { default: '255.255.255.255, or 128' },
  ),
  persistence_engine: acts(
    textOfAtMost(engineNameBytes),
    "Module of the kernel that says what identifies a client, such as sip for SIP's Call-ID",
  ),
};

const schedulerFlags = {
  hashed: acts(flag, 'Nothing that is not so anyway: every service is hashed', {
    deprecated: { message: 'has no effect', help: 'delete the line', replacement: '' },
  }),
  ops: acts(flag, 'Every datagram is scheduled anew, for UDP services such as DNS'),
  'flag-1': acts(flag, "First flag of the scheduler, sh-fallback's and mh-fallback's"),
  'flag-2': acts(flag, "Second flag of the scheduler, sh-port's and mh-port's"),
  'flag-3': acts(flag, 'Third flag of the scheduler'),
  'sh-port': acts(flag, 'The scheduler sh looks at the client\'s port too; to be written after "lb_algo sh"'),
  'sh-fallback': acts(
    flag,
    'The scheduler sh goes on to another server when its choice is down; to be written after "lb_algo sh"',
  ),
  'mh-port': acts(flag, 'The scheduler mh looks at the client\'s port too; to be written after "lb_algo mh"'),
  'mh-fallback': acts(
    flag,
    'The scheduler mh goes on to another server when its choice is down; to be written after "lb_algo mh"',
  ),
};

const quorum = {
  quorum: acts(
    integer(1, 0xffff_ffff),
    'Sum of the weights of servers that are up, below which the sorry server takes over and quorum_down runs',
    { default: '1', fallback: 1 },
  ),
  hysteresis: acts(
    integer(0, 0xffff_ffff),
    'The quorum is reached again only this far above it, and lost this far below it; less than the quorum',
    { default: '0' },
  ),
  quorum_up: acts(command, 'Run when the quorum is reached'),
  quorum_down: acts(command, 'Run when the quorum is lost'),
  alpha: acts(flag, 'Servers are down until their checks have succeeded once'),
  omega: acts(flag, 'At shutdown notify_down and quorum_down run, as if all servers had failed'),
};

export const virtualServer = defineBlock('virtual_server', {
  ...checkerDefaults,
  ...balancing,
  ...schedulerFlags,
  ...sorryServer,
  ...quorum,
  laddr_group_name: acts(
    name,
    'Name of the local_address_group whose addresses packets to the servers leave with under FULLNAT',
    { default: 'the address that the route to the server has', isOwn: true },
  ),
  real_server: acts(
    endpoint,
    "One server of the service: its address, and its port where that is not the service's",
    { block: realServer, repeatable: true },
  ),
  weight: acts(integer(1, 2_147_483_647), 'Weight of real servers that give none', { default: '1' }),
  ha_suspend: acts(flag, "Check the servers only while the service's address is held on this host"),
  inhibit_on_failure: acts(
    flag,
    'Servers whose checks fail stay in the table with weight 0 and are not removed',
  ),
  virtualhost: acts(text, 'Host header of HTTP checks that give none'),
  snmp_name: later(text, 'Name of the service in SNMP'),
  smtp_alert: acts(onOff, 'Send mail when the quorum is lost or reached', { default: 'off' }),
  nat_mask: acts(
    { ...text, expects: 'a netmask', syntax: '<netmask>', samples: { good: ['255.255.255.0'], bad: [''] } },
    'Netmask of LVS-NAT in the days of kernel 2.2',
    {
      deprecated: {
        message: 'has no effect',
        help: 'delete the line',
        note: 'later releases of keepalived do not know the word',
        replacement: '',
      },
    },
  ),
});
