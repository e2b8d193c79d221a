/**
 * What is known of every real server, as a value: it changes by a verdict or by a reload, and each change names what
 * came of it. A reload keeps the verdicts of checkers that ask the same of the same server.
 */
import type {
  CheckerConfig,
  RealServerConfig,
  VirtualServerConfig,
  VirtualService,
} from '../config-parser/config.ts';
import { type CheckerState, initialState, isUp } from './checker-state.ts';
import { checkerKey, realServerKey, serviceKey } from './identity.ts';
import { liveWeight, quorumAfter, quorumThreshold } from './quorum.ts';

export interface Health {
  readonly virtualServers: readonly VirtualServerHealth[];
}

export interface VirtualServerHealth {
  readonly config: VirtualServerConfig;
  readonly hasQuorum: boolean;
  readonly realServers: readonly RealServerHealth[];
}

export interface RealServerHealth {
  readonly config: RealServerConfig;
  readonly checkers: readonly CheckerHealth[];
}

export interface CheckerHealth {
  /** Unique in a Health, and the same after a reload when the checker asks the same. */
  readonly id: string;
  readonly config: CheckerConfig;
  readonly state: CheckerState;
}

/** What a change of health means to the operator; the sorry server is in use exactly while the quorum is lost. */
export type HealthEvent =
  | {
      readonly kind: 'realServerUp' | 'realServerDown';
      readonly virtualServer: VirtualServerConfig;
      readonly realServer: RealServerConfig;
    }
  | {
      readonly kind: 'realServerRemoved';
      readonly virtualServer: VirtualServerConfig;
      readonly realServer: RealServerConfig;
      readonly wasUp: boolean;
    }
  | {
      readonly kind: 'quorumGained' | 'quorumLost';
      readonly virtualServer: VirtualServerConfig;
      /** The first decision about this virtual server: there was no quorum to lose, nor a sorry server in use. */
      readonly isFirst: boolean;
      readonly threshold: number;
      readonly liveWeight: number;
    }
  | {
      readonly kind: 'weightChanged';
      readonly virtualServer: VirtualServerConfig;
      readonly realServer: RealServerConfig;
      readonly isUp: boolean;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'virtualServerRemoved'; readonly virtualServer: VirtualServerConfig };

export interface HealthStep {
  readonly next: Health;
  readonly events: readonly HealthEvent[];
}

export const noHealth: Health = { virtualServers: [] };

/** Up when every checker is; without checkers, always. */
export function isRealServerUp(server: RealServerHealth): boolean {
  return server.checkers.every((checker) => isUp(checker.state));
}

/** keepalived.conf(5): sorry_server takes the traffic while the quorum is lost. */
export function isSorryServerInUse(server: VirtualServerHealth): boolean {
  return !server.hasQuorum && server.config.sorryServer !== undefined;
}

/** A checker with what it checks. */
export interface LocatedChecker extends CheckerHealth {
  readonly virtualServer: VirtualServerConfig;
  readonly realServer: RealServerConfig;
}

export function allCheckers(health: Health): readonly LocatedChecker[] {
  return health.virtualServers.flatMap(({ config: virtualServer, realServers }) =>
    realServers.flatMap(({ config: realServer, checkers }) =>
      checkers.map((checker) => ({ ...checker, virtualServer, realServer })),
    ),
  );
}

export function findVirtualServer(health: Health, service: VirtualService): VirtualServerHealth | undefined {
  const key = serviceKey(service);
  return health.virtualServers.find((server) => serviceKey(server.config.service) === key);
}

/** The health after a checker's verdict. A checker that a reload has removed in the meantime changes nothing. */
export function recordVerdict(health: Health, checkerId: string, state: CheckerState): HealthStep {
  const steps = health.virtualServers.map((server) => recordInVirtualServer(server, checkerId, state));
  return {
    next: { virtualServers: steps.map(({ next }) => next) },
    events: steps.flatMap(({ events }) => events),
  };
}

/**
 * The health of `virtualServers` at start (`previous` is `noHealth`) or after a reload. Of a virtual server named twice,
 * or a real server named twice in one, the first counts: the kernel's table holds it but once.
 */
export function configureHealth(
  previous: Health,
  virtualServers: readonly VirtualServerConfig[],
): HealthStep {
  const distinct = firstByKey(virtualServers, (config) => serviceKey(config.service));
  const steps = [...distinct.values()].map((config) =>
    configureVirtualServer(config, findVirtualServer(previous, config.service)),
  );
  const removed = previous.virtualServers.filter(({ config }) => !distinct.has(serviceKey(config.service)));
  return {
    next: { virtualServers: steps.map(({ next }) => next) },
    events: [
      ...removed.map(({ config }): HealthEvent => ({ kind: 'virtualServerRemoved', virtualServer: config })),
      ...steps.flatMap(({ events }) => events),
    ],
  };
}

