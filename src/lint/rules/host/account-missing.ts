import type { Span } from '../../../config-parser/index.ts';
import type { Host } from '../../host.ts';
import type { FileModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { commandsOf } from './commands.ts';
import { instance } from './example.ts';
import { wordsOf } from './walk.ts';

const asUser = (user: string) => instance({ lines: [`notify_master /usr/bin/true ${user}`] });

/** keepalived.conf(5): script_user; the user and group after a command. */
export const accountMissing = hostRule({
  name: 'host/account-missing',
  level: 'error',
  summary: 'A program is to run under an account that this machine does not have',
  details: `What stands behind a command outside of its quotes is the user that it runs as, and after that the group. Where
there is no such account keepalived switches the command off. Very often it was meant as an argument: \`notify_master
/usr/local/bin/notify.sh -a\` looks for a user \`-a\`. Put the command with its arguments into double quotes, or create the
account.`,
  keepalived: 'logs',
  exampleHost: { hasUser: (name) => name === 'root', hasGroup: (name) => name === 'root' },
  bad: asUser('web'),
  good: asUser('root'),
  check: (file, host, report) => {
    const told = new Set<string>();
    for (const { user, group, span, what } of accountsOf(file)) {
      const missing = missingOf(host, user, group);
      if (missing === undefined || told.has(`${missing} ${what}`)) continue;
      told.add(`${missing} ${what}`);
      const isArgument = user?.startsWith('-') === true || user?.includes('/') === true;
      report({
        at: span,
        message: `this machine has no ${missing}, which ${what} is to run as: keepalived switches it off`,
        help: isArgument
          ? 'put the command and its arguments into double quotes'
          : 'create the account, or put arguments of the command into double quotes with it',
      });
    }
  },
});

interface AccountUse {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly span: Span;
  readonly what: string;
}

function accountsOf(file: FileModel): readonly AccountUse[] {
  const given = file.globals.last('script_user');
  const [user, group] = given === undefined ? [] : wordsOf(given);
  const common =
    given === undefined
      ? []
      : [{ user, group: group?.replace(/^:/, ''), span: given.span, what: 'every script' }];
  const own = commandsOf(file).map(({ keyword, program, ...rest }) => ({
    ...rest,
    what: `${program} of ${keyword}`,
  }));
  return [...common, ...own];
}

function missingOf(host: Host, user: string | undefined, group: string | undefined): string | undefined {
  if (user !== undefined && !host.hasUser(user)) return `user ${user}`;
  return group !== undefined && !host.hasGroup(group) ? `group ${group}` : undefined;
}
