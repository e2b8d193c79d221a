/** What differs between the configuration that runs and another one, block by block. */
import type { Config, RealServerConfig, VirtualServerConfig } from '../config-parser/config.ts';
import { differences } from './differences.ts';
import { type InstanceFacts, instanceConsequences } from './instance-consequences.ts';
import type { PlannedChange } from './planned-change.ts';

/** `facts` of the instances that run; `refused` are the sentences of what a reload cannot change. */
export function planConfiguration(
  running: Config,
  wanted: Config,
  facts: ReadonlyMap<string, InstanceFacts>,
  refused: readonly string[],
): readonly PlannedChange[] {
  return [
    ...planGlobals(running, wanted, refused),
    ...planNamed('vrrp_instance', running.vrrpInstances, wanted.vrrpInstances, (before, after) =>
      instanceConsequences(before, after, facts.get((after ?? before)?.name ?? '')),
    ),
    ...planNamed('vrrp_sync_group', running.syncGroups, wanted.syncGroups),
    ...planTrackers(running, wanted),
    ...planStatics(running, wanted),
    ...planVirtualServers(running.virtualServers, wanted.virtualServers),
  ];
}

function planGlobals(running: Config, wanted: Config, refused: readonly string[]): readonly PlannedChange[] {
  const details = [
    ...differences(running.globalDefs, wanted.globalDefs),
    ...differences(running.daemon ?? {}, wanted.daemon ?? {}),
  ];
  if (details.length === 0) return [];
  const change: PlannedChange = { change: 'change', subject: 'global_defs', details };
  return [refused.length === 0 ? change : { ...change, refused: refused.join(' ') }];
}

interface Named {
  readonly name: string;
}

/** A block is the same over a reload when it has the same name. */
function planNamed<Block extends Named>(
  word: string,
  running: readonly Block[],
  wanted: readonly Block[],
  consequencesOf: (before: Block | undefined, after: Block | undefined) => readonly string[] = () => [],
): readonly PlannedChange[] {
  const before = new Map(running.map((block) => [block.name, block]));
  const after = new Map(wanted.map((block) => [block.name, block]));
  const changes: PlannedChange[] = [];
  for (const [name, block] of before) {
    if (!after.has(name)) add('remove', name, [], block, undefined);
  }
  for (const [name, block] of after) {
    const old = before.get(name);
    if (old === undefined) add('add', name, [], undefined, block);
    else {
      const details = differences(old, block);
      if (details.length > 0) add('change', name, details, old, block);
    }
  }
  return changes;

  function add(
    change: PlannedChange['change'],
    name: string,
    details: readonly string[],
    old: Block | undefined,
    block: Block | undefined,
  ): void {
    const consequences = consequencesOf(old, block);
    const subject = `${word} ${name}`;
    changes.push({ change, subject, details, ...(consequences.length > 0 && { consequences }) });
  }
}

function planTrackers({ trackers: before }: Config, { trackers: after }: Config): readonly PlannedChange[] {
  return [
    ...planNamed('vrrp_script', before.scripts, after.scripts),
    ...planNamed('track_file', before.files, after.files),
    ...planNamed('vrrp_track_process', before.processes, after.processes),
    ...planNamed('bfd_instance', before.bfds, after.bfds),
  ];
}

function planStatics(
  { staticItems: before }: Config,
  { staticItems: after }: Config,
): readonly PlannedChange[] {
  const details = differences(before, after);
  return details.length === 0
    ? []
    : [{ change: 'change', subject: 'static addresses, routes and rules', details }];
}

function planVirtualServers(
  running: readonly VirtualServerConfig[],
  wanted: readonly VirtualServerConfig[],
): readonly PlannedChange[] {
  const own = running.map(withoutServers);
  const next = wanted.map(withoutServers);
  const before = new Map(running.map((server) => [server.name, server]));
  return [
    ...planNamed('virtual_server', own, next),
    ...wanted.flatMap((server) => {
      const old = before.get(server.name);
      return old === undefined ? [] : planRealServers(server.name, old, server);
    }),
  ];
}

function withoutServers({
  realServers: _,
  ...server
}: VirtualServerConfig): Omit<VirtualServerConfig, 'realServers'> {
  return server;
}

function planRealServers(
  virtual: string,
  before: VirtualServerConfig,
  after: VirtualServerConfig,
): readonly PlannedChange[] {
  if (before === after) return [];
  const named = (server: RealServerConfig) => ({ ...server, name: `${nameOf(server)} of ${virtual}` });
  return planNamed(
    'real_server',
    before.realServers.map(named),
    after.realServers.map(named),
    checksStartAnew,
  );
}

/** A check that asks something else has yet to say anything: its server keeps its state until then. */
function checksStartAnew(
  before: RealServerConfig | undefined,
  after: RealServerConfig | undefined,
): readonly string[] {
  if (before === undefined || after === undefined) return [];
  return differences(before.checkers, after.checkers).length === 0
    ? []
    : ['its changed checks start anew, and its state stays until they have said something'];
}

function nameOf({ address, port }: RealServerConfig): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
