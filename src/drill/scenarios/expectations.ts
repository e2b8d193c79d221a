/** What follows from the files for faults that many scenarios share: a director that is out, and its return. Pure. */
import {
  firstToTakeOver,
  longestIntervalMs,
  preferredMaster,
  type RouterMember,
  type VirtualRouter,
} from '../virtual-routers.ts';
import type { Expectation, RouterExpectation, ScenarioContext } from './scenario.ts';

/** The node that is Master of most virtual routers: the one worth breaking. */
export function mainMaster({ masters, nodes }: ScenarioContext): string {
  const counts = nodes.map(({ name }) => ({
    name,
    count: [...masters.values()].filter((node) => node === name).length,
  }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.name ?? '';
}

/** The first node that is not `node`. */
export function otherThan({ nodes }: ScenarioContext, node: string): string {
  return nodes.find(({ name }) => name !== node)?.name ?? '';
}

export function memberOf(router: VirtualRouter, node: string): RouterMember | undefined {
  return router.members.find((member) => member.node === node);
}

/** How a Master's silence begins: without a word, or with priority 0. */
export type Leaving = 'silent' | 'released';

/** Everything that `node` is Master of moves to whoever waits least; the rest stays. */
export function movesAway(
  context: ScenarioContext,
  node: string,
  leaving: Leaving,
): readonly RouterExpectation[] {
  const others = context.nodes.map(({ name }) => name).filter((name) => name !== node);
  return context.routers.map((router) => {
    const master = context.masters.get(router.name) ?? '';
    const afterRestore = masterAfter(context, router, [node]);
    if (master !== node)
      return { router: router.name, whileBroken: { kind: 'stays', node: master }, afterRestore };
    const next = firstToTakeOver(router, others);
    if (next === undefined)
      return {
        router: router.name,
        whileBroken: { kind: 'open', why: 'no other node has it' },
        afterRestore,
      };
    const { waitMs, why } = waitOf(router, next, node, leaving);
    const toleranceMs = groupToleranceMs(context, next);
    // A daemon that is told to stop needs a moment to say priority 0.
    const limitMs = waitMs + toleranceMs + context.slackMs + (leaving === 'silent' ? 0 : 1000);
    return {
      router: router.name,
      whileBroken: { kind: 'moves', from: node, to: next.node, waitMs, toleranceMs, why, limitMs },
      afterRestore,
    };
  });
}

/** Nothing moves. */
export function staysAsItIs(context: ScenarioContext): readonly RouterExpectation[] {
  return context.routers.map((router) => {
    const node = context.masters.get(router.name) ?? '';
    return { router: router.name, whileBroken: { kind: 'stays', node }, afterRestore: node };
  });
}

/** Members of a sync group become Master together: each may have to wait for the advertisement that another missed last. */
function groupToleranceMs({ routers }: ScenarioContext, { node, syncGroup }: RouterMember): number {
  if (syncGroup === undefined) return 0;
  const group = routers
    .flatMap(({ members }) => members)
    .filter((one) => one.node === node && one.syncGroup === syncGroup);
  return group.length < 2
    ? 0
    : Math.max(...group.map(({ advertisementIntervalMs }) => advertisementIntervalMs));
}

function waitOf(
  router: VirtualRouter,
  next: RouterMember,
  from: string,
  leaving: Leaving,
): { waitMs: number; why: string } {
  // RFC 5798 section 6.4.2: version 3 counts with the interval that its Master advertises.
  const masterInterval = memberOf(router, from)?.advertisementIntervalMs ?? next.advertisementIntervalMs;
  const intervalMs = next.version === 3 ? masterInterval : next.advertisementIntervalMs;
  const skewMs = next.version === 3 ? ((256 - next.priority) * intervalMs) / 256 : next.skewTimeMs;
  const reading = `priority ${next.priority}, advert_int ${intervalMs / 1000} s`;
  if (leaving === 'released')
    return { waitMs: skewMs, why: `Skew_Time of ${next.node} (${reading}) after priority 0` };
  const waitMs = next.downTimerAdverts * intervalMs + skewMs;
  return { waitMs, why: `Master_Down_Interval of ${next.node} (${reading}) after the last advertisement` };
}

/** Who is Master once `broken` are back: the highest priority where it may preempt, else who took over. */
export function masterAfter(
  context: ScenarioContext,
  router: VirtualRouter,
  broken: readonly string[],
): string | undefined {
  const all = context.nodes.map(({ name }) => name);
  const master = context.masters.get(router.name);
  const incumbent =
    master !== undefined && broken.includes(master)
      ? firstToTakeOver(
          router,
          all.filter((name) => !broken.includes(name)),
        )?.node
      : master;
  const best = preferredMaster(router, all);
  if (best === undefined) return incumbent;
  return best.preempts || best.priority === 255 ? best.node : incumbent;
}

/** The longest that a node needs to be Master again after its daemon or its link is back. */
export function returnLimitMs(context: ScenarioContext): number {
  const waits = context.routers.flatMap(({ members }) =>
    members.map((member) => member.masterDownIntervalMs + member.preemptDelayMs + member.startupDelayMs),
  );
  return context.startLimitMs + Math.max(0, ...waits);
}

/** A director that is out of order and comes back, as clients feel it. */
export function directorOut(context: ScenarioContext, node: string, leaving: Leaving): Expectation {
  const routers = movesAway(context, node, leaving);
  const limits = routers.flatMap(({ whileBroken }) =>
    whileBroken.kind === 'moves' ? [whileBroken.limitMs] : [],
  );
  return {
    routers,
    disturbance: limits.length === 0 ? { kind: 'none' } : { kind: 'takeover' },
    restoreDisturbance: 'takeover',
    outageLimitMs: Math.max(0, ...limits) + context.slackMs,
    failbackOutageLimitMs: 2 * context.slackMs,
    settleLimitMs: returnLimitMs(context),
  };
}

/** Something that clients must not notice at all. */
export function unnoticed(context: ScenarioContext): Expectation {
  return {
    routers: staysAsItIs(context),
    disturbance: { kind: 'none' },
    restoreDisturbance: 'none',
    outageLimitMs: 0,
    failbackOutageLimitMs: 0,
    settleLimitMs: returnLimitMs(context),
  };
}

/** Long enough to see that nothing happens: a Backup's wait and some advertisements more. */
export function watchMs({ routers, slackMs }: ScenarioContext): number {
  const waits = routers.flatMap(({ members }) =>
    members.map(({ masterDownIntervalMs }) => masterDownIntervalMs),
  );
  return Math.max(1000, ...waits) + slackMs;
}

/** Some advertisements of everybody. */
export function holdMs({ routers }: ScenarioContext): number {
  return Math.min(5000, Math.max(1500, 2.5 * longestIntervalMs(routers)));
}
