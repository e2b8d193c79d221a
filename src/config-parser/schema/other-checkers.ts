/** keepalived.conf(5): the checkers that are read, and not run yet, besides HTTP_GET, SSL_GET and DNS_CHECK. */
import { account } from './account.ts';
import { command, flag, integer, name, nothing, onOff, text } from './arguments.ts';
import { hexBytes, hexPattern } from './arguments-hex.ts';
import { bfdName } from './bfd-instance.ts';
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { optional } from './optional.ts';
import { defineBlock, later } from './schema.ts';
import { weightUpTo } from './weight.ts';

const network = { ...checkerTiming, ...checkerConnection };

/** Checkers without a pause of their own between tries wait as long as between checks. */
const unhurried = {
  ...checkerTiming,
  delay_before_retry: { ...checkerTiming.delay_before_retry, default: 'delay_loop' },
};

export const smtpCheck = defineBlock('SMTP_CHECK', {
  ...network,
  helo_name: later(text, 'Name that this host gives in HELO', { default: 'smtpchecker.keepalived.org' }),
  host: later(nothing, 'Old form of connect_ip, connect_port and bindto', {
    block: defineBlock('host', checkerConnection),
    repeatable: true,
    deprecated: {
      message: 'is an old form',
      help: 'write "connect_ip", "connect_port" and "bindto" instead',
    },
  }),
});

const longestTimeoutSeconds = 4294;

export const miscCheck = defineBlock('MISC_CHECK', {
  ...unhurried,
  retry: { ...checkerTiming.retry, default: '0' },
  misc_path: later(
    command,
    'Program to run, with its arguments in one pair of quotes; exit status 0 is success, and without a program there is no check',
  ),
  misc_timeout: later(
    integer(0, longestTimeoutSeconds),
    'Whole seconds after which the program is ended and has failed',
    { default: 'delay_loop' },
  ),
  misc_dynamic: later(flag, 'Exit status 2 to 255 is success too, and sets the weight to 0 to 253'),
  user: later(account, 'Account that the program runs as', { default: 'script_user' }),
});

const replyLength = integer(0, 65_535);

export const udpCheck = defineBlock('UDP_CHECK', {
  ...network,
  payload: later(hexBytes, 'Bytes to send'),
  require_reply: later(
    optional(hexPattern, undefined, 'any reply'),
    'A reply must come, and begin with these bytes; without it, silence is success',
  ),
  min_reply_length: later(replyLength, 'Bytes that a reply must have at least', { default: '0' }),
  max_reply_length: later(replyLength, 'Bytes that a reply may have', { default: '255' }),
});

export const pingCheck = defineBlock('PING_CHECK', network);

export const fileCheck = defineBlock('FILE_CHECK', {
  ...unhurried,
  track_file: later(name, 'Name of the track_file block whose number is used', { required: true }),
  weight: later(
    weightUpTo(0x7fff_ffff),
    "What the number in the file is multiplied with before it is added to the server's weight; without it, any number but 0 takes the server down",
  ),
});

export const bfdCheck = defineBlock('BFD_CHECK', {
  name: later(bfdName, 'Name of the bfd_instance block whose session is followed'),
  alpha: later(onOff, 'The server counts as down until the session is up', { default: "the real server's" }),
});
