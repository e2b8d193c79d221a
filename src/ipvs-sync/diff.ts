/**
 * What must change for the observed table to become the desired one. The order is part of the contract: a destination
 * follows its service; in a service the new destinations come before the old ones go, so that at no moment nobody
 * serves (keepalived removes the live servers first and leaves a gap); services go last, each with its destinations.
 *
 * An existing service or destination is updated in place, never removed and created: its connections live on. The kernel
 * lets everything change in place that does not identify.
 */
import type { Destination, Operation, Service, ServiceEntry, Table } from './model.ts';
import { type ServiceKey, serverKey, serviceKey } from './service-key.ts';

/**
 * The operations, in order; none when the tables agree. `owned` are the services we have put into the kernel: of the
 * observed ones that are not desired, only those are removed. A desired service becomes ours, whoever made it.
 */
export function diff(desired: Table, observed: Table, owned: ReadonlySet<ServiceKey>): readonly Operation[] {
  const present = new Map(observed.map((entry) => [serviceKey(entry.service.service), entry]));
  const wanted = new Set(desired.map((entry) => serviceKey(entry.service.service)));
  const unwanted = [...present].filter(([key]) => owned.has(key) && !wanted.has(key));
  return [
    ...desired.flatMap((entry) => entryOperations(entry, present.get(serviceKey(entry.service.service)))),
    ...unwanted.map(([, entry]): Operation => ({ kind: 'removeService', service: entry.service.service })),
  ];
}

function entryOperations(desired: ServiceEntry, observed: ServiceEntry | undefined): readonly Operation[] {
  return [
    ...serviceOperations(desired.service, observed?.service),
    ...destinationOperations(desired, observed?.destinations ?? []),
  ];
}

function serviceOperations(desired: Service, observed: Service | undefined): readonly Operation[] {
  if (observed === undefined) return [{ kind: 'createService', service: desired }];
  return sameService(desired, observed) ? [] : [{ kind: 'updateService', service: desired }];
}

function destinationOperations(
  desired: ServiceEntry,
  observed: readonly Destination[],
): readonly Operation[] {
  const { service } = desired.service;
  const present = new Map(observed.map((destination) => [serverKey(destination), destination]));
  const wanted = new Set(desired.destinations.map(serverKey));
  const removed = observed.filter((destination) => !wanted.has(serverKey(destination)));
  return [
    ...desired.destinations.flatMap((destination): readonly Operation[] => {
      const existing = present.get(serverKey(destination));
      if (existing === undefined) return [{ kind: 'createDestination', service, destination }];
      return sameDestination(destination, existing)
        ? []
        : [{ kind: 'updateDestination', service, destination }];
    }),
    ...removed.map(({ address, port }): Operation => ({ kind: 'removeDestination', service, address, port })),
  ];
}

/** Without persistence its granularity means nothing. */
function sameService(a: Service, b: Service): boolean {
  return (
    a.scheduler === b.scheduler &&
    a.flags === b.flags &&
    a.persistenceTimeoutSeconds === b.persistenceTimeoutSeconds &&
    (a.persistenceTimeoutSeconds === 0 || a.persistencePrefixLength === b.persistencePrefixLength)
  );
}

function sameDestination(a: Destination, b: Destination): boolean {
  return (
    a.forwarding === b.forwarding &&
    a.weight === b.weight &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold
  );
}
