/** keepalived.conf(5): lvs_sync_daemon, `IF [inst NAME] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]`. */
import type { Span } from '../../../config-parser/index.ts';
import type { FileModel, InstanceModel } from '../../model/index.ts';

export interface SyncDaemon {
  readonly interface: string;
  /** Whose Master sends; undefined where nobody is named or there is none of that name. */
  readonly instance: InstanceModel | undefined;
  readonly instanceName: string | undefined;
  /** As given, else the VRID of the instance. */
  readonly id: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly span: Span;
}

const optionNames = new Set(['inst', 'id', 'maxlen', 'port', 'ttl', 'group']);

export function syncDaemonOf({ globals, instances }: FileModel): SyncDaemon | undefined {
  const given = globals.last('lvs_sync_daemon');
  if (given === undefined) return undefined;
  const [device = '', ...words] = given.statement.args.map(({ value }) => value);
  const settings = settingsOf(words);
  const instanceName = settings.get('inst');
  const instance = instances.find(({ name }) => name === instanceName);
  const id = settings.get('id') ?? String(instance?.vrid ?? 0);
  return { interface: device, instance, instanceName, id, settings, span: given.heading };
}

/** The old form has the instance and the id without their names. */
function settingsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const [first = '', second] = words;
  if (first !== '' && !optionNames.has(first)) {
    const old = new Map([['inst', first]]);
    return second === undefined ? old : old.set('id', second);
  }
  const settings = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) settings.set(words[at] ?? '', words[at + 1] ?? '');
  return settings;
}