interface VirtualServerStep {
  readonly next: VirtualServerHealth;
  readonly events: readonly HealthEvent[];
}

function recordInVirtualServer(
  server: VirtualServerHealth,
  checkerId: string,
  state: CheckerState,
): VirtualServerStep {
  if (!server.realServers.some((real) => real.checkers.some(({ id }) => id === checkerId))) {
    return { next: server, events: [] };
  }
  const realServers = server.realServers.map((real) => ({
    ...real,
    checkers: real.checkers.map((checker) => (checker.id === checkerId ? { ...checker, state } : checker)),
  }));
  return settle(server, { ...server, realServers });
}

function configureVirtualServer(
  config: VirtualServerConfig,
  previous: VirtualServerHealth | undefined,
): VirtualServerStep {
  const distinct = firstByKey(config.realServers, realServerKey);
  const realServers = [...distinct].map(([key, real]) =>
    configureRealServer(real, findRealServer(previous, real), `${serviceKey(config.service)} ${key}`),
  );
  return settle(previous, { config, hasQuorum: previous?.hasQuorum ?? false, realServers });
}

function configureRealServer(
  config: RealServerConfig,
  previous: RealServerHealth | undefined,
  key: string,
): RealServerHealth {
  const known = new Map(previous?.checkers.map(({ id, state }) => [id, state]));
  const wasDown = previous !== undefined && !isRealServerUp(previous);
  const uniqueId = countOccurrences();
  const checkers = config.checkers.map((checker) => {
    const id = uniqueId(`${key} ${checkerKey(checker)}`);
    return { id, config: checker, state: known.get(id) ?? (wasDown ? 'assumedDown' : initialState(checker)) };
  });
  return { config, checkers };
}

/** Decides the quorum anew and names what differs from before. `before` is undefined for a new virtual server. */
function settle(before: VirtualServerHealth | undefined, after: VirtualServerHealth): VirtualServerStep {
  const weight = liveWeight(
    after.realServers.map((real) => ({ weight: real.config.weight, isUp: isRealServerUp(real) })),
  );
  const hasQuorum = quorumAfter(after.config, after.hasQuorum, weight);
  const quorum = {
    virtualServer: after.config,
    isFirst: before === undefined,
    threshold: quorumThreshold(after.config, after.hasQuorum),
    liveWeight: weight,
  };
  const events = before === undefined ? [] : realServerEvents(before, after);
  if (before === undefined || hasQuorum !== after.hasQuorum) {
    events.push({ kind: hasQuorum ? 'quorumGained' : 'quorumLost', ...quorum });
  }
  return { next: { ...after, hasQuorum }, events };
}

function realServerEvents(before: VirtualServerHealth, after: VirtualServerHealth): HealthEvent[] {
  const virtualServer = after.config;
  const removed = before.realServers.filter((real) => findRealServer(after, real.config) === undefined);
  return [
    ...removed.map((real): HealthEvent => {
      return {
        kind: 'realServerRemoved',
        virtualServer,
        realServer: real.config,
        wasUp: isRealServerUp(real),
      };
    }),
    ...after.realServers.flatMap((real) =>
      realServerEvent(virtualServer, findRealServer(before, real.config), real),
    ),
  ];
}

function realServerEvent(
  virtualServer: VirtualServerConfig,
  before: RealServerHealth | undefined,
  after: RealServerHealth,
): HealthEvent[] {
  const realServer = after.config;
  const up = isRealServerUp(after);
  const events: HealthEvent[] = [];
  if (before !== undefined && before.config.weight !== realServer.weight) {
    const [from, to] = [before.config.weight, realServer.weight];
    events.push({ kind: 'weightChanged', virtualServer, realServer, isUp: up, from, to });
  }
  // A real server that a reload adds was not in the table before: it counts as down until now.
  if (up !== (before !== undefined && isRealServerUp(before))) {
    events.push({ kind: up ? 'realServerUp' : 'realServerDown', virtualServer, realServer });
  }
  return events;
}

function findRealServer(
  server: VirtualServerHealth | undefined,
  wanted: Pick<RealServerConfig, 'address' | 'port'>,
): RealServerHealth | undefined {
  const key = realServerKey(wanted);
  return server?.realServers.find((real) => realServerKey(real.config) === key);
}

function firstByKey<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): ReadonlyMap<string, Value> {
  const first = new Map<string, Value>();
  for (const value of values) if (!first.has(keyOf(value))) first.set(keyOf(value), value);
  return first;
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
