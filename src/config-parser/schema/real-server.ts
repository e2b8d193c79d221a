/** keepalived.conf(5): real_server, inside virtual_server. */
import { schedulers } from '../config-lvs.ts';
import { choice, endpoint, flag, integer, nothing, onOff, text } from './arguments.ts';
import { forwardingMethod } from './arguments-forwarding.ts';
import { anyDelay, anyDelayOrNone, attemptTimeout, connectTimeout } from './checker-common.ts';
import { dnsCheck } from './dns-check.ts';
import { httpGet, sslGet } from './http-get.ts';
import { bfdCheck, fileCheck, miscCheck, pingCheck, smtpCheck, udpCheck } from './other-checkers.ts';
import { acts, type BlockSchema, defineBlock, later } from './schema.ts';
import { serverNotifications } from './scripts.ts';
import { tcpCheck } from './tcp-check.ts';

/** Values of a virtual server that its real servers and their checkers inherit. */
export const checkerDefaults = {
  delay_loop: acts(anyDelay, 'Seconds from one check of a server to the next', { default: '60' }),
  retry: acts(
    integer(1, 0xffff_ffff),
    'Further tries after a failure before a server that is up goes down, for checkers that do not say it themselves',
    { default: "the checker's" },
  ),
  delay_before_retry: acts(
    anyDelayOrNone,
    'Seconds between a failed try and the next, for checkers that do not say it themselves',
    { default: "the checker's" },
  ),
  warmup: acts(
    anyDelayOrNone,
    'The first check of each server happens after a random time of up to so many seconds; 0 begins at once',
    { default: 'delay_loop' },
  ),
  connect_timeout: acts(connectTimeout, 'Seconds after which an attempt without an answer has failed', {
    default: '5',
  }),
  attempt_timeout: attemptTimeout,
};

function checker<Schema extends BlockSchema>(schema: Schema, doc: string) {
  return acts(nothing, doc, { block: schema, repeatable: true });
}

export const realServer = defineBlock('real_server', {
  ...checkerDefaults,
  ...serverNotifications,
  weight: acts(
    integer(0, 2_147_483_647),
    "Its share of the connections, against the other servers'; 0 keeps it in the table and gives it no new ones",
    { default: "the virtual server's" },
  ),
  lvs_method: acts(forwardingMethod, 'How packets reach this server, where that differs from the others', {
    default: "the virtual server's",
  }),
  inhibit_on_failure: acts(
    onOff,
    'When its checks fail it stays in the table with weight 0, so that its connections may end in peace, and is not removed',
    { default: "the virtual server's" },
  ),
  alpha: acts(onOff, 'Down until its checks have succeeded once', { default: "the virtual server's" }),
  uthreshold: acts(
    integer(0, 0xffff_ffff),
    'At this number of connections it gets no new ones; 0 is no limit',
    {
      default: '0',
    },
  ),
  lthreshold: acts(
    integer(0, 0xffff_ffff),
    'Below this number of connections it gets new ones again after having reached uthreshold; 0 is three quarters of that',
    { default: '0' },
  ),
  virtualhost: acts(text, 'Host header of HTTP checks', { default: "the virtual server's" }),
  smtp_alert: acts(onOff, 'Send mail when the server goes up or down', { default: 'on' }),
  snmp_name: later(text, 'Name of the server in SNMP'),
  TCP_CHECK: checker(tcpCheck, 'Up when a TCP connection can be made'),
  HTTP_GET: checker(httpGet, 'Up when pages asked for over HTTP are as they should be'),
  SSL_GET: checker(sslGet, 'As HTTP_GET, over TLS; the certificate is not verified'),
  SMTP_CHECK: checker(smtpCheck, 'Up when a mail server greets, answers HELO and says goodbye'),
  DNS_CHECK: checker(dnsCheck, 'Up when a name server answers a query without an error'),
  MISC_CHECK: checker(miscCheck, 'Up when a program ends with exit status 0'),
  UDP_CHECK: checker(udpCheck, 'Up unless a datagram is answered with an ICMP error, or not as it should be'),
  PING_CHECK: checker(pingCheck, 'Up when an ICMP echo request is answered'),
  FILE_CHECK: checker(fileCheck, "Adds the number in a file to the server's weight"),
  BFD_CHECK: checker(bfdCheck, 'Up while a BFD session is up'),
});

/** keepalived.conf(5): the names under which the kernel knows its schedulers. */
export const scheduler = choice(...schedulers);

export const sorryServer = {
  sorry_server: acts(
    endpoint,
    'Gets all connections while the quorum is lost; it is not checked, and without a port has that of the service',
  ),
  sorry_server_inhibit: acts(
    flag,
    'The sorry server stays in the table with weight 0 while it is not needed; to be written after sorry_server',
  ),
  sorry_server_lvs_method: acts(
    forwardingMethod,
    'How packets reach the sorry server; to be written after sorry_server',
    { default: "the virtual server's" },
  ),
};
