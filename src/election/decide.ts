/** Who is Master in each combination of what can be down, and who once it is mended: the real core decides. */
import { latestTakeoverMs } from '../vrrp/timers.ts';
import { arithmeticOf } from './arithmetic.ts';
import { type Condition, combinations, conditionsOf, setCondition } from './conditions.ts';
import { domainOf, type ElectionNode, hasKnownSource, sourceOf } from './domains.ts';
import { ElectionRouter } from './router.ts';
import { Segment } from './segment.ts';

export interface Outcome {
  readonly down: readonly Condition[];
  readonly domains: readonly DomainOutcome[];
  /** False: it never came to rest. */
  readonly isSettled: boolean;
}

/** One virtual router in one combination. */
export interface DomainOutcome {
  readonly domain: string;
  /** Names of nodes. One, where all is well. */
  readonly masters: readonly string[];
  /** After all that was down is well again. */
  readonly mastersWhenMended: readonly string[];
  readonly nodes: readonly NodeOutcome[];
}

export interface NodeOutcome {
  readonly node: string;
  readonly instance: string;
  readonly state: string;
  /** `150-20=130 (script chk -20)`. */
  readonly priority: string;
}

export interface ElectionOptions {
  /** How many things are down at a time, at most. */
  readonly atOnce: number;
}

export interface Election {
  readonly nodes: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly notes: readonly string[];
}

export function decideElection(nodes: readonly ElectionNode[], { atOnce }: ElectionOptions): Election {
  const sets = combinations(conditionsOf(nodes), atOnce);
  return {
    nodes: nodes.map(({ name }) => name),
    outcomes: sets.map((down) => decideOne(nodes, down)),
    notes: notesOn(nodes),
  };
}

function decideOne(nodes: readonly ElectionNode[], down: readonly Condition[]): Outcome {
  const segment = new Segment(
    nodes.map(
      (node) =>
        new ElectionRouter(
          node.name,
          node.config,
          (instance) => domainOf(instance, nodes),
          (instance) => sourceOf(instance, node, nodes),
        ),
    ),
  );
  const restMs = restTimeMs(nodes);
  for (const router of segment.routers) segment.start(router);
  let isSettled = segment.run(restMs);
  for (const condition of down) setCondition(segment, condition, false);
  isSettled &&= segment.run(restMs);
  const seen = domainsOf(segment);
  for (const condition of down) setCondition(segment, condition, true);
  isSettled &&= segment.run(restMs);
  const mended = new Map(domainsOf(segment).map(({ domain, masters }) => [domain, masters]));
  return {
    down,
    isSettled,
    domains: seen.map((one) => ({ ...one, mastersWhenMended: mended.get(one.domain) ?? [] })),
  };
}

/** By then every timer has had its turn: taking over, waiting before it preempts, and giving way. */
function restTimeMs(nodes: readonly ElectionNode[]): number {
  const times = nodes.flatMap(({ config }) => {
    const { startupDelayMs, delayAfterBootMs } = config.globalDefs.vrrp;
    return config.vrrpInstances.map(
      (instance) =>
        3 * latestTakeoverMs(instance) + instance.preemptDelayMs + startupDelayMs + delayAfterBootMs,
    );
  });
  return Math.max(1000, ...times);
}

function domainsOf({ routers }: Segment): readonly Omit<DomainOutcome, 'mastersWhenMended'>[] {
  const instances = routers.flatMap((router) => router.instances);
  const domains = [...new Set(instances.map(({ domain }) => domain))];
  return domains.map((domain) => {
    const members = instances.filter((instance) => instance.domain === domain);
    const isMaster = ({ router, state }: (typeof members)[number]) =>
      router.isRunning && state.name === 'Master';
    return {
      domain,
      masters: members.filter(isMaster).map(({ router }) => router.name),
      nodes: members.map((instance) => ({
        node: instance.router.name,
        instance: instance.config.name,
        state: instance.router.isRunning ? instance.state.name : 'down',
        priority: arithmeticOf(instance),
      })),
    };
  });
}

function notesOn(nodes: readonly ElectionNode[]): readonly string[] {
  const priorities = new Map<string, Map<number, string[]>>();
  for (const node of nodes) {
    for (const instance of node.config.vrrpInstances) {
      const domain = domainOf(instance, nodes);
      const known = priorities.get(domain) ?? new Map<number, string[]>();
      const names = known.get(instance.basePriority) ?? [];
      if (!hasKnownSource(instance, node, nodes)) names.push(node.name);
      known.set(instance.basePriority, names);
      priorities.set(domain, known);
    }
  }
  return [...priorities].flatMap(([domain, known]) =>
    [...known].flatMap(([priority, names]) =>
      names.length < 2
        ? []
        : [
            `${domain}: ${names.join(' and ')} have the same priority ${priority}, so that the higher source address wins; ` +
              'the files do not say which that is, and the order of the files is taken for it',
          ],
    ),
  );
}
