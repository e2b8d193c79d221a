import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): auth_type needs auth_pass. */
export const authWithoutPassword = diagnosticRule({
  name: 'vrrp/auth-without-password',
  level: 'error',
  summary: 'auth_type without auth_pass',
  details: `Without a password there is nothing to compare, and keepalived reports the \`authentication\` block and ignores
it: it sends advertisements of authentication type 0. A director that has the password drops those and becomes Master
too. Write the same \`auth_pass\` on all directors, or delete the block on all.`,
  keepalived: 'reports',
  bad: instanceWith('authentication {\n    auth_type PASS\n}'),
  good: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example\n}'),
  claims: (diagnostic, file) =>
    instanceAt(file, diagnostic, 'authentication-ignored', 'authentication')
      ?.values.last('authentication')
      ?.values.has('auth_type') === true,
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'authentication-ignored', 'authentication');
    return {
      message: `auth_type without auth_pass: ${instance?.name ?? 'the instance'} runs without authentication, and a director with the password drops its advertisements and becomes Master too`,
      help: 'write "auth_pass" with the password of the other directors, or delete the block on all of them',
    };
  },
});
