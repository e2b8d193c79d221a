/**
 * What must change for the observed table to become the desired one. The order is part of the contract: a destination
 * follows its service; in a service whoever is to serve comes before others stop serving, so that at no moment nobody
 * serves (keepalived removes the live servers before it adds the sorry server, and the other way round, and leaves a gap);
 * services go last, each with its destinations.
 *
 * An existing service or destination is updated in place, never removed and created: its connections live on. The kernel
 * lets everything change in place that does not identify.
 */
import type { Tunnel } from '../config-parser/config.ts';
import type { Destination, Operation, Service, ServiceEntry, Table } from './model.ts';
import { type ServiceKey, serverKey, serviceKey } from './service-key.ts';

/**
 * The operations, in order; none when the tables agree. `owned` are the services we have put into the kernel: of the
 * observed ones that are not desired, only those are removed. A desired service becomes ours, whoever made it. An entry
 * that is the same object in both tables costs next to nothing.
 */
export function diff(
  desired: Table,
  observed: Table,
  owned: Pick<ReadonlySet<ServiceKey>, 'has'>,
): readonly Operation[] {
  const [changed, others] = withoutShared(desired, observed);
  const present = new Map(others.map((entry) => [keyOf(entry), entry]));
  const operations: Operation[] = [];
  for (const entry of changed) {
    const key = keyOf(entry);
    pushEntryOperations(operations, entry, present.get(key));
    present.delete(key);
  }
  for (const [key, { service }] of present) {
    if (owned.has(key)) operations.push({ kind: 'removeService', service: service.service });
  }
  return operations;
}

/** Whether the kernel has a service as it is wanted, its destinations aside. Without persistence its granularity means nothing. */
export function isSameService(a: Service, b: Service): boolean {
  return (
    a.scheduler === b.scheduler &&
    a.flags === b.flags &&
    a.persistenceTimeoutSeconds === b.persistenceTimeoutSeconds &&
    a.persistenceEngine === b.persistenceEngine &&
    (a.persistenceTimeoutSeconds === 0 || a.persistencePrefixLength === b.persistencePrefixLength)
  );
}

/** Of a destination with the same address and port. */
export function isSameDestination(a: Destination, b: Destination): boolean {
  return (
    a.weight === b.weight &&
    a.forwarding === b.forwarding &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    isSameTunnel(a.tunnel, b.tunnel)
  );
}

function withoutShared(desired: Table, observed: Table): readonly [Table, Table] {
  const seen = new Set(observed);
  const changed = desired.filter((entry) => !seen.delete(entry));
  return [changed, [...seen]];
}

function pushEntryOperations(
  operations: Operation[],
  desired: ServiceEntry,
  observed: ServiceEntry | undefined,
): void {
  const { service } = desired;
  if (observed === undefined) operations.push({ kind: 'createService', service });
  else if (!isSameService(service, observed.service)) operations.push({ kind: 'updateService', service });
  const before = observed?.destinations ?? [];
  if (!areSameDestinations(desired.destinations, before)) {
    operations.push(...destinationOperations(desired, before));
  }
}

/** All the same and in the same order: the usual case, found without keys. */
export function areSameDestinations(
  desired: readonly Destination[],
  observed: readonly Destination[],
): boolean {
  if (desired === observed) return true;
  if (desired.length !== observed.length) return false;
  return desired.every((one, index) => {
    const other = observed[index];
    return (
      other !== undefined &&
      one.address === other.address &&
      one.port === other.port &&
      isSameDestination(one, other)
    );
  });
}

function destinationOperations(
  desired: ServiceEntry,
  observed: readonly Destination[],
): readonly Operation[] {
  const { service } = desired.service;
  const present = new Map(observed.map((destination) => [serverKey(destination), destination]));
  const gains: Operation[] = [];
  const others: Operation[] = [];
  for (const destination of desired.destinations) {
    const key = serverKey(destination);
    const existing = present.get(key);
    present.delete(key);
    if (existing !== undefined && isSameDestination(destination, existing)) continue;
    const kind = existing === undefined ? 'createDestination' : 'updateDestination';
    const servesFromNowOn = destination.weight > 0 && (existing?.weight ?? 0) === 0;
    (servesFromNowOn ? gains : others).push({ kind, service, destination });
  }
  const removals = [...present.values()].map(
    ({ address, port }): Operation => ({ kind: 'removeDestination', service, address, port }),
  );
  return [...gains, ...others, ...removals];
}

function isSameTunnel(a: Tunnel | undefined, b: Tunnel | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.type === b.type &&
    (a.port ?? 0) === (b.port ?? 0) &&
    (a.checksum ?? 'nocsum') === (b.checksum ?? 'nocsum')
  );
}

function keyOf(entry: ServiceEntry): ServiceKey {
  return serviceKey(entry.service.service);
}
