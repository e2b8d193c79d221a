import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';
import { afterInclude } from './include-failure.ts';

/** keepalived.conf(5): include and its variants. */
export const includeMatchesNothing = diagnosticRule({
  name: 'conf/include-matches-nothing',
  level: 'warn',
  summary: 'An include has a pattern that no file matches',
  details: `\`include\` with a pattern such as \`conf.d/*.conf\` includes nothing where nothing matches, and that is no error
to keepalived: a folder that was renamed or not copied takes all its services with it, and \`keepalived -t\` exits 0. A pattern is
looked for from the folder of the file that holds it. \`includew\` and \`includea\`, or \`include_check\` in global_defs, make it an
error there; holdfast says it in any case.`,
  keepalived: 'silent',
  bad: { 'keepalived.conf': `${textOf(instance('VI_1'))}include conf.d/*.conf\n` },
  good: {
    'keepalived.conf': 'include conf.d/*.conf\n',
    'conf.d/a.conf': textOf(instance('VI_1')),
  },
  claims: ({ code, reason }) => code === 'include-failed' && reason === 'unmatched',
  improve: ({ severity, message, help }) => ({
    message: `${message}: ${afterInclude(severity)}`,
    help: help ?? 'correct the pattern, or delete the line',
  }),
});
