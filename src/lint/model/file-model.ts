/** The model of one configuration: made once, and looked at by every rule. */
import { BlockValues, type GivenOf, type Resolved, type schema } from '../../config-parser/index.ts';
import { type GlobalValues, InstanceModel } from './instance-model.ts';
import { VirtualServerModel } from './server-model.ts';
import type { SyncGroupModel } from './sync-group-model.ts';
import { type Trackers, trackedBy } from './tracked.ts';

type Root = typeof schema.keywords;

export interface FileModel {
  /** Of the main file, as the operator gave it. */
  readonly name: string;
  readonly resolved: Resolved;
  /** Every keyword that is written anywhere: a rule about a word that is not there need not look. */
  readonly words: ReadonlySet<string>;
  /** Everything outside of all blocks. */
  readonly root: Resolved['values'];
  /** All global_defs as one. */
  readonly globals: GlobalValues;
  readonly instances: readonly InstanceModel[];
  readonly syncGroups: readonly SyncGroupModel[];
  readonly trackers: Trackers;
  readonly virtualServers: readonly VirtualServerModel[];
  readonly serverGroups: ReadonlyMap<string, GivenOf<Root['virtual_server_group']>>;
}

export function buildFileModel(name: string, resolved: Resolved): FileModel {
  const root = resolved.values;
  const globals = BlockValues.joined(root.all('global_defs').map(({ values }) => values));
  const trackers: Trackers = {
    script: byName(root.all('vrrp_script')),
    file: byName(root.all('track_file')),
    process: byName(root.all('vrrp_track_process')),
    bfd: byName(root.all('bfd_instance')),
  };
  const instances = root.all('vrrp_instance').map((given) => new InstanceModel(given, globals, trackers));
  return {
    name,
    resolved,
    words: resolved.words,
    root,
    globals,
    instances,
    syncGroups: buildSyncGroups(root, instances, trackers),
    trackers,
    virtualServers: root.all('virtual_server').map((given) => new VirtualServerModel(given)),
    serverGroups: byName(root.all('virtual_server_group')),
  };
}

function byName<Item extends { readonly value: string }>(given: readonly Item[]): ReadonlyMap<string, Item> {
  const map = new Map<string, Item>();
  // The first counts: keepalived skips a second block of the same name.
  for (const item of given) if (!map.has(item.value)) map.set(item.value, item);
  return map;
}

function buildSyncGroups(
  root: Resolved['values'],
  instances: readonly InstanceModel[],
  trackers: Trackers,
): readonly SyncGroupModel[] {
  const byInstanceName = new Map(instances.map((instance) => [instance.name, instance]));
  return root.all('vrrp_sync_group').map(({ value: name, heading, values }) => {
    const memberNames = values
      .entries('group')
      .flatMap(({ value: names, statement }) =>
        names.map((member, at) => ({ name: member, span: statement.spanOfWords(at, at + 1) })),
      );
    const members = memberNames.flatMap((member) => byInstanceName.get(member.name) ?? []);
    const tracked = trackedBy(values, trackers);
    const group: SyncGroupModel = { name, heading, values, memberNames, members, tracked };
    for (const member of members) member.syncGroup ??= group;
    return group;
  });
}
