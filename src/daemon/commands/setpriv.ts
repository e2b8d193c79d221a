/** Supplementary groups for a command: Node.js clears them in a process that gets another user, so setpriv(1) sets them. */
import { existsSync } from 'node:fs';
import type { PreparedCommand } from './prepare-command.ts';

const setprivPaths = ['/usr/bin/setpriv', '/bin/setpriv'];

/** The command behind setpriv, which replaces itself by it; undefined where the host has none. */
export function withSupplementaryGroups(command: PreparedCommand): PreparedCommand | undefined {
  const { account = { uid: 0, gid: 0 }, supplementaryGroups } = command;
  const setpriv = setprivPaths.find((path) => existsSync(path));
  if (setpriv === undefined) return undefined;
  const groups = supplementaryGroups.join(',');
  return {
    file: setpriv,
    name: 'setpriv',
    args: [
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      `--groups=${groups}`,
      '--',
      command.file,
      ...command.args,
    ],
    supplementaryGroups: [],
  };
}
