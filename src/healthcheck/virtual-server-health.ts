/**
 * What is known of one virtual server and its real servers, as a value: it changes by a verdict, a weight, an operator or a
 * reload, and each change names what came of it. A reload keeps the verdicts of checkers that ask the same of the same server.
 */
import type { CheckerConfig, RealServerConfig, VirtualServerConfig } from '../config-parser/config.ts';
import { type CheckerState, initialState, isUp } from './checker-state.ts';
import { checkerKey, isSameDefinition, realServerKey } from './identity.ts';
import type { DynamicWeight } from './probe.ts';
import { quorumAfter, quorumThreshold } from './quorum.ts';
import { effectiveWeight, isSameWeight } from './weight.ts';

export interface VirtualServerHealth {
  readonly config: VirtualServerConfig;
  readonly hasQuorum: boolean;
  readonly realServers: readonly RealServerHealth[];
}

export interface RealServerHealth {
  readonly config: RealServerConfig;
  readonly checkers: readonly CheckerHealth[];
  /** An operator has drained it: weight 0, and it counts for nothing in the quorum. */
  readonly isHeld: boolean;
}

export interface CheckerHealth {
  /** Unique among all, and the same after a reload when the checker asks the same. */
  readonly id: string;
  readonly config: CheckerConfig;
  readonly state: CheckerState;
  /** The last that it said of its server's weight. */
  readonly weight?: DynamicWeight;
}

interface OfVirtualServer {
  readonly virtualServer: VirtualServerConfig;
}

interface OfRealServer extends OfVirtualServer {
  readonly realServer: RealServerConfig;
}

/** What a change of health means to the operator; the sorry server is in use exactly while the quorum is lost. */
export type HealthEvent =
  | (OfRealServer & {
      readonly kind: 'realServerUp' | 'realServerDown';
      /** It is new, alone or with its whole virtual server: it was not in the table before. */
      readonly isNew?: 'alone' | 'withVirtualServer';
      /** Whose verdict it was; undefined where it was a reload. */
      readonly checker?: CheckerConfig;
    })
  /** The first verdict on a server that was assumed down, and it is right. */
  | (OfRealServer & { readonly kind: 'realServerStaysDown'; readonly checker: CheckerConfig })
  | (OfRealServer & { readonly kind: 'realServerRemoved'; readonly wasUp: boolean })
  | (OfVirtualServer & {
      readonly kind: 'quorumGained' | 'quorumLost';
      /** The first decision about this virtual server: there was no quorum to lose, nor a sorry server in use. */
      readonly isFirst: boolean;
      readonly threshold: number;
      readonly liveWeight: number;
    })
  | (OfRealServer & {
      readonly kind: 'weightChanged';
      readonly isUp: boolean;
      readonly from: number;
      readonly to: number;
    })
  /** By a reload, while it was in use; `to` is undefined where there is none any more. */
  | (OfVirtualServer & {
      readonly kind: 'sorryServerReplaced';
      readonly from: NonNullable<VirtualServerConfig['sorryServer']>;
    })
  | { readonly kind: 'virtualServerRemoved'; readonly health: VirtualServerHealth };

export interface VirtualServerStep {
  readonly next: VirtualServerHealth;
  readonly events: readonly HealthEvent[];
}

/** What is known of servers from elsewhere: a predecessor, the kernel's table, an operator. */
export interface Knowledge {
  /** Of a checker of a server that is new here; undefined leaves it to keepalived.conf(5): alpha. */
  readonly stateOf: (
    checker: Pick<CheckerHealth, 'id' | 'config'>,
    virtualServer: string,
    realServer: string,
  ) => CheckerState | undefined;
  /** What such a checker has said of its server's weight. */
  readonly weightOf: (
    checker: Pick<CheckerHealth, 'id' | 'config'>,
    virtualServer: string,
    realServer: string,
  ) => DynamicWeight | undefined;
  /** Of a virtual server that is new here. */
  readonly hadQuorum: (virtualServer: string) => boolean | undefined;
  readonly isHeld: (virtualServer: string, realServer: string) => boolean;
}

export const noKnowledge: Knowledge = {
  stateOf: () => undefined,
  weightOf: () => undefined,
  hadQuorum: () => undefined,
  isHeld: () => false,
};

/** Which checker: the places of its real server and of itself. */
export interface Place {
  readonly realServer: number;
  readonly checker: number;
}

/** Up when every checker is; without checkers, always. */
export function isRealServerUp(server: RealServerHealth): boolean {
  return server.checkers.every((checker) => isUp(checker.state));
}

