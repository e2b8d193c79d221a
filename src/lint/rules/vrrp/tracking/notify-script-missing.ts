import { splitShellWords } from '../../../../config-parser/index.ts';
import { fileRule } from '../../../rule.ts';
import { instance, scriptGlobals, textOf } from './example.ts';
import { scriptsOf } from './scripts.ts';

function notifying(path: string): string {
  return textOf(scriptGlobals, instance('VI_1', [`notify_master "${path}"`]));
}

/** keepalived runs with / as its working directory, and no shell reads a command. */
export const notifyScriptMissing = fileRule({
  name: 'vrrp/notify-script-missing',
  level: 'warn',
  summary: 'A script whose path does not begin at the root is looked for where nobody put it',
  details: `keepalived works in the folder \`/\` and starts programs without a shell. A path such as \`scripts/notify.sh\` therefore
means \`/scripts/notify.sh\`, wherever the configuration lies, and \`~\` is a folder of that name. A script that is not found is
disabled with a line in the log, and the configuration test of keepalived says nothing: the failover happens and the script
does not. Write the path from the root. Names without a slash are looked for in the daemon's PATH, which is fine for programs
of the system. Whether the file exists is a question for \`holdfast lint --host\`.`,
  keepalived: 'logs',
  bad: notifying('scripts/notify.sh'),
  good: notifying('/usr/local/bin/notify.sh'),
  check: (file, report) => {
    for (const { keyword, command, span } of scriptsOf(file)) {
      const program = programOf(command);
      if (program.startsWith('/') || !program.includes('/')) continue;
      report({
        at: span,
        message: `${keyword} names "${program}", which is looked for at ${fromRoot(program)}: where nothing is found there, the script is disabled and only the log says so`,
        help: 'write the path from the root, beginning with "/"',
      });
    }
  },
});

function programOf(command: string): string {
  const split = splitShellWords(command);
  return split.ok ? (split.words[0]?.value ?? '') : '';
}

/** `./a`, `../a` and `a` alike: there is nothing above the root. */
function fromRoot(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
