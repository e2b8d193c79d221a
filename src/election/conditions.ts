/** What can be down on the nodes, and which of it at a time. */
import type { Config, TrackingConfig } from '../config-parser/config.ts';
import { trackerKey } from '../vrrp/index.ts';
import type { ElectionNode } from './domains.ts';
import type { Segment } from './segment.ts';

/** One thing that is well or not. */
export interface Condition {
  readonly node: string;
  readonly kind: 'node' | 'interface' | 'script' | 'process' | 'bfd' | 'file';
  /** Undefined for a node. */
  readonly name?: string;
}

/** A file is bad with this number in it, times its weight. */
const badFileValue = 1;

export function conditionsOf(nodes: readonly ElectionNode[]): readonly Condition[] {
  return nodes.flatMap(({ name: node, config }) => [
    { node, kind: 'node' as const },
    ...namesOf(config).map(([kind, name]) => ({ node, kind, name })),
  ]);
}

type NamedKind = Exclude<Condition['kind'], 'node'>;

/** Interfaces that instances are on or track, and everything else that somebody tracks; each once. */
function namesOf(config: Config): readonly (readonly [NamedKind, string])[] {
  const tracking: readonly TrackingConfig[] = [...config.vrrpInstances, ...config.syncGroups].map(
    (user) => user.tracking,
  );
  const own = config.vrrpInstances.flatMap(({ interface: name }) => name ?? []);
  const named = (kind: keyof TrackingConfig) => tracking.flatMap((one) => one[kind].map(({ name }) => name));
  const all = (kind: NamedKind, names: readonly string[]) =>
    [...new Set(names)].map((name) => [kind, name] as const);
  return [
    ...all('interface', [...own, ...named('interfaces')]),
    ...all('script', named('scripts')),
    ...all('process', named('processes')),
    ...all('bfd', named('bfds')),
    ...all('file', named('files')),
  ];
}

/** All sets of at most `atOnce` conditions, the smaller first; without those of a node that is down itself. */
export function combinations(
  conditions: readonly Condition[],
  atOnce: number,
): readonly (readonly Condition[])[] {
  let sets: readonly (readonly Condition[])[] = [[]];
  const found: (readonly Condition[])[] = [[]];
  for (let size = 1; size <= Math.min(atOnce, conditions.length); size += 1) {
    sets = sets.flatMap((set) => {
      const last = set.at(-1);
      const from = last === undefined ? 0 : conditions.indexOf(last) + 1;
      return conditions.slice(from).flatMap((next) => (isPossible(set, next) ? [[...set, next]] : []));
    });
    found.push(...sets);
  }
  return found;
}

/** Conditions of a node follow it in the list. */
function isPossible(set: readonly Condition[], next: Condition): boolean {
  return !set.some(({ kind, node }) => kind === 'node' && node === next.node);
}

/** As an operator says it: `lb01 down`, `lb01: eth0 down`, `lb02: script chk fails`. */
export function describeCondition({ node, kind, name }: Condition): string {
  switch (kind) {
    case 'node':
      return `${node} down`;
    case 'interface':
      return `${node}: ${name} down`;
    case 'script':
      return `${node}: script ${name} fails`;
    case 'process':
      return `${node}: process ${name} gone`;
    case 'bfd':
      return `${node}: BFD ${name} down`;
    case 'file':
      return `${node}: file ${name} says ${badFileValue}`;
  }
}

/** Makes it so in `segment`, or well again. */
export function setCondition(segment: Segment, { node, kind, name = '' }: Condition, isWell: boolean): void {
  const router = segment.routers.find((one) => one.name === node);
  if (router === undefined) return;
  switch (kind) {
    case 'node':
      if (isWell) segment.start(router);
      else segment.crash(router);
      return;
    case 'interface':
      if (isWell) router.linksDown.delete(name);
      else router.linksDown.add(name);
      break;
    case 'file':
      router.readings.set(trackerKey({ kind, name }), { kind, name, value: isWell ? 0 : badFileValue });
      break;
    default:
      router.readings.set(trackerKey({ kind, name }), { kind, name, isUp: isWell });
  }
  segment.refresh(router);
}