/** keepalived.conf(5): sorry_server takes the traffic while the quorum is lost. */
export function isSorryServerInUse(server: VirtualServerHealth): boolean {
  return !server.hasQuorum && server.config.sorryServer !== undefined;
}

/** The sum of the effective weights of the real servers that are up. */
export function liveWeightOf(server: VirtualServerHealth): number {
  let sum = 0;
  for (const real of server.realServers) if (isRealServerUp(real)) sum += effectiveWeight(real);
  return sum;
}

/** At start (`previous` is undefined) or after a reload. Of a real server named twice the first counts, as in the kernel's table. */
export function configureVirtualServer(
  config: VirtualServerConfig,
  previous: VirtualServerHealth | undefined,
  knowledge: Knowledge = noKnowledge,
): VirtualServerStep {
  const before = new Map(previous?.realServers.map((real) => [realServerKey(real.config), real]));
  const realServers = new Map<string, RealServerHealth>();
  for (const real of config.realServers) {
    const key = realServerKey(real);
    if (realServers.has(key)) continue;
    realServers.set(
      key,
      configureRealServer({ config: real, of: config.name, key }, before.get(key), knowledge),
    );
  }
  const hasQuorum = previous?.hasQuorum ?? knowledge.hadQuorum(config.name) ?? false;
  const isKnown = previous !== undefined || knowledge.hadQuorum(config.name) !== undefined;
  return settle(previous, { config, hasQuorum, realServers: [...realServers.values()] }, { isKnown });
}

/** The health after a checker's verdict. */
export function recordVerdict(
  server: VirtualServerHealth,
  place: Place,
  state: CheckerState,
): VirtualServerStep {
  const real = server.realServers[place.realServer];
  const checker = real?.checkers[place.checker];
  if (real === undefined || checker === undefined) return { next: server, events: [] };
  const step = settle(server, withChecker(server, place, { ...checker, state }), { checker: checker.config });
  const staysDown = checker.state === 'assumedDown' && state === 'down' && !hasFailed(real);
  if (!staysDown) return step;
  const event: HealthEvent = {
    kind: 'realServerStaysDown',
    virtualServer: server.config,
    realServer: real.config,
    checker: checker.config,
  };
  return { ...step, events: [event, ...step.events] };
}

/** The health after a checker has said what its server weighs. */
export function recordWeight(
  server: VirtualServerHealth,
  place: Place,
  weight: DynamicWeight,
): VirtualServerStep {
  const checker = server.realServers[place.realServer]?.checkers[place.checker];
  if (checker === undefined || isSameWeight(checker.weight, weight)) return { next: server, events: [] };
  return settle(server, withChecker(server, place, { ...checker, weight }));
}

/** The health after an operator has drained or resumed servers. */
export function recordHolds(server: VirtualServerHealth, isHeld: Knowledge['isHeld']): VirtualServerStep {
  const realServers = server.realServers.map((real) => ({
    ...real,
    isHeld: isHeld(server.config.name, realServerKey(real.config)),
  }));
  return settle(server, { ...server, realServers });
}

function hasFailed(server: RealServerHealth): boolean {
  return server.checkers.some(({ state }) => state === 'down');
}

function withChecker(server: VirtualServerHealth, place: Place, checker: CheckerHealth): VirtualServerHealth {
  const realServers = server.realServers.map((real, index) =>
    index === place.realServer ? { ...real, checkers: real.checkers.with(place.checker, checker) } : real,
  );
  return { ...server, realServers };
}

interface NamedRealServer {
  readonly config: RealServerConfig;
  /** Its virtual server. */
  readonly of: string;
  readonly key: string;
}

function configureRealServer(
  { config, of, key }: NamedRealServer,
  previous: RealServerHealth | undefined,
  knowledge: Knowledge,
): RealServerHealth {
  const known = new Map(previous?.checkers.map((checker) => [checker.id, checker]));
  const wasDown = previous !== undefined && !isRealServerUp(previous);
  const uniqueId = countOccurrences();
  const checkers = config.checkers.map((checker): CheckerHealth => {
    const id = uniqueId(`${of} ${key} ${checkerKey(checker)}`);
    const same = known.get(id);
    if (same !== undefined) return { ...same, config: checker };
    if (wasDown) return { id, config: checker, state: 'assumedDown' };
    if (previous !== undefined) return { id, config: checker, state: initialState(checker) };
    return presumed({ id, config: checker }, { of, key }, knowledge);
  });
  return { config, checkers, isHeld: knowledge.isHeld(of, key) };
}

