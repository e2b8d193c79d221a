/**
 * The table that the configuration and the health of its servers ask for. Decides what stands in the table; not when a
 * server is up nor when quorum is lost, which come in as Health.
 */
import type { RealServerConfig, SorryServerConfig, VirtualServerConfig } from '../config-parser/config.ts';
import { IP_VS_SVC_F_PERSISTENT } from './constants.ts';
import type { Destination, Service, ServiceEntry, Table } from './model.ts';
import { type ServerKey, type ServiceKey, serverKey, serviceKey } from './service-key.ts';

export interface RealServerHealth {
  readonly isUp: boolean;
  /** The effective weight, where it is not the configured one. */
  readonly weight?: number;
}

export interface VirtualServerHealth {
  /** False brings the sorry server in, where there is one. */
  readonly quorumUp: boolean;
  readonly realServers: ReadonlyMap<ServerKey, RealServerHealth>;
}

/** What is missing here has not been checked yet: up, unless keepalived.conf(5): alpha says the contrary. */
export type Health = ReadonlyMap<ServiceKey, VirtualServerHealth>;

/** One entry a service, in the order of the configuration; of a service or server named twice the first counts. */
export function desiredTable(virtualServers: readonly VirtualServerConfig[], health: Health): Table {
  const entries = virtualServers.map((server) =>
    desiredEntry(server, health.get(serviceKey(server.service))),
  );
  return [...firstByKey(entries, (entry) => serviceKey(entry.service.service)).values()];
}

export function desiredService(server: VirtualServerConfig): Service {
  const timeout = server.persistenceTimeoutSeconds ?? 0;
  return {
    service: server.service,
    scheduler: server.scheduler,
    flags: timeout === 0 ? 0 : IP_VS_SVC_F_PERSISTENT,
    persistenceTimeoutSeconds: timeout,
    persistencePrefixLength: server.persistencePrefixLength,
  };
}

function desiredEntry(server: VirtualServerConfig, health: VirtualServerHealth | undefined): ServiceEntry {
  const sorryActive = server.sorryServer !== undefined && health?.quorumUp === false;
  const sorry = server.sorryServer && sorryDestination(server.sorryServer, sorryActive);
  const real = server.realServers.flatMap((one) => {
    const state = health?.realServers.get(serverKey(one)) ?? { isUp: !one.alpha };
    return realDestination(one, state, sorryActive) ?? [];
  });
  // While the sorry server serves, it comes first and wins over a real server with its address; else the real one wins.
  const all = sorryActive ? [...(sorry ?? []), ...real] : [...real, ...(sorry ?? [])];
  return { service: desiredService(server), destinations: [...firstByKey(all, serverKey).values()] };
}

/** keepalived.conf(5): inhibit_on_failure keeps with weight 0 what would otherwise be left out. */
function realDestination(
  server: RealServerConfig,
  state: RealServerHealth,
  sorryActive: boolean,
): Destination | undefined {
  const serves = state.isUp && !sorryActive;
  if (!serves && !server.inhibitOnFailure) return undefined;
  return {
    address: server.address,
    port: server.port,
    forwarding: server.forwarding,
    weight: serves ? (state.weight ?? server.weight) : 0,
    upperThreshold: server.upperThreshold,
    lowerThreshold: server.lowerThreshold,
  };
}

/** keepalived.conf(5): sorry_server_inhibit keeps an idle sorry server with weight 0. */
function sorryDestination(sorry: SorryServerConfig, active: boolean): readonly Destination[] {
  if (!active && !sorry.inhibit) return [];
  const { address, port, forwarding } = sorry;
  return [{ address, port, forwarding, weight: active ? 1 : 0, upperThreshold: 0, lowerThreshold: 0 }];
}

function firstByKey<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value> {
  const first = new Map<Key, Value>();
  for (const value of values) if (!first.has(keyOf(value))) first.set(keyOf(value), value);
  return first;
}
