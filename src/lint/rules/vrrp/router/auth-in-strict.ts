import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. RFC 3768 section 5.3.6 took authentication out of version 2. */
export const authInStrict = fileRule({
  name: 'vrrp/auth-in-strict',
  level: 'error',
  summary: 'Authentication in strict mode, which ignores it',
  details: `RFC 3768 took passwords out of VRRP version 2, and in strict mode keepalived keeps to that: it reports the
\`authentication\` block and sends and accepts advertisements without a password. A director that is not strict then drops
what comes without one, and becomes Master too. Delete the block on all directors, or strict mode on all.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', authentication()),
  good: instanceWith(authentication()),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      // Version 3 has none in any mode: that is another finding.
      const given = instance.values.last('authentication');
      if (given === undefined || instance.version === 3) continue;
      report({
        at: given.heading,
        message: `strict mode knows no authentication: ${instance.name} runs without it, and a director with the password drops its advertisements and becomes Master too`,
        help: `delete the block, or "${strictKeyword(instance)}", on all directors`,
        notes: strictNotes(instance, file),
      });
    }
  },
});

function authentication(): string {
  return 'authentication {\n    auth_type PASS\n    auth_pass example\n}';
}
