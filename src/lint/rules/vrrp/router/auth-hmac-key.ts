import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { hmacExample } from './hmac-example.ts';

/** keepalived.conf(5): auth_hmac: key. */
export const authHmacKey = diagnosticRule({
  name: 'vrrp/auth-hmac-key',
  level: 'error',
  summary: 'A key of auth_hmac that cannot be used',
  details: `A key has a number from 1 to 255, which goes with each advertisement and says what it was signed with, and 32 to
64 bytes, written as text, as \`hex:\` with two digits a byte, or kept in a \`file:\`. A key that is too short or too long
is reported and left out; if it was the active one, advertisements go out unsigned.`,
  keepalived: 'reports',
  bad: instanceWith(hmacExample('key 2 too-short', 'active_key 1')),
  good: instanceWith(),
  claims: ({ code, subject }) =>
    code === 'invalid-value' && subject?.block === 'auth_hmac' && subject.keyword === 'key',
  improve: ({ message }) => {
    const reason = reasonIn(message);
    return {
      ...(reason !== undefined && {
        message: `this key is left out, and what is signed with it is dropped: a key has 32 to 64 bytes (${reason})`,
      }),
      help: 'write the number, and "hex:" with the output of "openssl rand -hex 32"',
    };
  },
});

/** What the parser says of the key itself; of the number it says something else. */
function reasonIn(message: string): string | undefined {
  return /\(((?:this one|no path) .*?)\)(?:,|$)/.exec(message)?.[1];
}
