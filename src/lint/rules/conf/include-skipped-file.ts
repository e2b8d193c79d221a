import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';
import { afterInclude } from './include-failure.ts';

/** keepalived.conf(5): include: what is no regular file, or may be executed, is left out. */
export const includeSkippedFile = diagnosticRule({
  name: 'conf/include-skipped-file',
  level: 'warn',
  summary: 'An included file is left out, because it is a directory or executable',
  details: `An include leaves out what is no regular file, and what has an execute bit, which is how programs that lie in the same
folder are told from configuration. A \`chmod +x\` on \`conf.d/a.conf\`, or a file system that shows every file as executable, makes
its services vanish; keepalived logs that it skips the file and exits 0. Take the bit away with \`chmod a-x\`; of a directory name
the files in it, \`conf.d/*.conf\`.`,
  keepalived: 'logs',
  bad: {
    'keepalived.conf': `${textOf(instance('VI_1'))}include conf.d\n`,
    'conf.d/a.conf': textOf(instance('VI_2')),
  },
  good: {
    'keepalived.conf': `${textOf(instance('VI_1'))}include conf.d/*.conf\n`,
    'conf.d/a.conf': textOf(instance('VI_2')),
  },
  claims: ({ code, reason }) => code === 'include-failed' && reason === 'skipped',
  improve: ({ severity, message }) => ({
    message: `${message}: ${afterInclude(severity)}`,
    help: 'take the execute bit away (chmod a-x); of a directory include the files: "DIRECTORY/*.conf"',
  }),
});
