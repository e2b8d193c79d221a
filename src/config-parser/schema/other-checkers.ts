/** keepalived.conf(5): the checkers besides TCP_CHECK, HTTP_GET, SSL_GET and DNS_CHECK. */
import { account } from './account.ts';
import { command, flag, integer, name, nothing, onOff, text } from './arguments.ts';
import { hexBytes, hexPattern } from './arguments-hex.ts';
import { bfdName } from './bfd-instance.ts';
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { optional } from './optional.ts';
import { acts, defineBlock } from './schema.ts';
import { weightUpTo } from './weight.ts';

const network = { ...checkerTiming, ...checkerConnection };

/** Checkers without a pause of their own between tries wait as long as between checks. */
const unhurried = {
  ...checkerTiming,
  delay_before_retry: { ...checkerTiming.delay_before_retry, default: 'delay_loop' },
};

export const smtpCheck = defineBlock('SMTP_CHECK', {
  ...network,
  helo_name: acts(text, 'Name that this host gives in HELO', { default: 'smtpchecker.keepalived.org' }),
  host: acts(nothing, 'Old form of connect_ip, connect_port and bindto', {
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
  misc_path: acts(
    command,
    'Program to run, with its arguments in one pair of quotes; exit status 0 is success, and without a program there is no check',
  ),
  misc_timeout: acts(
    integer(0, longestTimeoutSeconds),
    'Whole seconds after which the program is ended and has failed',
    { default: 'delay_loop' },
  ),
  misc_dynamic: acts(flag, 'Exit status 2 to 255 is success too, and sets the weight to 0 to 253'),
  user: acts(account, 'Account that the program runs as', { default: 'script_user' }),
});

const replyLength = integer(0, 65_535);

export const udpCheck = defineBlock('UDP_CHECK', {
  ...network,
  payload: acts(hexBytes, 'Bytes to send'),
  require_reply: acts(
    optional(hexPattern, undefined, 'any reply'),
    'A reply must come, and begin with these bytes; without it, silence is success',
  ),
  min_reply_length: acts(replyLength, 'Bytes that a reply must have at least', { default: '0' }),
  max_reply_length: acts(replyLength, 'Bytes that a reply may have', { default: '255' }),
});

export const pingCheck = defineBlock('PING_CHECK', network);

export const fileCheck = defineBlock('FILE_CHECK', {
  ...unhurried,
  track_file: acts(name, 'Name of the track_file block whose number is used', { required: true }),
  weight: acts(
    weightUpTo(0x7fff_ffff),
    "What the number in the file is multiplied with before it is added to the server's weight; with 0, any number but 0 takes the server down",
    { default: "the track_file's" },
  ),
});

export const bfdCheck = defineBlock('BFD_CHECK', {
  name: acts(bfdName, 'Name of the bfd_instance block whose session is followed'),
  alpha: acts(onOff, 'The server counts as down until the session is up', { default: "the real server's" }),
});
