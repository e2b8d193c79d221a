/** keepalived.conf(5): authentication and auth_hmac, inside vrrp_instance. */
import { choice, integer, textOfAtMost } from './arguments.ts';
import { hmacKey } from './arguments-hmac.ts';
import { acts, defineBlock } from './schema.ts';

/** RFC 2338 section 5.3.10: Authentication Data has 8 bytes. */
const authenticationBytes = 8;

export const authentication = defineBlock('authentication', {
  auth_type: acts(
    choice('PASS', 'AH'),
    'PASS for a password that anybody on the network can read, AH for IPsec authentication headers, IPv4 only',
  ),
  auth_pass: acts(
    textOfAtMost(authenticationBytes),
    'The password, the same on all routers and sent in clear; only its first 8 bytes count',
  ),
});

export const authHmac = defineBlock('auth_hmac', {
  key: acts(
    hmacKey,
    'A key under its number; with several, advertisements signed with any of them are accepted, so that keys can be changed one router at a time',
    { repeatable: true },
  ),
  active_key: acts(
    integer(1, 255),
    'Number of the key that this router signs with; without it, or with one that is not given, keepalived sends unsigned',
  ),
  time_window: acts(
    integer(1, 300),
    'Seconds by which the time in an advertisement may differ from the time here',
    { default: 'three times advert_int, and at least 5' },
  ),
  anti_replay: acts(
    choice('time', 'monotonic'),
    'How a recorded advertisement is told from a new one: by the time of day, or by a clock that only goes forwards',
    { default: 'time' },
  ),
  mode: acts(
    choice('enforce', 'permissive', 'receive-only'),
    'enforce drops what is not signed, permissive accepts it, receive-only checks and does not sign',
    { default: 'enforce' },
  ),
});
