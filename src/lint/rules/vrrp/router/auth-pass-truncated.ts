import type { FileModel } from '../../../model/index.ts';
import { type DiagnosticRule, diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** RFC 2338 section 5.3.10: Authentication Data has 8 bytes. */
export const authPassTruncated = diagnosticRule({
  name: 'vrrp/auth-pass-truncated',
  level: 'warn',
  summary: 'auth_pass is longer than the 8 bytes that are sent',
  details: `An advertisement has room for 8 bytes of password. keepalived cuts the rest off and says so: two passwords that
differ only after the eighth byte are the same one, and a long password is no safer than a short one. It also makes
\`keepalived -t\` fail, in the middle of a roll-out as a rule. Write the first 8 bytes only; that means the same.`,
  keepalived: 'reports',
  bad: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example-password\n}'),
  good: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example-\n}'),
  claims: (diagnostic, file) => instanceAt(file, diagnostic, 'value-changed', 'auth_pass') !== undefined,
  improve,
});

function improve(
  ...[diagnostic, file]: Parameters<NonNullable<DiagnosticRule['improve']>>
): ReturnType<NonNullable<DiagnosticRule['improve']>> {
  return {
    message: `auth_pass${lengthText(diagnostic, file)} is cut to the 8 bytes that an advertisement has room for: a password that differs after them is accepted too`,
    help: 'write the first 8 bytes only, on all directors; it means the same',
  };
}

function lengthText(diagnostic: Parameters<DiagnosticRule['claims']>[0], file: FileModel): string {
  const instance = instanceAt(file, diagnostic, 'value-changed', 'auth_pass');
  const word = instance?.values.last('authentication')?.values.last('auth_pass')?.statement.args[0];
  return word === undefined ? '' : ` of ${new TextEncoder().encode(word.value).length} bytes`;
}
