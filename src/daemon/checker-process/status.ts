/** How the servers are, for those who ask. Pure. */
import type { RealServerConfig, VirtualServerConfig, VirtualService } from '../../config-parser/config.ts';
import {
  effectiveWeight,
  type Health,
  isRealServerUp,
  isSorryServerInUse,
  liveWeightOf,
  type RealServerHealth,
  type VirtualServerHealth,
} from '../../healthcheck/index.ts';
import { serverKey, serviceKey } from '../../ipvs-sync/index.ts';
import type { CheckerStatus, RealServerStatus, VirtualServerStatus } from '../ipc.ts';
import { type Holds, holdOf } from './holds.ts';
import type { Results } from './results.ts';

export interface StatusFacts {
  readonly health: Health;
  readonly holds: Holds;
  readonly results: Pick<Results, 'of'>;
  readonly isSuspended: (virtualServer: string) => boolean;
  /** As the kernel last told them; undefined where it was not asked or has no such entry. */
  readonly connections: (
    service: VirtualService,
    server: Pick<RealServerConfig, 'address' | 'port'>,
  ) => Connections | undefined;
  readonly tableTrouble: string | undefined;
  readonly counters: Readonly<Record<string, number>>;
  readonly nowMs: number;
}

type Connections = NonNullable<RealServerStatus['connections']>;

export function checkerStatus(facts: StatusFacts): CheckerStatus {
  return {
    virtualServers: [...facts.health.virtualServers].map((server) => virtualServerStatus(server, facts)),
    ...(facts.tableTrouble !== undefined && { tableTrouble: facts.tableTrouble }),
    counters: facts.counters,
  };
}

function virtualServerStatus(server: VirtualServerHealth, facts: StatusFacts): VirtualServerStatus {
  const { config, hasQuorum, realServers } = server;
  const { sorryServer } = config;
  return {
    name: config.name,
    services: config.services.map(serviceKey),
    scheduler: config.scheduler,
    hasQuorum,
    quorum: config.quorum,
    liveWeight: liveWeightOf(server),
    ...(sorryServer !== undefined && {
      sorryServer: { name: serverKey(sorryServer), isInUse: isSorryServerInUse(server) },
    }),
    isSuspended: facts.isSuspended(config.name),
    realServers: realServers.map((real) => realServerStatus(real, config, facts)),
  };
}

function realServerStatus(
  real: RealServerHealth,
  of: VirtualServerConfig,
  facts: StatusFacts,
): RealServerStatus {
  const { config } = real;
  const hold = holdOf(facts.holds, of.name, config);
  const found = of.services.flatMap((service) => facts.connections(service, config) ?? []);
  return {
    name: serverKey(config),
    method: config.method.forwarding,
    weight: config.weight,
    effectiveWeight: effectiveWeight(real),
    isUp: isRealServerUp(real),
    ...(hold !== undefined && {
      hold: {
        ...(hold.untilMs !== undefined && { forSeconds: Math.max(0, (hold.untilMs - facts.nowMs) / 1000) }),
        ...(hold.reason !== undefined && { reason: hold.reason }),
      },
    }),
    ...(found.length > 0 && { connections: sumOf(found) }),
    checkers: real.checkers.map(({ id, config: { kind }, state }) => {
      const results = facts.results.of(id).map(({ atMs, outcome }) => {
        return { secondsAgo: (facts.nowMs - atMs) / 1000, outcome };
      });
      return { kind, state, results };
    }),
  };
}

function sumOf(connections: readonly Connections[]): Connections {
  return {
    active: connections.reduce((sum, { active }) => sum + active, 0),
    inactive: connections.reduce((sum, { inactive }) => sum + inactive, 0),
  };
}
