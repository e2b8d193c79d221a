/**
 * What a start makes of a table that is in the kernel already. After a crash of all of holdfast, or of whatever did its work before,
 * connections run through it: a server that serves goes on, and one that was taken out is not put back until a check has found it
 * well. keepalived puts it back. Pure.
 */
import type { SorryServerConfig, VirtualServerConfig } from '../../config-parser/config.ts';
import { type Knowledge, noKnowledge, realServerKey } from '../../healthcheck/index.ts';
import { type ServiceEntry, type ServiceKey, serviceKey, type Table } from '../../ipvs-sync/index.ts';
import type { CheckerMemory, LogRecord } from '../ipc.ts';
import { realServerName } from './server-names.ts';

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
    hadQuorum: (virtualServer) => {
      const serving = found.get(virtualServer);
      return serving === undefined ? undefined : !serving.isBySorryServer;
    },
  };
  return { knowledge, records: describeAdoption(virtualServers, found) };
}

/** What a predecessor of this process has proven; the rest is as at a start. */
export function recall(memory: CheckerMemory): Knowledge {
  const verdict = (id: string) => {
    const state = memory.verdicts.get(id);
    return state === 'up' || state === 'down' ? state : undefined;
  };
  return {
    ...noKnowledge,
    stateOf: ({ id }) => verdict(id),
    hadQuorum: (virtualServer) => {
      const state = verdict(quorumId(virtualServer));
      return state === undefined ? undefined : state === 'up';
    },
  };
}

/** Under which a virtual server's quorum is remembered among the verdicts of checkers. */
export function quorumId(virtualServer: string): string {
  return `quorum of ${virtualServer}`;
}

interface Serving {
  /** By their keys. With weight 0 counts where the configuration has no other reason for it than that the server failed. */
  readonly realServers: ReadonlySet<string>;
  readonly isBySorryServer: boolean;
}

function findServing(
  server: VirtualServerConfig,
  observed: ReadonlyMap<ServiceKey, ServiceEntry>,
): Serving | undefined {
  const entries = server.services.flatMap((service) => observed.get(serviceKey(service)) ?? []);
  const destinations = entries.flatMap((entry) => entry.destinations);
  const live = new Set(destinations.filter(({ weight }) => weight > 0).map(realServerKey));
  if (live.size === 0) return undefined;
  const present = new Set(destinations.map(realServerKey));
  // Weight 0 means a failed server only with inhibit_on_failure; else somebody has drained it.
  const serving = server.realServers.filter((real) => {
    const key = realServerKey(real);
    return live.has(key) || (present.has(key) && (!real.inhibitOnFailure || real.weight === 0));
  });
  return {
    realServers: new Set(serving.map(realServerKey)),
    isBySorryServer: isSorryServerLive(server, live),
  };
}

/** A sorry server that is one of the real servers tells nothing by being there. */
function isSorryServerLive(
  { sorryServer, realServers }: VirtualServerConfig,
  live: ReadonlySet<string>,
): boolean {
  const keyOf = (server: SorryServerConfig) => realServerKey(server);
  if (sorryServer === undefined || !live.has(keyOf(sorryServer))) return false;
  return !realServers.some((real) => realServerKey(real) === keyOf(sorryServer));
}

/** How many servers one line names; the rest is counted. */
const namedServers = 6;

function describeAdoption(
  virtualServers: readonly VirtualServerConfig[],
  found: ReadonlyMap<string, Serving | undefined>,
): readonly LogRecord[] {
  const adopted = [...found.values()].filter((serving) => serving !== undefined).length;
  if (adopted === 0) return [];
  const out = virtualServers.flatMap((server) => {
    const serving = found.get(server.name);
    if (serving === undefined) return [];
    const missing = server.realServers.filter(
      (real) => real.checkers.length > 0 && !serving.realServers.has(realServerKey(real)),
    );
    return missing.map((real) => `${realServerName(real, server)} of ${server.name}`);
  });
  const finding = `Found ${adopted === 1 ? '1 virtual server' : `${adopted} virtual servers`} at work in the IPVS table`;
  if (out.length === 0) return [{ level: 'notice', message: `${finding}: the servers in it go on` }];
  const more = out.length > namedServers ? ` and ${out.length - namedServers} more` : '';
  const names = `${out.slice(0, namedServers).join(', ')}${more}`;
  return [
    {
      level: 'notice',
      message: `${finding}: the servers in it go on, and those that do not serve stay out until a check succeeds: ${names}`,
    },
  ];
}
