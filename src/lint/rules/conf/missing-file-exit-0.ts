import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';
import { afterInclude } from './include-failure.ts';

/** keepalived(8): -f; keepalived.conf(5): include. */
export const missingFileExit0 = diagnosticRule({
  name: 'conf/missing-file-exit-0',
  level: 'warn',
  summary: 'A file that is named does not exist, and keepalived -t succeeds all the same',
  details: `keepalived takes a configuration file that does not exist for an empty one: \`keepalived -t -f WRONG-PATH\` prints
\`Config files missing\` and exits 0, and a daemon that is started so runs and does nothing. An \`include\` of a file that does not
exist is passed over in the same way. A check in CI or before a reload that looks at the exit status is then no check. holdfast does
not start without its file, and \`holdfast lint\` exits with 2 when the file that it is given cannot be read.`,
  keepalived: 'silent',
  bad: { 'keepalived.conf': `${textOf(instance('VI_1'))}include services.conf\n` },
  good: {
    'keepalived.conf': 'include services.conf\n',
    'services.conf': textOf(instance('VI_1')),
  },
  claims: ({ code, reason }) =>
    code === 'file-unreadable' || (code === 'include-failed' && reason === 'missing'),
  improve: ({ code, severity, message, help }, { name }) => ({
    message: `${message}: ${code === 'file-unreadable' ? withoutFile : afterInclude(severity)}`,
    help: help ?? 'correct the path',
    ...(code === 'file-unreadable' && { at: { file: name, start: 0, end: 0 } }),
  }),
});

const withoutFile = 'keepalived would say so, run and do nothing, and keepalived -t exits 0';
