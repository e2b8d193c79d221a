import { hostRule } from '../../rule.ts';
import { commandsOf, defaultAccount } from './commands.ts';
import { instance } from './example.ts';

const lines = ['notify_master /usr/bin/true'];

/** keepalived.conf(5): script_user: keepalived_script, if there is such a user. */
export const scriptAccountMissing = hostRule({
  name: 'host/script-account-missing',
  level: 'warn',
  summary: 'Scripts run as root, because the account keepalived_script is missing',
  details: `Without \`script_user\` keepalived runs scripts as the user \`keepalived_script\`, and where there is no such
account, as root. With \`enable_script_security\` it then switches off every script that others could change, and without it
the configuration test ends with status 6. Create the account (\`useradd --system --no-create-home --shell /usr/sbin/nologin
keepalived_script\`), or write the \`script_user\` that you want, \`root\` too if that is meant.`,
  keepalived: 'reports',
  exampleHost: { hasUser: (name) => name === 'root' },
  bad: instance({ lines }),
  good: instance({ lines, above: 'global_defs {\n    script_user root\n    enable_script_security\n}' }),
  check: (file, host, report) => {
    if (file.globals.has('script_user') || host.hasUser(defaultAccount)) return;
    const asRoot = commandsOf(file).filter(({ user }) => user === undefined);
    const [first] = asRoot;
    if (first === undefined) return;
    const count = asRoot.length === 1 ? '1 command runs' : `${asRoot.length} commands run`;
    report({
      at: first.span,
      message: `${count} as root: there is no script_user, and this machine has no user ${defaultAccount}`,
      help: `create the user ${defaultAccount}, or write script_user in global_defs`,
    });
  },
});
