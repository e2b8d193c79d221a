import { hostRule } from '../../rule.ts';
import { accountOf, commandsOf, findProgram } from './commands.ts';
import { instance } from './example.ts';

const secured = { above: 'global_defs {\n    script_user root\n    enable_script_security\n}' };

/** keepalived.conf(5): enable_script_security. */
export const scriptInsecure = hostRule({
  name: 'host/script-insecure',
  level: 'error',
  summary: 'Others than root can change a program that root runs',
  details: `With \`enable_script_security\` keepalived refuses to run a program as root when somebody else could change it:
when the file, or a folder on the way to it, belongs to another user or can be written by its group or by all. The command is
switched off, and a \`track_script\` then watches nothing. Give the path to root and take away the rights of others, or run
the program under an account of its own with \`script_user\`.`,
  keepalived: 'reports',
  exampleHost: {
    pathFacts: (path) => ({ kind: 'file', isExecutable: true, isInsecure: path.startsWith('/srv') }),
  },
  bad: instance({ ...secured, lines: ['notify_master /srv/notify.sh'] }),
  good: instance({ ...secured, lines: ['notify_master /usr/bin/true'] }),
  check: (file, host, report) => {
    if (!file.globals.has('enable_script_security')) return;
    const told = new Set<string>();
    for (const command of commandsOf(file)) {
      const { program, keyword, span } = command;
      const found = findProgram(host, program);
      if (found?.facts.isInsecure !== true || told.has(program)) continue;
      if (accountOf(file, host, command) !== 'root') continue;
      told.add(program);
      report({
        at: span,
        message: `others than root can change ${found.path} or a folder above it: as root, with enable_script_security, ${keyword} is switched off`,
        help: `run "chown root" and "chmod go-w" on it and on the folders above, or write another script_user`,
      });
    }
  },
});
