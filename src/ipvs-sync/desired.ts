/**
 * The table that the configuration and the health of its servers ask for. Decides what stands in the table; not when a
 * server is up nor when quorum is lost, which come in as Health.
 */
import type {
  ForwardingMethod,
  RealServerConfig,
  SorryServerConfig,
  VirtualServerConfig,
  VirtualService,
} from '../config-parser/config.ts';
import { familyOf } from '../net/address.ts';
import { IP_VS_SVC_F_ONEPACKET, IP_VS_SVC_F_PERSISTENT, IP_VS_SVC_F_SCHED } from './constants.ts';
import type { Destination, Service, ServiceEntry, Table } from './model.ts';
import { type ServerKey, serverKey, serviceKey } from './service-key.ts';

export interface RealServerHealth {
  readonly isUp: boolean;
  /** The effective weight, where it is not the configured one. */
  readonly weight?: number;
  /** An operator lets its connections end: weight 0, whatever its weight is. */
  readonly isDrained?: boolean;
}

export interface VirtualServerHealth {
  /** False brings the sorry server in, where there is one. */
  readonly quorumUp: boolean;
  readonly realServers: ReadonlyMap<ServerKey, RealServerHealth>;
}

/**
 * By the virtual server's name. What is missing here has not been checked yet: up, unless keepalived.conf(5): alpha says
 * the contrary.
 */
export type Health = ReadonlyMap<string, VirtualServerHealth>;

/** One entry a service, in the order of the configuration; of a service or server named twice the first counts. */
export function desiredTable(virtualServers: readonly VirtualServerConfig[], health: Health): Table {
  return uniqueEntries(virtualServers.map((server) => desiredEntries(server, health.get(server.name))));
}

/**
 * As `desiredTable`, call after call: an entry whose configuration and health are the same as in the last call is the
 * same object, so that a table of thousands is compared by identity where little changed.
 */
export function createDesiredTable(): typeof desiredTable {
  let kept: ReadonlyMap<string, KeptEntries> = new Map();
  /** Servers that are known to share no service: health does not change that. */
  let distinct: readonly VirtualServerConfig[] = [];
  return (virtualServers, health) => {
    const next = new Map<string, KeptEntries>();
    const all = virtualServers.map((server) => {
      const entries = keptEntries(kept.get(server.name), server, health.get(server.name));
      next.set(server.name, entries);
      return entries.entries;
    });
    kept = next;
    const flat = all.flat();
    if (areSame(distinct, virtualServers)) return flat;
    const unique = uniqueEntries(all);
    distinct = unique.length === flat.length ? virtualServers : [];
    return unique;
  };
}

/** The kernel's services of a virtual server: one, or each of its group. */
export function desiredServices(server: VirtualServerConfig): readonly Service[] {
  return server.services.map((service) => desiredService(server, service));
}

interface KeptEntries {
  readonly server: VirtualServerConfig;
  readonly health: VirtualServerHealth | undefined;
  readonly entries: readonly ServiceEntry[];
}

