/** Whose a named pipe is: by the rule of scripts, since it is a script that reads it. */
import type { NotifyFifoConfig, ScriptSecurityConfig } from '../../../config-parser/config.ts';
import type { Accounts } from '../../commands/index.ts';

export type PipeOwner =
  /** No account: whose the daemon is. */
  | { readonly ok: true; readonly account?: { readonly uid: number; readonly gid: number } }
  | { readonly ok: false; readonly error: string };

/** keepalived.conf(5): notify_fifo, script_user. Without both, an account keepalived_script where there is one. */
export function pipeOwner(
  { user, group }: Pick<NotifyFifoConfig, 'user' | 'group'>,
  security: Pick<ScriptSecurityConfig, 'defaultUser' | 'defaultGroup'>,
  accounts: Accounts,
): PipeOwner {
  const name = user ?? security.defaultUser;
  const account = accounts.user(name ?? 'keepalived_script');
  if (account === undefined) {
    return name === undefined
      ? { ok: true }
      : { ok: false, error: `there is no user "${name}" on this host` };
  }
  const groupName = user === undefined ? (group ?? security.defaultGroup) : group;
  const gid = groupName === undefined ? account.gid : accounts.group(groupName);
  if (gid === undefined) {
    const missing =
      groupName === undefined ? `user ${name} has no group of its own` : `there is no group "${groupName}"`;
    return { ok: false, error: `${missing} on this host` };
  }
  return { ok: true, account: { uid: account.uid, gid } };
}
