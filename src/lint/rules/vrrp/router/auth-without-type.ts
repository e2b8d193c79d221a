import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): without auth_type there is no authentication. */
export const authWithoutType = diagnosticRule({
  name: 'vrrp/auth-without-type',
  level: 'warn',
  summary: 'An authentication block without auth_type, which does nothing',
  details: `What kind of authentication is used follows from \`auth_type\` alone, and its default is none. A block that has
only a password changes nothing and keepalived does not say so: the instance runs without authentication. A director
whose block is complete drops its advertisements and becomes Master too. Write \`auth_type PASS\`.`,
  keepalived: 'silent',
  bad: instanceWith('authentication {\n    auth_pass example\n}'),
  good: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example\n}'),
  claims: (diagnostic, file) =>
    instanceAt(file, diagnostic, 'authentication-ignored', 'authentication')
      ?.values.last('authentication')
      ?.values.has('auth_type') === false,
  levelOf: () => 'warn',
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'authentication-ignored', 'authentication');
    return {
      message: `without auth_type this block does nothing: ${instance?.name ?? 'the instance'} sends no password and asks for none`,
      help: 'write "auth_type PASS" in it, or delete it',
    };
  },
});
