/**
 * What is known of all virtual servers. It is the one thing here that changes in place: with 20,000 virtual servers a verdict
 * finds its checker by its id and touches one of them, and a reload touches those that differ. What a change means is decided in
 * virtual-server-health.ts, on values.
 */
import type { VirtualServerConfig } from '../config-parser/config.ts';
import type { CheckerState } from './checker-state.ts';
import { isSameDefinition } from './identity.ts';
import type { DynamicWeight } from './probe.ts';
import {
  configureVirtualServer,
  type HealthEvent,
  type Knowledge,
  noKnowledge,
  type Place,
  recordHolds,
  recordVerdict,
  recordWeight,
  type VirtualServerHealth,
  type VirtualServerStep,
} from './virtual-server-health.ts';

export interface HealthChange {
  readonly events: readonly HealthEvent[];
  /** The names of the virtual servers that are not as they were, also those that are gone. */
  readonly changed: readonly string[];
  /** The ids of checkers that there are no more. */
  readonly goneCheckers?: readonly string[];
}

interface LocatedPlace extends Place {
  readonly virtualServer: string;
}

const noChange: HealthChange = { events: [], changed: [] };

export class Health {
  #servers = new Map<string, VirtualServerHealth>();
  /** By the checker's id. */
  readonly #places = new Map<string, LocatedPlace>();

  /** In the order of the configuration. */
  get virtualServers(): IterableIterator<VirtualServerHealth> {
    return this.#servers.values();
  }

  get(name: string): VirtualServerHealth | undefined {
    return this.#servers.get(name);
  }

  /** At start or after a reload. Of a virtual server named twice the first counts. */
  configure(
    virtualServers: readonly VirtualServerConfig[],
    knowledge: Knowledge = noKnowledge,
  ): HealthChange {
    const { servers, steps } = this.preview(virtualServers, knowledge);
    const removed = [...this.#servers.values()].filter(({ config }) => !servers.has(config.name));
    const gone = [...removed, ...steps.flatMap(({ next }) => this.#servers.get(next.config.name) ?? [])]
      .flatMap(({ realServers }) => realServers)
      .flatMap(({ checkers }) => checkers.map(({ id }) => id));
    for (const id of gone) this.#places.delete(id);
    this.#servers = servers;
    for (const { next } of steps) this.#place(next);
    return {
      events: [
        ...removed.map((health): HealthEvent => ({ kind: 'virtualServerRemoved', health })),
        ...steps.flatMap(({ events }) => events),
      ],
      changed: [...removed, ...steps.map(({ next }) => next)].map(({ config }) => config.name),
      goneCheckers: gone.filter((id) => !this.#places.has(id)),
    };
  }

  /** What `configure` would make of it. A virtual server whose definition is the same is the same object. */
  preview(virtualServers: readonly VirtualServerConfig[], knowledge: Knowledge = noKnowledge) {
    const servers = new Map<string, VirtualServerHealth>();
    const steps: VirtualServerStep[] = [];
    for (const config of virtualServers) {
      if (servers.has(config.name)) continue;
      const previous = this.#servers.get(config.name);
      if (previous !== undefined && isSameDefinition(previous.config, config)) {
        servers.set(config.name, previous);
        continue;
      }
      const step = configureVirtualServer(config, previous, knowledge);
      steps.push(step);
      servers.set(config.name, step.next);
    }
    return { servers, steps };
  }

  /** A checker that a reload has removed in the meantime changes nothing. */
  recordVerdict(checkerId: string, state: CheckerState): HealthChange {
    return this.#record(checkerId, (server, place) => recordVerdict(server, place, state));
  }

  recordWeight(checkerId: string, weight: DynamicWeight): HealthChange {
    return this.#record(checkerId, (server, place) => recordWeight(server, place, weight));
  }

  recordHolds(isHeld: Knowledge['isHeld'], names: Iterable<string>): HealthChange {
    const changes = [...new Set(names)].flatMap((name) => {
      const server = this.#servers.get(name);
      return server === undefined ? [] : [this.#adopt(name, recordHolds(server, isHeld))];
    });
    return {
      events: changes.flatMap(({ events }) => events),
      changed: changes.flatMap(({ changed }) => changed),
    };
  }

  #record(
    checkerId: string,
    step: (server: VirtualServerHealth, place: Place) => VirtualServerStep,
  ): HealthChange {
    const place = this.#places.get(checkerId);
    const server = place && this.#servers.get(place.virtualServer);
    if (place === undefined || server === undefined) return noChange;
    return this.#adopt(place.virtualServer, step(server, place));
  }

  #adopt(name: string, { next, events }: VirtualServerStep): HealthChange {
    if (next === this.#servers.get(name)) return noChange;
    this.#servers.set(name, next);
    return { events, changed: [name] };
  }

  #place(health: VirtualServerHealth): void {
    const virtualServer = health.config.name;
    health.realServers.forEach((real, realServer) => {
      real.checkers.forEach(({ id }, checker) => {
        this.#places.set(id, { virtualServer, realServer, checker });
      });
    });
  }
}
