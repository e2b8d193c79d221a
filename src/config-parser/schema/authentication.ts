/** keepalived.conf(5): authentication and auth_hmac, inside vrrp_instance. */
import { choice, integer, textOfAtMost, words } from './arguments.ts';
import { acts, defineBlock, later } from './schema.ts';

/** RFC 2338 section 5.3.10: Authentication Data has 8 bytes. */
const authenticationBytes = 8;

export const authentication = defineBlock('authentication', {
  auth_type: acts(choice('PASS', 'AH'), 'Simple password, or IP authentication header'),
  auth_pass: acts(textOfAtMost(authenticationBytes), 'The password, sent in clear'),
});

export const authHmac = defineBlock('auth_hmac', {
  key: later(words(2, 'a number from 1 to 255 and a key'), 'A key', { repeatable: true }),
  active_key: later(integer(1, 255), 'The key that signs'),
  time_window: later(integer(1, 300), 'Seconds by which clocks may differ'),
  anti_replay: later(choice('time', 'monotonic'), 'How repetition is noticed'),
  mode: later(choice('enforce', 'permissive', 'receive-only'), 'Whether unsigned packets pass'),
});
