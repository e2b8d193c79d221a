/**
 * What is wanted of the kernel's table and what is believed to be in it, service by service, so that a change costs what
 * has changed and not what there is. Whoever reads or writes the kernel says here what came of it. Knows no kernel.
 */
import type { VirtualService } from '../config-parser/config.ts';
import type { ApplyResult } from './apply.ts';
import { areSameDestinations, diff, isSameService } from './diff.ts';
import type { Destination, ObservedServiceHead, Operation, ServiceEntry, Table } from './model.ts';
import { operationKey, type ServiceKey, serverKey, serviceKey } from './service-key.ts';

export class TableState {
  #desired = new Map<ServiceKey, ServiceEntry>();
  /** Also of others' services, whose destinations may have changed since. */
  #believed = new Map<ServiceKey, ServiceEntry>();
  readonly #owned = new Map<ServiceKey, VirtualService>();
  /** Where what is wanted may differ from what is believed. */
  readonly #doubtful = new Set<ServiceKey>();
  #isKnown = false;
  #ownedChanges = 0;

  constructor(owned: readonly VirtualService[]) {
    for (const service of owned) this.#own(serviceKey(service), service);
  }

  /** False before the first reading and after `forget`: then nothing may be written. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Ours are those that we want, and those that we wanted and that have not left the kernel yet. */
  get ownedServices(): readonly VirtualService[] {
    return [...this.#owned.values()];
  }

  /** Counts up whenever a service becomes ours or has left us. */
  get ownedChanges(): number {
    return this.#ownedChanges;
  }

  get desiredServices(): readonly VirtualService[] {
    return [...this.#desired.values()].map((entry) => entry.service.service);
  }

  believed(key: ServiceKey): ServiceEntry | undefined {
    return this.#believed.get(key);
  }

  /**
   * Returns the services that others have put into the kernel and that are ours from now on: their destinations are to
   * be read before anything is written.
   */
  setDesired(table: Table): readonly VirtualService[] {
    const before = new Set(this.#desired.values());
    const changed = table.filter((entry) => !before.delete(entry));
    for (const entry of before) {
      const key = keyOf(entry);
      this.#desired.delete(key);
      this.#doubtful.add(key);
    }
    const adopted: VirtualService[] = [];
    for (const entry of changed) {
      const key = keyOf(entry);
      const { service } = entry.service;
      if (!this.#owned.has(key) && this.#believed.has(key)) adopted.push(service);
      this.#desired.set(key, entry);
      this.#own(key, service);
    }
    return adopted;
  }

  /** The whole table, as it was read. */
  observeAll(observed: Table): void {
    this.#believed = new Map(observed.map((entry) => [keyOf(entry), entry]));
    for (const key of [...this.#desired.keys(), ...this.#owned.keys()]) this.#doubtful.add(key);
    this.#isKnown = true;
  }

  /** All services, as they were read; nothing is learnt of their destinations. */
  observeServices(heads: readonly ObservedServiceHead[]): void {
    const present = new Map(heads.map(({ service }) => [serviceKey(service.service), service]));
    for (const key of this.#believed.keys()) {
      if (present.has(key)) continue;
      this.#believed.delete(key);
      this.#doubtful.add(key);
    }
    for (const [key, service] of present) {
      const believed = this.#believed.get(key);
      if (believed !== undefined && isSameService(believed.service, service)) continue;
      this.#believed.set(key, { service, destinations: believed?.destinations ?? [] });
      this.#doubtful.add(key);
    }
  }

  /** Those of one service, as they were read. */
  observeDestinations(service: VirtualService, destinations: readonly Destination[]): void {
    const key = serviceKey(service);
    const believed = this.#believed.get(key);
    if (believed === undefined || areSameDestinations(destinations, believed.destinations)) return;
    this.#believed.set(key, { ...believed, destinations });
    this.#doubtful.add(key);
  }

  /** What is to be written, in order; `except` are services to be left for another time. */
  operations(except: ReadonlySet<ServiceKey> = new Set()): readonly Operation[] {
    const keys = [...this.#doubtful].filter((key) => !except.has(key));
    const operations = diff(entriesOf(this.#desired, keys), entriesOf(this.#believed, keys), this.#owned);
    const differing = new Set(operations.map(operationKey));
    for (const key of keys) if (!differing.has(key)) this.#agree(key);
    return operations;
  }

  /** What came of them. */
  settle({ performed, failures }: ApplyResult): void {
    const failed = new Set(failures.map(({ operation }) => operationKey(operation)));
    for (const operation of performed) {
      const key = operationKey(operation);
      if (failed.has(key)) this.#believePerformed(key, operation);
      else this.#agree(key);
    }
  }

  /** Nothing is believed any more. */
  forget(): void {
    this.#isKnown = false;
    this.#believed.clear();
  }

  #own(key: ServiceKey, service: VirtualService): void {
    if (!this.#owned.has(key)) this.#ownedChanges += 1;
    this.#owned.set(key, service);
    this.#doubtful.add(key);
  }

  /** The kernel has what is wanted: from now on as the same object, which is compared at no cost. */
  #agree(key: ServiceKey): void {
    const desired = this.#desired.get(key);
    this.#doubtful.delete(key);
    if (desired !== undefined) this.#believed.set(key, desired);
    else if (this.#owned.delete(key)) {
      this.#believed.delete(key);
      this.#ownedChanges += 1;
    }
  }

  #believePerformed(key: ServiceKey, operation: Operation): void {
    const believed = this.#believed.get(key);
    switch (operation.kind) {
      case 'createService':
      case 'updateService':
        this.#believed.set(key, { service: operation.service, destinations: believed?.destinations ?? [] });
        return;
      case 'removeService':
        this.#believed.delete(key);
        return;
      default:
        if (believed === undefined) return;
        this.#believed.set(key, {
          ...believed,
          destinations: destinationsAfter(believed.destinations, operation),
        });
    }
  }
}

type DestinationOperation = Extract<Operation, { kind: `${string}Destination` }>;

function destinationsAfter(
  before: readonly Destination[],
  operation: DestinationOperation,
): readonly Destination[] {
  const server = operation.kind === 'removeDestination' ? operation : operation.destination;
  const key = serverKey(server);
  const others = before.filter((one) => serverKey(one) !== key);
  return operation.kind === 'removeDestination' ? others : [...others, operation.destination];
}

function keyOf(entry: ServiceEntry): ServiceKey {
  return serviceKey(entry.service.service);
}

function entriesOf(map: ReadonlyMap<ServiceKey, ServiceEntry>, keys: readonly ServiceKey[]): Table {
  return keys.flatMap((key) => map.get(key) ?? []);
}