/** A checker of a server that is new here. */
function presumed(
  checker: Pick<CheckerHealth, 'id' | 'config'>,
  { of, key }: Pick<NamedRealServer, 'of' | 'key'>,
  knowledge: Knowledge,
): CheckerHealth {
  const weight = knowledge.weightOf(checker, of, key);
  return {
    ...checker,
    state: knowledge.stateOf(checker, of, key) ?? initialState(checker.config),
    ...(weight !== undefined && { weight }),
  };
}

interface Cause {
  readonly checker?: CheckerConfig;
  /** Its quorum was decided before, here or by a predecessor. */
  readonly isKnown?: boolean;
}

/** Decides the quorum anew and names what differs from before. `before` is undefined for a new virtual server. */
function settle(
  before: VirtualServerHealth | undefined,
  after: VirtualServerHealth,
  { checker, isKnown = true }: Cause = {},
): VirtualServerStep {
  const liveWeight = liveWeightOf(after);
  const hasQuorum = quorumAfter(after.config, after.hasQuorum, liveWeight);
  const events = realServerEvents(before, after, checker);
  if (!isKnown || hasQuorum !== after.hasQuorum) {
    events.push({
      kind: hasQuorum ? 'quorumGained' : 'quorumLost',
      virtualServer: after.config,
      isFirst: !isKnown,
      threshold: quorumThreshold(after.config, after.hasQuorum),
      liveWeight,
    });
  } else if (before !== undefined && !hasQuorum) {
    events.push(...sorryServerEvents(before, after));
  }
  return { next: { ...after, hasQuorum }, events };
}

function sorryServerEvents(before: VirtualServerHealth, after: VirtualServerHealth): HealthEvent[] {
  const from = before.config.sorryServer;
  if (from === undefined || isSameDefinition(from, after.config.sorryServer)) return [];
  return [{ kind: 'sorryServerReplaced', virtualServer: after.config, from }];
}

function realServerEvents(
  before: VirtualServerHealth | undefined,
  after: VirtualServerHealth,
  checker: CheckerConfig | undefined,
): HealthEvent[] {
  const isNewTogether = before === undefined;
  // After a verdict the servers stand where they stood; only a reload needs them found by key.
  const isReload = before?.config !== after.config;
  const earlier = isReload ? byKey(before?.realServers ?? []) : undefined;
  const events = isReload ? removedEvents(before, after) : [];
  after.realServers.forEach((real, index) => {
    const old = earlier === undefined ? before?.realServers[index] : earlier.get(realServerKey(real.config));
    if (old === real) return;
    events.push(...realServerEvent({ before: old, after: real, of: after.config, checker, isNewTogether }));
  });
  return events;
}

function removedEvents(before: VirtualServerHealth | undefined, after: VirtualServerHealth): HealthEvent[] {
  const kept = byKey(after.realServers);
  const removed = (before?.realServers ?? []).filter(({ config }) => !kept.has(realServerKey(config)));
  return removed.map((real): HealthEvent => {
    return {
      kind: 'realServerRemoved',
      virtualServer: after.config,
      realServer: real.config,
      wasUp: isRealServerUp(real),
    };
  });
}

interface RealServerChange {
  readonly before: RealServerHealth | undefined;
  readonly after: RealServerHealth;
  readonly of: VirtualServerConfig;
  readonly checker: CheckerConfig | undefined;
  readonly isNewTogether: boolean;
}

function realServerEvent({ before, after, of, checker, isNewTogether }: RealServerChange): HealthEvent[] {
  const about = { virtualServer: of, realServer: after.config };
  const isUpNow = isRealServerUp(after);
  const events: HealthEvent[] = [];
  if (before !== undefined) {
    const [from, to] = [effectiveWeight(before), effectiveWeight(after)];
    if (from !== to) events.push({ kind: 'weightChanged', ...about, isUp: isUpNow, from, to });
  }
  // A real server that is new was not in the table before: it counts as down until now.
  if (isUpNow !== (before !== undefined && isRealServerUp(before))) {
    events.push({
      kind: isUpNow ? 'realServerUp' : 'realServerDown',
      ...about,
      ...(before === undefined && { isNew: isNewTogether ? 'withVirtualServer' : 'alone' }),
      ...(checker !== undefined && { checker }),
    });
  }
  return events;
}

function byKey(servers: readonly RealServerHealth[]): ReadonlyMap<string, RealServerHealth> {
  return new Map(servers.map((real) => [realServerKey(real.config), real]));
}

/** Two equal checkers of one server are two all the same: the second of a name gets `#2`. */
function countOccurrences(): (id: string) => string {
  const seen = new Map<string, number>();
  return (id) => {
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id} #${count}`;
  };
}
