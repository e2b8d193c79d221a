/** keepalived.conf(5): the checkers besides TCP_CHECK. They are read, and not run yet. */
import { command, flag, integer, nothing, onOff, words } from './arguments.ts';
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { defineBlock, later } from './schema.ts';

const network = { ...checkerTiming, ...checkerConnection };

const httpUrl = defineBlock('url', {
  path: later(words(1, 'a path'), 'Path to ask for'),
  digest: later(words(1, 'an MD5 digest of 32 hexadecimal digits'), 'MD5 of the body'),
  status_code: later(words(1, 'one or more codes or ranges, such as 200-299'), 'Status codes that are good'),
  virtualhost: later(words(1, 'a host name'), 'Host header'),
  regex: later(command, 'What the body must hold'),
  regex_no_match: later(flag, 'The body must not match'),
  regex_options: later(words(1, 'names of options'), 'How to match'),
  regex_min_offset: later(integer(0, Number.POSITIVE_INFINITY), 'Where a match may begin at the earliest'),
  regex_max_offset: later(integer(0, Number.POSITIVE_INFINITY), 'Where a match must begin at the latest'),
  regex_stack: later(words(2, 'two sizes'), 'Stack of the matcher'),
  tls_compliant: later(onOff, 'Require close_notify', { since: '2.4' }),
});

export const httpGet = defineBlock('HTTP_GET', {
  ...network,
  retry: {
    ...checkerTiming.retry,
    aliases: {
      nb_get_retry: { deprecated: { message: 'is an old word for "retry"', help: 'write "retry" instead' } },
    },
  },
  virtualhost: later(words(1, 'a host name'), 'Host header'),
  http_protocol: later(words(1, 'one of 1.0, 1.0C, 1.1, 1.1C'), 'Version of HTTP to speak'),
  enable_sni: later(onOff, 'Send the name of the server in TLS'),
  sni_name: later(words(1, 'a host name'), 'Name to send in TLS', { since: '2.4' }),
  fast_recovery: later(onOff, 'Up after one good round'),
  tls_compliant: later(onOff, 'Require close_notify', { since: '2.4' }),
  url: later(nothing, 'One page to ask for', { block: httpUrl, repeatable: true }),
});

export const smtpCheck = defineBlock('SMTP_CHECK', {
  ...network,
  helo_name: later(words(1, 'a host name'), 'Name to say in HELO'),
  host: later(nothing, 'Old form of connect_ip, connect_port and bindto', {
    block: defineBlock('host', checkerConnection),
    repeatable: true,
    deprecated: {
      message: 'is an old form',
      help: 'write "connect_ip", "connect_port" and "bindto" instead',
    },
  }),
});

export const dnsCheck = defineBlock('DNS_CHECK', {
  ...network,
  type: later(words(1, 'a type of record'), 'Type of record to ask for', { default: 'SOA' }),
  name: later(words(1, 'a domain name'), 'Name to ask for', { default: '.' }),
});

export const miscCheck = defineBlock('MISC_CHECK', {
  ...checkerTiming,
  misc_path: later(command, 'Program to run'),
  misc_timeout: later(integer(0, 0xffff_ffff), 'Seconds after which it has failed'),
  misc_dynamic: later(flag, 'The exit status sets the weight'),
  user: later(words(1, 'a user, and a group if there is one'), 'Account that it runs as'),
});

export const udpCheck = defineBlock('UDP_CHECK', {
  ...network,
  payload: later(words(1, 'hexadecimal digits'), 'What to send'),
  require_reply: later(words(0, 'hexadecimal digits, or nothing'), 'A reply must come'),
  min_reply_length: later(integer(0, 65_535), 'Shortest good reply'),
  max_reply_length: later(integer(0, 65_535), 'Longest good reply'),
});

export const pingCheck = defineBlock('PING_CHECK', network);

export const fileCheck = defineBlock('FILE_CHECK', {
  ...checkerTiming,
  track_file: later(words(1, 'the name of a track_file'), 'File that holds the weight'),
  weight: later(words(1, 'a weight from -2147483647 to 2147483647'), 'Factor'),
});

export const bfdCheck = defineBlock('BFD_CHECK', {
  name: later(words(1, 'the name of a bfd_instance'), 'Session to follow'),
  alpha: later(onOff, 'Take the server for down until the session is up'),
});
