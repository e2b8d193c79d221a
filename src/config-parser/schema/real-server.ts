/** keepalived.conf(5): real_server, inside virtual_server. */
import { schedulers } from '../config.ts';
import {
  choice,
  endpoint,
  flag,
  forwardingMethod,
  integer,
  nothing,
  onOff,
  seconds,
  text,
} from './arguments.ts';
import {
  bfdCheck,
  dnsCheck,
  fileCheck,
  httpGet,
  miscCheck,
  pingCheck,
  smtpCheck,
  udpCheck,
} from './other-checkers.ts';
import { acts, type BlockSchema, defineBlock, later } from './schema.ts';
import { serverNotifications } from './scripts.ts';
import { tcpCheck } from './tcp-check.ts';

const longestSeconds = 4294.967295;

/** Values of a virtual server that its real servers and their checkers inherit. */
export const checkerDefaults = {
  delay_loop: acts(seconds(0.000001, longestSeconds), 'Time between checks', { default: '60' }),
  retry: acts(integer(1, 0xffff_ffff), 'Further tries before a server that is up goes down'),
  delay_before_retry: acts(seconds(0, longestSeconds), 'Time between a failed try and the next'),
  warmup: acts(seconds(0, longestSeconds), 'Upper bound of the random delay before the first check'),
  connect_timeout: acts(seconds(0.000001, longestSeconds), 'Time after which a connection has failed', {
    default: '5',
  }),
};

const stillUp = 'the server is not checked that way, and counts as up where it has no other check';

/** A checker that is read and not run yet. */
function checker(schema: BlockSchema, doc: string) {
  return later(nothing, doc, { block: schema, repeatable: true, ifIgnored: stillUp, unsafe: true });
}

export const realServer = defineBlock('real_server', {
  ...checkerDefaults,
  ...serverNotifications,
  weight: acts(integer(0, 2_147_483_647), 'Share of the connections; 0 takes no new ones', { default: '1' }),
  lvs_method: acts(forwardingMethod, 'How packets reach this server', { default: "the virtual server's" }),
  inhibit_on_failure: acts(onOff, 'A failed server stays in the table with weight 0'),
  alpha: acts(onOff, 'Down until a check has succeeded'),
  uthreshold: acts(integer(0, 0xffff_ffff), 'No new connections above this number', { default: '0' }),
  lthreshold: acts(integer(0, 0xffff_ffff), 'New connections again below this number', { default: '0' }),
  virtualhost: later(text, 'Host header of HTTP checks'),
  smtp_alert: later(onOff, 'Send mail when the server changes', { default: 'on' }),
  snmp_name: later(text, 'Name in SNMP'),
  TCP_CHECK: acts(nothing, 'Connect over TCP', { block: tcpCheck, repeatable: true }),
  HTTP_GET: checker(httpGet, 'Ask for a page'),
  SSL_GET: checker(httpGet, 'Ask for a page over TLS'),
  SMTP_CHECK: checker(smtpCheck, 'Talk SMTP'),
  DNS_CHECK: checker(dnsCheck, 'Ask a name server'),
  MISC_CHECK: checker(miscCheck, 'Run a program'),
  UDP_CHECK: checker(udpCheck, 'Send a datagram'),
  PING_CHECK: checker(pingCheck, 'Send an ICMP echo request'),
  FILE_CHECK: checker(fileCheck, 'Read a weight from a file'),
  BFD_CHECK: checker(bfdCheck, 'Follow a BFD session'),
});

/** keepalived.conf(5): the names under which the kernel knows its schedulers. */
export const scheduler = choice(...schedulers);

export const sorryServer = {
  sorry_server: acts(endpoint, 'Used while the quorum is lost'),
  sorry_server_inhibit: acts(flag, 'The sorry server stays in the table with weight 0'),
  sorry_server_lvs_method: acts(forwardingMethod, 'How packets reach the sorry server'),
};
