/** The programs that a configuration has keepalived run, wherever they stand, with the account they run as. */
import type { BlockValues, Given, Span } from '../../../../config-parser/index.ts';
import type { FileModel, VirtualServerModel } from '../../../model/index.ts';

/** Which process runs it: keepalived looks at the security of each kind by itself. */
export type ScriptKind = 'vrrp' | 'check' | 'daemon';

export interface Script {
  readonly kind: ScriptKind;
  /** `notify_master`, `script`. */
  readonly keyword: string;
  /** Program and arguments as one string. */
  readonly command: string;
  /** As the line or its block says; undefined where script_user holds. */
  readonly user: string | undefined;
  readonly span: Span;
}

type GivenCommand = Given<{ readonly command: string; readonly user?: string }>;

export function scriptsOf(file: FileModel): readonly Script[] {
  const before = known.get(file);
  if (before !== undefined) return before;
  const scripts: Script[] = [];
  const add: Add = (kind, given, user) => {
    if (given === undefined) return;
    const { keyword, value, span } = given;
    scripts.push({ kind, keyword, command: value.command, user: value.user ?? user, span });
  };
  addOfVrrp(file, add);
  const isUsed = [...ofService, ...serverWords].some((word) => file.words.has(word));
  if (isUsed) for (const server of file.virtualServers) addOfServer(server, add);
  known.set(file, scripts);
  return scripts;
}

const known = new WeakMap<FileModel, readonly Script[]>();

type Add = (kind: ScriptKind, given: GivenCommand | undefined, user?: string) => void;

function addOfVrrp({ globals, trackers, instances, syncGroups }: FileModel, add: Add): void {
  for (const keyword of daemonScripts) add('daemon', globals.last(keyword));
  for (const keyword of fifoScripts) add('vrrp', globals.last(keyword));
  for (const { values } of trackers.script.values()) {
    add('vrrp', values.last('script'), values.value('user')?.user);
  }
  for (const { values } of instances) for (const keyword of ofInstance) add('vrrp', values.last(keyword));
  for (const { values } of syncGroups) for (const keyword of ofState) add('vrrp', values.last(keyword));
}

function addOfServer({ values, realServers }: VirtualServerModel, add: Add): void {
  if (mentions(values, ofService)) for (const keyword of ofService) add('check', values.last(keyword));
  for (const server of realServers) {
    if (!mentions(server.values, serverWords)) continue;
    for (const keyword of ofServer) add('check', server.values.last(keyword));
    for (const check of server.values.all('MISC_CHECK')) {
      add('check', check.values.last('misc_path'), check.values.value('user')?.user);
    }
  }
}

/** Quick to say no, as it is for nearly all of very many servers. */
function mentions(values: Pick<BlockValues, 'has'>, words: readonly string[]): boolean {
  return words.some((word) => values.has(word));
}

const daemonScripts = ['startup_script', 'shutdown_script'] as const;
const fifoScripts = ['notify_fifo_script', 'vrrp_notify_fifo_script', 'lvs_notify_fifo_script'] as const;
const ofState = ['notify_master', 'notify_backup', 'notify_fault', 'notify_stop', 'notify'] as const;
const ofInstance = [...ofState, 'notify_master_rx_lower_pri'] as const;
const ofService = ['quorum_up', 'quorum_down'] as const;
const ofServer = ['notify_up', 'notify_down'] as const;
const serverWords = [...ofServer, 'MISC_CHECK'];

/** `1 script`, `12 scripts`. */
export function countText(scripts: readonly Script[]): string {
  return `${scripts.length} ${scripts.length === 1 ? 'script' : 'scripts'}`;
}
