/**
 * From a command of the configuration to what can be executed: which file, as which account. Says what is wrong as values; the
 * checks are those of keepalived's script security.
 */
import type { CommandConfig, ScriptSecurityConfig } from '../../config-parser/config.ts';
import type { Accounts, User } from './accounts.ts';
import { type CommandProblem, refused, warned } from './command-problem.ts';
import { findProgram, mayExecute, resolveLinks, whoElseCanChange } from './program-path.ts';

/** What can be executed as it stands. */
export interface PreparedCommand {
  /** Absolute. */
  readonly file: string;
  /** The program as the configuration names it: what it sees as its own name. */
  readonly name: string;
  readonly args: readonly string[];
  /** Undefined runs it as whom we are. */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Empty where keepalived.conf(5): set_supplementary_groups is off. */
  readonly supplementaryGroups: readonly number[];
}

export type Prepared =
  | { readonly ok: true; readonly command: PreparedCommand; readonly warnings: readonly CommandProblem[] }
  | { readonly ok: false; readonly problem: CommandProblem };

/** The machine, as far as it matters for whether a command can run. */
export interface CommandHost {
  readonly accounts: Accounts;
  /** Effective, of this process. */
  readonly uid: number;
  readonly gid: number;
  readonly searchPath: string | undefined;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly supplementaryGroups: readonly number[];
}

/** keepalived.conf(5): script_user, enable_script_security, use_symlink_paths, set_supplementary_groups. */
export function prepareCommand(
  command: CommandConfig,
  security: ScriptSecurityConfig,
  host: CommandHost,
): Prepared {
  const account = accountOf(command, security, host);
  if ('severity' in account) return { ok: false, problem: account };
  const [name = '', ...args] = command.argv;
  if (name.startsWith('<')) {
    const message = `"${name}" is a redirection, for which it would need a shell; name a program that makes the check`;
    return { ok: false, problem: refused('not-found', message) };
  }
  const found = findProgram(name, host.searchPath);
  if (!found.ok)
    return { ok: false, problem: refused('not-found', `the program cannot be run: ${found.error}`) };
  const gids = [account.gid, ...account.supplementaryGroups];
  if (!mayExecute(found.facts, { uid: account.uid, gids })) {
    const message = `'${found.path}' is not executable for uid:gid ${account.uid}:${account.gid}; chmod +x would make it so`;
    return { ok: false, problem: refused('not-executable', message) };
  }
  const insecure = account.uid === 0 ? findInsecurity(found.path, security) : undefined;
  if (insecure?.severity === 'refused') return { ok: false, problem: insecure };
  return {
    ok: true,
    command: {
      file: security.useSymlinkPaths ? found.path : resolveLinks(found.path),
      name,
      args,
      ...(isOurselves(account, host) ? {} : { account: { uid: account.uid, gid: account.gid } }),
      supplementaryGroups: account.supplementaryGroups,
    },
    warnings: insecure === undefined ? [] : [insecure],
  };
}

function isOurselves(account: Account, host: CommandHost): boolean {
  return account.uid === host.uid && account.gid === host.gid;
}

function accountOf(
  command: CommandConfig,
  security: ScriptSecurityConfig,
  host: CommandHost,
): Account | CommandProblem {
  const user = userOf(command.user ?? security.defaultUser, security, host);
  if ('severity' in user) return user;
  const groupName = command.user === undefined ? (command.group ?? security.defaultGroup) : command.group;
  const isOurs = user.uid === host.uid;
  const gid =
    groupName === undefined ? (user.gid ?? (isOurs ? host.gid : undefined)) : host.accounts.group(groupName);
  if (gid === undefined) {
    const message =
      groupName === undefined
        ? `user ${user.uid} has no account on this host and so no group; name a group behind it`
        : `there is no group "${groupName}" on this host`;
    return refused('no-such-group', message);
  }
  if (host.uid !== 0 && (user.uid !== host.uid || gid !== host.gid)) {
    const wanted = `${user.name ?? user.uid}:${groupName ?? gid}`;
    return refused(
      'not-root',
      `it is to run as ${wanted}, and only root can do that; we run as uid:gid ${host.uid}:${host.gid}`,
    );
  }
  const supplementaryGroups =
    host.uid === 0 && security.setSupplementaryGroups ? host.accounts.supplementaryGroups(user) : [];
  return { uid: user.uid, gid, supplementaryGroups };
}

/** keepalived.conf(5): script_user: the account that stands in for one that is not named. */
const usualAccount = 'keepalived_script';

function userOf(
  name: string | undefined,
  security: ScriptSecurityConfig,
  host: CommandHost,
): User | CommandProblem {
  if (name !== undefined) {
    const user = host.accounts.user(name);
    return user ?? refused('no-such-user', `there is no user "${name}" on this host`);
  }
  const ourselves = { uid: host.uid, gid: host.gid };
  // An unprivileged daemon cannot become anybody, so what was not asked for is not missed.
  if (host.uid !== 0) return ourselves;
  const usual = host.accounts.user(usualAccount);
  if (usual !== undefined) return usual;
  if (!security.refusesWritable) return { ...ourselves, name: 'root' };
  return refused(
    'no-default-account',
    `enable_script_security is set, but there is neither script_user nor an account "${usualAccount}"; set script_user, if need be to root`,
  );
}

function findInsecurity(path: string, security: ScriptSecurityConfig): CommandProblem | undefined {
  const real = resolveLinks(path);
  // With links kept in the path, whoever can change one of them chooses what runs.
  const weakness =
    whoElseCanChange(real) ??
    (security.useSymlinkPaths && real !== path ? whoElseCanChange(path) : undefined);
  if (weakness === undefined) return undefined;
  const found = `Unsafe permissions found for script '${path}', which runs as root: ${weakness}`;
  return security.refusesWritable
    ? refused('writable-by-others', `${found}; it is not run`)
    : warned('writable-by-others', `${found}; enable_script_security would refuse it`);
}
