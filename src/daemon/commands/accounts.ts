/**
 * The accounts of this host as passwd(5) and group(5) list them. Accounts that only a directory service knows are asked for
 * with getent(1), which takes its arguments as they are.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface User {
  /** Undefined for a number that belongs to no account. */
  readonly name?: string;
  readonly uid: number;
  /** Undefined for a number that belongs to no account. */
  readonly gid?: number;
}

export interface Accounts {
  /** By name, or by number where no account has that name. */
  user(nameOrNumber: string): User | undefined;
  /** The group's number. */
  group(nameOrNumber: string): number | undefined;
  /** Of all groups that name this user as a member, without the user's own; ascending. */
  supplementaryGroups(user: User): readonly number[];
}

export interface AccountFiles {
  readonly passwd: string;
  readonly group: string;
  /** The line of one entry that the files do not have; undefined when there is none. */
  readonly ask?: (database: 'passwd' | 'group', name: string) => string | undefined;
}

/** Accounts from the text of the two files. Lines that are not of their form are passed over, as getpwnam(3) does. */
export function parseAccounts({ passwd, group, ask = () => undefined }: AccountFiles): Accounts {
  const users = passwd.split('\n').flatMap(parseUser);
  const groups = group.split('\n').flatMap(parseGroup);
  const usersByName = new Map(users.toReversed().map((user) => [user.name, user]));
  const groupsByName = new Map(groups.toReversed().map((entry) => [entry.name, entry.gid]));
  return {
    user(text) {
      const listed = usersByName.get(text) ?? (ask('passwd', text) ?? '').split('\n').flatMap(parseUser)[0];
      if (listed !== undefined) return listed;
      const uid = idOf(text);
      if (uid === undefined) return undefined;
      return users.find((user) => user.uid === uid) ?? { uid };
    },
    group(text) {
      const asked = () => (ask('group', text) ?? '').split('\n').flatMap(parseGroup)[0]?.gid;
      return groupsByName.get(text) ?? asked() ?? idOf(text);
    },
    supplementaryGroups({ name, gid }) {
      if (name === undefined) return [];
      const found = groups.filter((entry) => entry.members.includes(name)).map((entry) => entry.gid);
      return [...new Set(found)].filter((id) => id !== gid).sort((a, b) => a - b);
    },
  };
}

/** Those of this host, read anew at each call. */
export function readAccounts(): Accounts {
  return parseAccounts({ passwd: readText('/etc/passwd'), group: readText('/etc/group'), ask: getent });
}

/** passwd(5): name:password:UID:GID:GECOS:directory:shell */
function parseUser(line: string): { name: string; uid: number; gid: number }[] {
  const [name, , uidText, gidText] = line.split(':');
  const uid = idOf(uidText);
  const gid = idOf(gidText);
  return name && uid !== undefined && gid !== undefined ? [{ name, uid, gid }] : [];
}

/** group(5): group_name:password:GID:user_list */
function parseGroup(line: string): { name: string; gid: number; members: readonly string[] }[] {
  const [name, , gidText, members = ''] = line.split(':');
  const gid = idOf(gidText);
  return name && gid !== undefined ? [{ name, gid, members: members.split(',') }] : [];
}

/** (uid_t) -1 means "unchanged" to the kernel and is nobody's number. */
const highestId = 0xffff_fffe;

function idOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= highestId ? id : undefined;
}

/** A host without the file has no accounts but numbers. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const longestAnswerMs = 1000;

function getent(database: 'passwd' | 'group', name: string): string | undefined {
  if (name === '' || idOf(name) !== undefined) return undefined;
  try {
    return execFileSync('getent', [database, '--', name], {
      timeout: longestAnswerMs,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // It exits with 2 where there is no such entry, and a host without getent has only its files.
    return undefined;
  }
}