function keptEntries(
  before: KeptEntries | undefined,
  server: VirtualServerConfig,
  health: VirtualServerHealth | undefined,
): KeptEntries {
  const isSame = before !== undefined && before.server === server && isSameHealth(before.health, health);
  return { server, health, entries: isSame ? before.entries : desiredEntries(server, health) };
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function uniqueEntries(entries: readonly (readonly ServiceEntry[])[]): Table {
  return [...firstByKey(entries.flat(), (entry) => serviceKey(entry.service.service)).values()];
}

function desiredEntries(
  server: VirtualServerConfig,
  health: VirtualServerHealth | undefined,
): readonly ServiceEntry[] {
  const destinations = desiredDestinations(server, health);
  return desiredServices(server).map((service) => ({ service, destinations }));
}

function desiredService(server: VirtualServerConfig, service: VirtualService): Service {
  const { persistence } = server;
  return {
    service,
    scheduler: server.scheduler,
    flags: flagsOf(server),
    persistenceTimeoutSeconds: persistence?.timeoutSeconds ?? 0,
    persistencePrefixLength: persistence?.prefixLength ?? hostPrefixLength(service),
    ...(persistence?.engine !== undefined && { persistenceEngine: persistence.engine }),
  };
}

function flagsOf({ persistence, onePacket, schedulerFlags }: VirtualServerConfig): number {
  const own =
    (persistence === undefined ? 0 : IP_VS_SVC_F_PERSISTENT) | (onePacket ? IP_VS_SVC_F_ONEPACKET : 0);
  return schedulerFlags.reduce((flags, flag) => flags | IP_VS_SVC_F_SCHED[flag], own);
}

function hostPrefixLength(service: VirtualService): number {
  const family = service.kind === 'fwmark' ? service.family : familyOf(service.address);
  return family === 4 ? 32 : 128;
}

function desiredDestinations(
  server: VirtualServerConfig,
  health: VirtualServerHealth | undefined,
): readonly Destination[] {
  const sorryActive = server.sorryServer !== undefined && health?.quorumUp === false;
  const sorry = server.sorryServer && sorryDestination(server.sorryServer, sorryActive);
  const real = server.realServers.flatMap((one) => {
    const state = health?.realServers.get(serverKey(one)) ?? { isUp: !one.alpha };
    return realDestination(one, state, sorryActive) ?? [];
  });
  // While the sorry server serves, it comes first and wins over a real server with its address; else the real one wins.
  const all = sorryActive ? [...(sorry ?? []), ...real] : [...real, ...(sorry ?? [])];
  return [...firstByKey(all, serverKey).values()];
}

/** keepalived.conf(5): inhibit_on_failure keeps with weight 0 what would otherwise be left out. */
function realDestination(
  server: RealServerConfig,
  state: RealServerHealth,
  sorryActive: boolean,
): Destination | undefined {
  const serves = state.isUp && !sorryActive;
  if (!serves && !server.inhibitOnFailure) return undefined;
  const getsConnections = serves && state.isDrained !== true;
  return {
    address: server.address,
    port: server.port,
    ...kernelMethod(server.method),
    weight: getsConnections ? (state.weight ?? server.weight) : 0,
    upperThreshold: server.upperThreshold,
    lowerThreshold: server.lowerThreshold,
  };
}

/** keepalived.conf(5): sorry_server_inhibit keeps an idle sorry server with weight 0. */
function sorryDestination(sorry: SorryServerConfig, active: boolean): readonly Destination[] {
  if (!active && !sorry.inhibit) return [];
  const { address, port, method } = sorry;
  const weight = active ? 1 : 0;
  return [{ address, port, ...kernelMethod(method), weight, upperThreshold: 0, lowerThreshold: 0 }];
}

/** FULLNAT is NAT to IPVS; the packets' source is the firewall's affair. */
function kernelMethod({ forwarding, tunnel }: ForwardingMethod): Pick<Destination, 'forwarding' | 'tunnel'> {
  if (forwarding === 'TUN') return { forwarding, tunnel: tunnel ?? { type: 'ipip' } };
  return { forwarding: forwarding === 'FULLNAT' ? 'NAT' : forwarding };
}

function isSameHealth(a: VirtualServerHealth | undefined, b: VirtualServerHealth | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.quorumUp !== b.quorumUp || a.realServers.size !== b.realServers.size) return false;
  return [...a.realServers].every(([key, one]) => isSameServerHealth(one, b.realServers.get(key)));
}

function isSameServerHealth(a: RealServerHealth, b: RealServerHealth | undefined): boolean {
  if (b === undefined) return false;
  return a.isUp === b.isUp && a.weight === b.weight && (a.isDrained === true) === (b.isDrained === true);
}

function firstByKey<Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value> {
  const first = new Map<Key, Value>();
  for (const value of values) {
    const key = keyOf(value);
    if (!first.has(key)) first.set(key, value);
  }
  return first;
}
