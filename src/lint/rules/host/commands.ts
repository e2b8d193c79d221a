/** The programs that a file has run, and the accounts that they run as. */
import { type BlockValues, type Given, type Span, splitShellWords } from '../../../config-parser/index.ts';
import { commandWords } from '../../command-words.ts';
import type { Host, PathFacts } from '../../host.ts';
import type { FileModel } from '../../model/index.ts';
import { forEachGiven, wordsOf } from './walk.ts';

export interface Command {
  /** `notify_master`, `script`. */
  readonly keyword: string;
  readonly program: string;
  /** As written with the command, or in `user` beside it. */
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly span: Span;
}

const commands = new WeakMap<FileModel, readonly Command[]>();

/** In the order of the file. Several rules ask. */
export function commandsOf(file: FileModel): readonly Command[] {
  const known = commands.get(file);
  if (known !== undefined) return known;
  const found: Command[] = [];
  forEachGiven(file.root, (given, siblings) => {
    const command = commandWords.has(given.keyword) ? commandOf(given, siblings) : undefined;
    if (command !== undefined) found.push(command);
  });
  commands.set(file, found);
  return found;
}

function commandOf(given: Given, siblings: BlockValues): Command | undefined {
  const { keyword, span, value } = given;
  const parsed = isCommandValue(value) ? value : { command: wordsOf(given)[0] ?? '' };
  const split = splitShellWords(parsed.command);
  const program = split.ok ? split.words[0]?.value : undefined;
  if (program === undefined) return undefined;
  const account = siblings.last('user');
  const [user, group] = account === undefined ? [] : wordsOf(account);
  return {
    keyword,
    program,
    span,
    user: parsed.user ?? user,
    group: parsed.user === undefined ? group?.replace(/^:/, '') : parsed.group,
  };
}

interface CommandValue {
  readonly command: string;
  readonly user?: string;
  readonly group?: string;
}

function isCommandValue(value: unknown): value is CommandValue {
  return (
    typeof value === 'object' && value !== null && 'command' in value && typeof value.command === 'string'
  );
}

/** Where a program without a slash is looked for: what execvp(3) takes when there is no PATH, and the sbin folders. */
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export interface Found {
  readonly path: string;
  readonly facts: PathFacts;
}

export function findProgram(host: Host, program: string): Found | undefined {
  const candidates = program.includes('/') ? [program] : folders.map((folder) => `${folder}/${program}`);
  for (const path of candidates) {
    const facts = host.pathFacts(path);
    if (facts !== undefined) return { path, facts };
  }
  return undefined;
}

export const defaultAccount = 'keepalived_script';

/** keepalived.conf(5): script_user: keepalived_script where there is such an account, else root. */
export function accountOf({ globals }: FileModel, host: Host, { user }: Command): string {
  if (user !== undefined) return user;
  const given = globals.last('script_user');
  const [name] = given === undefined ? [] : wordsOf(given);
  return name ?? (host.hasUser(defaultAccount) ? defaultAccount : 'root');
}
