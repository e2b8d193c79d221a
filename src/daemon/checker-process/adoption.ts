/**
 * What a start makes of a table that is in the kernel already. After a crash of all of holdfast, or of whatever did its work before,
 * connections run through it: a server that serves goes on, and one that was taken out is not put back until a check has found it
 * well. keepalived puts it back.
 *
 * A server whose only check is a MISC_CHECK with misc_dynamic goes on with the weight that it has: where that is not the configured
 * one, the check has set it, and a restart would shift clients to other servers until the check has run. With several checks nobody
 * knows which has said what, and weight 0 may as well be a drain or a failure: such servers begin with their configured weight. One
 * that was changed in the files while nobody ran looks the same as one that a check has set: the kernel's goes on until the check
 * sets another, or until a stop has cleared the table. The log names such servers. Pure.
 */
import type { RealServerConfig, SorryServerConfig, VirtualServerConfig } from '../../config-parser/config.ts';
import { type Knowledge, noKnowledge, realServerKey } from '../../healthcheck/index.ts';
import { type ServiceEntry, type ServiceKey, serviceKey, type Table } from '../../ipvs-sync/index.ts';
import type { LogRecord } from '../ipc.ts';
import { describeAdoption } from './adoption-wording.ts';

export interface Adoption {
  readonly knowledge: Knowledge;
  readonly records: readonly LogRecord[];
}

/** Of servers whose service is in the kernel and has anybody who serves; about all others it says nothing. */
export function adoptTable(virtualServers: readonly VirtualServerConfig[], observed: Table): Adoption {
  const entries = new Map(observed.map((entry) => [serviceKey(entry.service.service), entry]));
  const found = new Map(virtualServers.map((server) => [server.name, findServing(server, entries)]));
  const knowledge: Knowledge = {
    ...noKnowledge,
    stateOf: (_, virtualServer, realServer) => {
      const serving = found.get(virtualServer);
      if (serving === undefined) return undefined;
      return serving.realServers.has(realServer) ? 'assumedUp' : 'assumedDown';
    },
    weightOf: (_, virtualServer, realServer) => {
      const set = found.get(virtualServer)?.weightsSet.get(realServer);
      return set === undefined ? undefined : { set };
    },
    hadQuorum: (virtualServer) => {
      const serving = found.get(virtualServer);
      return serving === undefined ? undefined : !serving.isBySorryServer;
    },
  };
  return { knowledge, records: describeAdoption(virtualServers, found) };
}

/** What stands in the kernel of a virtual server that somebody serves. */
export interface Serving {
  /** By their keys. With weight 0 counts where the configuration has no other reason for it than that the server failed. */
  readonly realServers: ReadonlySet<string>;
  /** By the keys of real servers: what their one check has set before. */
  readonly weightsSet: ReadonlyMap<string, number>;
  readonly isBySorryServer: boolean;
}

function findServing(
  server: VirtualServerConfig,
  observed: ReadonlyMap<ServiceKey, ServiceEntry>,
): Serving | undefined {
  const entries = server.services.flatMap((service) => observed.get(serviceKey(service)) ?? []);
  const destinations = entries.flatMap((entry) => entry.destinations);
  const live = new Map(
    destinations.filter(({ weight }) => weight > 0).map((one) => [realServerKey(one), one.weight]),
  );
  if (live.size === 0) return undefined;
  const present = new Set(destinations.map(realServerKey));
  // Weight 0 means a failed server only with inhibit_on_failure; else somebody has drained it.
  const serving = server.realServers.filter((real) => {
    const key = realServerKey(real);
    return live.has(key) || (present.has(key) && (!real.inhibitOnFailure || real.weight === 0));
  });
  return {
    realServers: new Set(serving.map(realServerKey)),
    weightsSet: weightsSet(server, live),
    isBySorryServer: isSorryServerLive(server, live),
  };
}

/** What MISC_CHECK can set: exit status 255 less 2. */
const highestWeightSet = 253;

/** A real server that is the sorry server, too, may stand there as that one. */
function weightsSet(
  { realServers, sorryServer }: VirtualServerConfig,
  live: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const sorryKey = sorryServer && realServerKey(sorryServer);
  const set = new Map<string, number>();
  for (const real of realServers) {
    const key = realServerKey(real);
    const weight = live.get(key);
    if (weight === undefined || weight === real.weight || weight > highestWeightSet) continue;
    if (isWeighedByOneCheck(real) && key !== sorryKey) set.set(key, weight);
  }
  return set;
}

function isWeighedByOneCheck({ checkers: [only, ...others] }: RealServerConfig): boolean {
  return only?.kind === 'MISC_CHECK' && only.isDynamic && others.length === 0;
}

/** A sorry server that is one of the real servers tells nothing by being there. */
function isSorryServerLive(
  { sorryServer, realServers }: VirtualServerConfig,
  live: ReadonlyMap<string, number>,
): boolean {
  const keyOf = (server: SorryServerConfig) => realServerKey(server);
  if (sorryServer === undefined || !live.has(keyOf(sorryServer))) return false;
  return !realServers.some((real) => realServerKey(real) === keyOf(sorryServer));
}
