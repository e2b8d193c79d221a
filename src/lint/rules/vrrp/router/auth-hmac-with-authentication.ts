import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { hmacExample } from './hmac-example.ts';

/** keepalived.conf(5): auth_hmac takes the place of authentication. */
export const authHmacWithAuthentication = fileRule({
  name: 'vrrp/auth-hmac-with-authentication',
  level: 'error',
  summary: 'auth_hmac and authentication in one instance',
  details: `\`auth_hmac\` signs advertisements and takes the place of the old \`authentication\` block. keepalived reports
the two together and drops the old one: a director that still has only the password drops what this one sends, and
becomes Master too. Keep one of them, the same on all directors.`,
  keepalived: 'reports',
  bad: instanceWith(
    'authentication {\n    auth_type PASS\n    auth_pass example\n}',
    hmacExample('active_key 1'),
  ),
  good: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example\n}'),
  check: ({ instances }, report) => {
    for (const { name, values } of instances) {
      const signed = values.last('auth_hmac');
      const old = values.last('authentication');
      if (signed === undefined || old === undefined) continue;
      report({
        at: old.heading,
        message: `auth_hmac takes the place of this block: ${name} sends no password, and a director that asks for it drops its advertisements and becomes Master too`,
        help: 'delete "authentication" or "auth_hmac", the same on all directors',
        notes: [{ span: signed.heading, message: 'auth_hmac is here' }],
      });
    }
  },
});
