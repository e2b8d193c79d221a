/**
 * The virtual routers of a set of configuration files: which instances of which nodes stand in for each other, who of them
 * is to be Master, and how long each waits. Pure; scenarios compute from it what they expect, the judge what it calls right.
 */

import type { Config, SyncGroupConfig, TrackingConfig, VrrpInstanceConfig } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';
import { masterDownIntervalMs, skewTimeMs } from '../vrrp/timers.ts';

/** One director and what its file says. */
export interface NodeConfig {
  readonly name: string;
  /** As the operator named it. */
  readonly configFile: string;
  readonly configId: string;
  readonly config: Config;
}

export interface VirtualRouter {
  /** Unique: the instance's name on the first node that has it. */
  readonly name: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  /** What all its members hold while Master. */
  readonly addresses: readonly IpAddress[];
  /** In the order of the nodes. */
  readonly members: readonly RouterMember[];
}

export interface RouterMember {
  readonly node: string;
  readonly instance: string;
  readonly interface: string;
  readonly syncGroup?: string;
  readonly version: 2 | 3;
  /** While everything that it tracks is good. */
  readonly priority: number;
  readonly preempts: boolean;
  readonly preemptDelayMs: number;
  readonly startupDelayMs: number;
  readonly advertisementIntervalMs: number;
  /** For a Master that has the same interval. */
  readonly skewTimeMs: number;
  readonly masterDownIntervalMs: number;
  readonly downTimerAdverts: number;
  readonly garpMasterDelayMs: number;
}

/** Instances of one family and VRID that hold an address in common, or whose VRID nobody else has, are one router. */
export function virtualRoutersOf(nodes: readonly NodeConfig[]): readonly VirtualRouter[] {
  const groups: { instances: { node: NodeConfig; instance: VrrpInstanceConfig }[] }[] = [];
  for (const node of nodes) {
    for (const instance of node.config.vrrpInstances) {
      const entry = { node, instance };
      const group = groups.find(({ instances }) => instances.every((other) => standsInFor(other, entry)));
      if (group === undefined) groups.push({ instances: [entry] });
      else group.instances.push(entry);
    }
  }
  return groups.map(({ instances }) => toRouter(instances));
}

interface Entry {
  readonly node: NodeConfig;
  readonly instance: VrrpInstanceConfig;
}

function standsInFor(one: Entry, other: Entry): boolean {
  if (one.node === other.node) return false;
  const [a, b] = [one.instance, other.instance];
  if (a.vrid !== b.vrid || a.family !== b.family) return false;
  if (a.interface === b.interface) return true;
  const held = new Set(allAddresses(a));
  return allAddresses(b).some((address) => held.has(address));
}

/** That it holds while it is Master. */
export function allAddresses(instance: VrrpInstanceConfig): readonly IpAddress[] {
  return [...instance.virtualAddresses, ...instance.excludedAddresses].map(({ address }) => address);
}

function toRouter(entries: readonly Entry[]): VirtualRouter {
  const [first] = entries;
  if (first === undefined) throw new Error('a virtual router has at least one member');
  const { instance } = first;
  return {
    name: instance.name,
    vrid: instance.vrid,
    family: instance.family,
    addresses: [...new Set(entries.flatMap((entry) => allAddresses(entry.instance)))],
    members: entries.map(toMember),
  };
}

function toMember({ node, instance }: Entry): RouterMember {
  const priority = steadyPriority(node.config, instance);
  const group = syncGroupOf(node.config, instance);
  const timers = {
    version: instance.version,
    priority,
    masterAdverIntervalMs: instance.advertisementIntervalMs,
  };
  return {
    node: node.name,
    instance: instance.name,
    interface: instance.interface ?? '',
    ...(group === undefined ? {} : { syncGroup: group.name }),
    version: instance.version,
    priority,
    preempts: instance.preempt,
    preemptDelayMs: instance.preemptDelayMs,
    startupDelayMs: node.config.globalDefs.vrrp.startupDelayMs,
    advertisementIntervalMs: instance.advertisementIntervalMs,
    skewTimeMs: skewTimeMs(timers),
    masterDownIntervalMs: masterDownIntervalMs({ ...timers, downTimerAdverts: instance.downTimerAdverts }),
    downTimerAdverts: instance.downTimerAdverts,
    garpMasterDelayMs: instance.gratuitousArp.masterDelayMs,
  };
}

/** What the file of its node says of it. */
export function instanceOf(
  nodes: readonly NodeConfig[],
  member: RouterMember | undefined,
): VrrpInstanceConfig | undefined {
  const config = nodes.find(({ name }) => name === member?.node)?.config;
  return config?.vrrpInstances.find(({ name }) => name === member?.instance);
}

/** 0 without any. */
export function longestIntervalMs(routers: readonly VirtualRouter[]): number {
  const members = routers.flatMap((router) => router.members);
  return Math.max(0, ...members.map(({ advertisementIntervalMs }) => advertisementIntervalMs));
}

export function syncGroupOf(config: Config, { name }: VrrpInstanceConfig): SyncGroupConfig | undefined {
  return config.syncGroups.find(({ members }) => members.includes(name));
}

/** keepalived.conf(5): a positive weight is added while what is tracked is good; 255 never changes. */
function steadyPriority(config: Config, instance: VrrpInstanceConfig): number {
  if (instance.basePriority === 255) return 255;
  const group = syncGroupOf(config, instance);
  const own = group === undefined || group.memberWeights ? [instance.tracking] : [];
  const trackings = group === undefined ? own : [...own, group.tracking];
  const bonus = trackings.flatMap(itemsOf).reduce((sum, { weight, reverse }) => {
    const isGoodForIt = reverse ? weight < 0 : weight > 0;
    return isGoodForIt ? sum + Math.abs(weight) : sum;
  }, 0);
  return Math.max(1, Math.min(254, instance.basePriority + bonus));
}

function itemsOf(tracking: TrackingConfig): TrackingConfig['interfaces'] {
  // Files are numbers: what stands in one is not known before.
  return [...tracking.interfaces, ...tracking.scripts, ...tracking.processes, ...tracking.bfds];
}

/**
 * Who becomes Master when these nodes are up: the highest priority. Undefined where two have it, since who was first
 * decides then. Nobody is `undefined` as well; `availableNodes` says which.
 */
export function preferredMaster(
  router: VirtualRouter,
  availableNodes: readonly string[],
): RouterMember | undefined {
  const able = router.members.filter(({ node }) => availableNodes.includes(node));
  const [best, second] = able.toSorted((a, b) => b.priority - a.priority);
  return best !== undefined && best.priority !== second?.priority ? best : undefined;
}

/** Who takes over first when all these begin to wait at once: the shortest Master_Down_Interval. */
export function firstToTakeOver(
  router: VirtualRouter,
  availableNodes: readonly string[],
): RouterMember | undefined {
  return router.members
    .filter(({ node }) => availableNodes.includes(node))
    .toSorted((a, b) => a.masterDownIntervalMs - b.masterDownIntervalMs)[0];
}
