/**
 * What in the files themselves may make a failover go wrong, as sentences: they explain a finding that does not hold, and
 * the first kind makes one by itself. Pure. The linter says more, and says it earlier.
 */
import type { TrackingConfig } from '../../config-parser/config.ts';
import type { ReportFinding } from '../report/report.ts';
import { type NodeConfig, syncGroupOf, type VirtualRouter } from '../virtual-routers.ts';
import { finding } from './finding.ts';

export function suspicionsOf(
  nodes: readonly NodeConfig[],
  routers: readonly VirtualRouter[],
): readonly string[] {
  return routers.flatMap((router) => [
    ...unequalIntervals(router),
    ...equalPriorities(router),
    ...deafToWeights(nodes, router),
    ...alone(nodes, router),
  ]);
}

function unequalIntervals({ name, members }: VirtualRouter): readonly string[] {
  const intervals = members.map(
    ({ node, advertisementIntervalMs }) => `${advertisementIntervalMs / 1000} s on ${node}`,
  );
  const isUnequal = new Set(members.map(({ advertisementIntervalMs }) => advertisementIntervalMs)).size > 1;
  if (!isUnequal || members.every(({ version }) => version === 3)) return [];
  return [
    `${name} has advert_int ${intervals.join(' and ')}: with VRRP version 2 each discards what the other says, so that both are Master`,
  ];
}

function equalPriorities({ name, members }: VirtualRouter): readonly string[] {
  const [best, second] = members.toSorted((a, b) => b.priority - a.priority);
  if (best === undefined || second === undefined || best.priority !== second.priority) return [];
  return [
    `${name} has priority ${best.priority} on ${best.node} and ${second.node}: none is preferred, and who came first decides`,
  ];
}

/** keepalived.conf(5): a weight lowers the priority of a Master, and a Backup with nopreempt does not care. */
function deafToWeights(nodes: readonly NodeConfig[], router: VirtualRouter): readonly string[] {
  return router.members.flatMap((member) => {
    const config = nodes.find(({ name }) => name === member.node)?.config;
    const instance = config?.vrrpInstances.find(({ name }) => name === member.instance);
    const group = config && instance && syncGroupOf(config, instance);
    const items = [...itemsOf(instance?.tracking), ...itemsOf(group?.tracking)];
    const weighted = items.find(({ weight }) => weight !== 0);
    const deaf = router.members.filter(({ node, preempts }) => node !== member.node && !preempts);
    const [first] = deaf;
    if (weighted === undefined || first === undefined) return [];
    return [
      `${weighted.name} has weight ${weighted.weight} in ${member.instance} of ${member.node}, and ${first.node} has nopreempt: it does not take over from a Master whose priority has fallen`,
    ];
  });
}

function itemsOf(tracking: TrackingConfig | undefined): TrackingConfig['scripts'] {
  if (tracking === undefined) return [];
  return [
    ...tracking.interfaces,
    ...tracking.scripts,
    ...tracking.files,
    ...tracking.processes,
    ...tracking.bfds,
  ];
}

function alone(nodes: readonly NodeConfig[], { name, members, vrid }: VirtualRouter): readonly string[] {
  if (members.length > 1) return [];
  const others = nodes.filter(({ name: node }) => members.every((member) => member.node !== node));
  return [
    `${name} (VRID ${vrid}) is on ${members[0]?.node} alone: ${others.map((one) => one.name).join(', ')} cannot take it over`,
  ];
}

/** What the files decide before anything is run. */
export function fileFindings(routers: readonly VirtualRouter[]): readonly ReportFinding[] {
  return routers.flatMap((router) => {
    const priorities = router.members.map(({ node, priority }) => `${node} ${priority}`).join(', ');
    const [undecided] = equalPriorities(router);
    const [lonely] = router.members.length > 1 ? [] : ['nobody else has it'];
    const trouble = undecided ?? lonely;
    return [
      finding({
        id: 'one-preferred',
        kind: 'invariant',
        what: `the files say who is to be Master of ${router.name}, and who takes over`,
        measured: priorities,
        limit: 'one highest priority, of two nodes or more',
        holds: trouble === undefined,
        ...(trouble === undefined ? {} : { explanation: trouble }),
      }),
    ];
  });
}
