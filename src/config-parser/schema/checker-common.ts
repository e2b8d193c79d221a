/** keepalived.conf(5): the keywords that checkers share. */
import { integer, interfaceName, ipAddress, onOff, seconds } from './arguments.ts';
import { oldSpellings } from './old-words.ts';
import { acts } from './schema.ts';

export const longestTimeoutSeconds = 4294.967295;

/** One microsecond, keepalived's step; longer ones have no bound. */
export const anyDelay = seconds(0.000001, Number.POSITIVE_INFINITY);
export const anyDelayOrNone = seconds(0, Number.POSITIVE_INFINITY);
export const connectTimeout = seconds(0.000001, longestTimeoutSeconds);

/** Of a real server, a virtual server and a checker. */
export const attemptTimeout = acts(
  connectTimeout,
  'Seconds that a whole attempt may take, however many steps it has; connect_timeout is for each of them',
  { default: 'delay_loop, or 10 times connect_timeout if that is more', isOwn: true },
);

/** Timing and conditions of every checker; BFD_CHECK alone has none of them. */
export const checkerTiming = {
  retry: acts(
    integer(0, 0xffff_ffff),
    'Further tries after a failure before a server that is up goes down; 0 takes it down at the first failure',
    { default: '1' },
  ),
  delay_before_retry: acts(anyDelayOrNone, 'Seconds between a failed try and the next', { default: '1' }),
  warmup: acts(
    anyDelayOrNone,
    'The first check happens after a random time of up to so many seconds, so that not all begin at once; 0 begins at once',
    { default: 'delay_loop' },
  ),
  delay_loop: acts(anyDelay, 'Seconds from one check to the next', { default: "the real server's" }),
  alpha: acts(onOff, 'The server counts as down until this check has succeeded once', {
    default: "the real server's",
  }),
  attempt_timeout: attemptTimeout,
  log_all_failures: acts(onOff, 'Log every failed check, and not only changes from up to down', {
    default: 'checker_log_all_failures',
  }),
};

/** Where a checker with a network connection connects from and to. */
export const checkerConnection = {
  connect_ip: acts(ipAddress(), 'Address to connect to', { default: "the real server's" }),
  connect_port: acts(
    integer(1, 65_535),
    'Port to connect to; needed where neither the real server nor the service has one',
    { default: "the real server's" },
  ),
  bindto: acts(ipAddress(), 'Address of this host to connect from, of the family of the one connected to'),
  bind_port: acts(integer(1, 65_535), 'Port to connect from'),
  bind_if: acts(interfaceName, 'Interface to connect from; needed for link-local addresses'),
  connect_timeout: acts(connectTimeout, 'Seconds after which an attempt without an answer has failed', {
    default: '5',
  }),
  fwmark: acts(integer(0, 0xffff_ffff), "Firewall mark of the checker's packets, for routing rules", {
    default: '0',
  }),
};

const oldRetry = oldSpellings('retry', 'nb_get_retry');

/** HTTP_GET and SSL_GET know the old word to this day. */
export const retryWithOldWord = { ...checkerTiming.retry, aliases: oldRetry };
