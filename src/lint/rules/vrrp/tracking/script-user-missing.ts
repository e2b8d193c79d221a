import { fileRule } from '../../../rule.ts';
import { block, instance, script, textOf } from './example.ts';
import { countText, scriptsOf } from './scripts.ts';

function secured(lines: readonly string[]): string {
  const globals = block('global_defs', [...lines, 'enable_script_security']);
  return textOf(globals, script(), instance('VI_1', block('track_script', ['chk_web'])));
}

/** keepalived.conf(5): script_user, enable_script_security. */
export const scriptUserMissing = fileRule({
  name: 'vrrp/script-user-missing',
  level: 'warn',
  summary: 'enable_script_security without script_user',
  details: `With \`enable_script_security\` keepalived does not fall back to root: scripts that name no account run as
\`script_user\`, or else as a user called \`keepalived_script\`. On a host that has no such user every one of them is removed,
the tracked ones with it, so that checks decide nothing and notifications are not sent. Write \`script_user\` and an account
that exists on all directors, above the scripts.`,
  keepalived: 'reports',
  bad: secured([]),
  good: secured(['script_user nobody']),
  check: (file, report) => {
    const { globals } = file;
    const security = globals.last('enable_script_security');
    if (security === undefined || globals.has('script_user')) return;
    const homeless = scriptsOf(file).filter(({ user }) => user === undefined);
    const [first] = homeless;
    if (first === undefined) return;
    report({
      at: security.heading,
      message: `there is no script_user: unless this host has a user keepalived_script, ${countText(homeless)} of this file ${homeless.length === 1 ? 'is' : 'are'} removed`,
      help: 'write "script_user" and an account into global_defs, above this line',
      notes: [{ span: first.span, message: `this ${first.keyword} names no account of its own` }],
    });
  },
});
