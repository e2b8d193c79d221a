/**
 * The table that the kernel should have, in parts: one a virtual server, so that a verdict computes one of them anew. The entries of
 * a virtual server that has not changed are the same objects in every table.
 */
import type { Health, VirtualServerHealth } from '../../healthcheck/index.ts';
import {
  desiredTable,
  type ServiceEntry,
  type ServiceKey,
  serviceKey,
  type Table,
} from '../../ipvs-sync/index.ts';
import { tableConfig, tableHealth } from './table-health.ts';

export class DesiredEntries {
  readonly #entries = new Map<string, readonly ServiceEntry[]>();
  /** Virtual servers that name a service which one before them has: it is that one's. */
  #latecomers: ReadonlyMap<string, ReadonlySet<ServiceKey>> = new Map();

  /** `changed` are the names of virtual servers that are not as they were, also of those that are gone. */
  update(health: Health, changed: readonly string[]): void {
    for (const name of changed) this.#refresh(name, health.get(name));
  }

  /** As `update`, after a reload, which may also have changed whose a service is. */
  configure(health: Health, changed: readonly string[]): void {
    const before = this.#latecomers;
    this.#latecomers = latecomersAmong(health.virtualServers);
    this.update(health, [...new Set([...changed, ...before.keys(), ...this.#latecomers.keys()])]);
  }

  table(health: Health): Table {
    const table: ServiceEntry[] = [];
    for (const { config } of health.virtualServers) table.push(...(this.#entries.get(config.name) ?? []));
    return table;
  }

  #refresh(name: string, server: VirtualServerHealth | undefined): void {
    if (server === undefined) this.#entries.delete(name);
    else this.#entries.set(name, entriesOf(server, this.#latecomers.get(name)));
  }
}

/** The table for healths that are not in force. */
export function previewTable(servers: Iterable<VirtualServerHealth>): Table {
  const all = [...servers];
  const latecomers = latecomersAmong(all);
  return all.flatMap((server) => entriesOf(server, latecomers.get(server.config.name)));
}

function entriesOf(
  server: VirtualServerHealth,
  taken: ReadonlySet<ServiceKey> | undefined,
): readonly ServiceEntry[] {
  const entries = desiredTable([tableConfig(server)], new Map([[server.config.name, tableHealth(server)]]));
  return taken === undefined
    ? entries
    : entries.filter(({ service }) => !taken.has(serviceKey(service.service)));
}

function latecomersAmong(
  servers: Iterable<VirtualServerHealth>,
): ReadonlyMap<string, ReadonlySet<ServiceKey>> {
  const owners = new Map<ServiceKey, string>();
  const latecomers = new Map<string, Set<ServiceKey>>();
  for (const { config } of servers) {
    for (const service of config.services) {
      const key = serviceKey(service);
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, config.name);
      else if (owner !== config.name) {
        latecomers.set(config.name, (latecomers.get(config.name) ?? new Set()).add(key));
      }
    }
  }
  return latecomers;
}
