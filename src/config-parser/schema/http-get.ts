/** keepalived.conf(5): HTTP_GET and SSL_GET. Every url must give what is wanted of it. */
import { choice, flag, integer, nothing, onOff, text } from './arguments.ts';
import { digest, regexOptions, regexStack, statusCodes } from './arguments-http.ts';
import { checkerConnection, checkerTiming, retryWithOldWord } from './checker-common.ts';
import { pattern } from './pattern.ts';
import { acts, defineBlock, later } from './schema.ts';

const offset = integer(0, 0x7fff_ffff);

const tlsCompliant = acts(
  onOff,
  'A reply counts as whole only when the server says close_notify before it closes the connection',
  { default: 'off', since: '2.4' },
);

export const httpUrl = defineBlock('url', {
  path: acts(
    text,
    'Path to ask for, with its query if it has one; without it the url is dropped, and with the last url the whole check',
    { required: true },
  ),
  digest: acts(digest, 'MD5 that the body must have, as genhash prints it'),
  status_code: acts(statusCodes, 'Status codes that are good', { default: '200-299', repeatable: true }),
  virtualhost: acts(text, 'Host header of the request', { default: "the checker's" }),
  regex: acts(pattern, 'PCRE2 expression that the body must match'),
  regex_no_match: acts(flag, 'The body must not match the expression'),
  regex_options: acts(regexOptions, 'How the expression is read, as PCRE2 names its options'),
  regex_min_offset: acts(offset, 'Byte of the body where a match may begin at the earliest', {
    default: '0',
  }),
  regex_max_offset: acts(offset, 'Byte of the body where a match must have begun', {
    default: 'the end of the body',
  }),
  regex_stack: later(
    regexStack,
    "First and greatest size in bytes of the stack of PCRE2's compiled matcher",
    {
      ifIgnored: 'an expression is matched without a stack of its own, whose size nobody need choose',
    },
  ),
  tls_compliant: tlsCompliant,
});

const keywords = {
  ...checkerTiming,
  ...checkerConnection,
  retry: retryWithOldWord,
  delay_before_retry: { ...checkerTiming.delay_before_retry, default: '3' },
  virtualhost: acts(text, 'Host header of the requests', { default: "the real server's" }),
  http_protocol: acts(
    choice('1.0', '1.0C', '1.1'),
    'Version of HTTP that requests name; 1.0C adds "Connection: close"',
    { default: '1.0' },
  ),
  enable_sni: acts(onOff, 'Name the virtualhost when TLS begins, for servers with several certificates', {
    default: 'off',
  }),
  sni_name: acts(text, 'Name to give when TLS begins, in place of the virtualhost', { since: '2.4' }),
  fast_recovery: acts(
    onOff,
    'A server that answers again is up after one round of all urls without a pause, and not after a delay_loop for each',
    { default: 'off' },
  ),
  tls_compliant: tlsCompliant,
  url: acts(nothing, 'One page to ask for; with several, all must be good', {
    block: httpUrl,
    repeatable: true,
    required: true,
  }),
};

export const httpGet = defineBlock('HTTP_GET', keywords);

/** The same over TLS; the certificate is not verified. */
export const sslGet = defineBlock('SSL_GET', keywords);
