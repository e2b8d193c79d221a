/** What a reload would write to the kernel's table, and which checks it would start anew, for an operator to read. Pure. */
import { isProven, isSameDefinition, isUp, type VirtualServerHealth } from '../../healthcheck/index.ts';
import {
  type Destination,
  type Operation,
  type Service,
  type ServiceEntry,
  type ServiceKey,
  serverKey,
  serviceKey,
  type Table,
} from '../../ipvs-sync/index.ts';
import type { PlannedChange } from '../ipc.ts';
import { realServerName } from './server-names.ts';

/** In the order in which they would be done. */
export function plannedOperations(
  operations: readonly Operation[],
  observed: Table,
): readonly PlannedChange[] {
  const entries = new Map(observed.map((entry) => [serviceKey(entry.service.service), entry]));
  return operations.map((operation) => plannedOperation(operation, entries));
}

/** Checks of real servers that stay, but that a reload would end and start again. */
export function plannedChecks(
  before: (name: string) => VirtualServerHealth | undefined,
  after: Iterable<VirtualServerHealth>,
): readonly PlannedChange[] {
  return [...after].flatMap((server) => {
    const old = before(server.config.name);
    return old === undefined || old === server ? [] : checksStartedAnew(old, server);
  });
}

function checksStartedAnew(
  before: VirtualServerHealth,
  after: VirtualServerHealth,
): readonly PlannedChange[] {
  const known = new Map(before.realServers.map((real) => [serverKey(real.config), real.checkers]));
  return after.realServers.flatMap((real) => {
    const old = known.get(serverKey(real.config));
    if (old === undefined) return [];
    const byId = new Map(old.map((checker) => [checker.id, checker]));
    return real.checkers.flatMap(({ id, config, state }): PlannedChange[] => {
      const same = byId.get(id);
      if (same !== undefined && isSameDefinition(same.config, config)) return [];
      const name = `${realServerName(real.config, after.config)} of ${after.config.name}`;
      const assumed = isProven(state)
        ? 'keeps its state'
        : `is taken for ${isUp(state) ? 'up' : 'down'} until then`;
      return [
        {
          change: same === undefined ? 'add' : 'change',
          subject: `${config.kind} of ${name}`,
          details: [],
          consequences: [`the check starts anew; the server ${assumed}`],
        },
      ];
    });
  });
}

type Entries = ReadonlyMap<ServiceKey, ServiceEntry>;

function plannedOperation(operation: Operation, entries: Entries): PlannedChange {
  switch (operation.kind) {
    case 'createService':
      return {
        change: 'add',
        subject: serviceKey(operation.service.service),
        details: serviceDetails(operation.service),
      };
    case 'updateService': {
      const key = serviceKey(operation.service.service);
      return {
        change: 'change',
        subject: key,
        details: changedDetails(entries.get(key)?.service, operation.service),
      };
    }
    case 'removeService': {
      const subject = serviceKey(operation.service);
      const count = entries.get(subject)?.destinations.length ?? 0;
      return {
        change: 'remove',
        subject,
        details: [count === 1 ? 'with its real server' : `with its ${count} real servers`],
      };
    }
    case 'removeDestination':
      return {
        change: 'remove',
        subject: `${serverKey(operation)} in ${serviceKey(operation.service)}`,
        details: [],
      };
    case 'createDestination':
    case 'updateDestination':
      return plannedDestination(operation, entries);
  }
}

function plannedDestination(
  operation: Extract<Operation, { kind: 'createDestination' | 'updateDestination' }>,
  entries: Entries,
): PlannedChange {
  const { destination } = operation;
  const service = serviceKey(operation.service);
  const subject = `${serverKey(destination)} in ${service}`;
  if (operation.kind === 'createDestination') {
    return { change: 'add', subject, details: [`weight ${destination.weight}`, methodText(destination)] };
  }
  const key = serverKey(destination);
  const before = entries.get(service)?.destinations.find((one) => serverKey(one) === key);
  return { change: 'change', subject, details: changedDestination(before, destination) };
}

function serviceDetails(service: Service): readonly string[] {
  const { scheduler, persistenceTimeoutSeconds } = service;
  const persistent = persistenceTimeoutSeconds > 0 ? [`persistent ${persistenceTimeoutSeconds} s`] : [];
  return [`scheduler ${scheduler}`, ...persistent];
}

function changedDetails(before: Service | undefined, after: Service): readonly string[] {
  if (before === undefined) return serviceDetails(after);
  return [
    ...difference('scheduler', before.scheduler, after.scheduler),
    ...difference('flags', before.flags, after.flags),
    ...difference('persistence seconds', before.persistenceTimeoutSeconds, after.persistenceTimeoutSeconds),
    ...difference('persistence prefix', before.persistencePrefixLength, after.persistencePrefixLength),
    ...difference(
      'persistence engine',
      before.persistenceEngine ?? 'none',
      after.persistenceEngine ?? 'none',
    ),
  ];
}

function changedDestination(before: Destination | undefined, after: Destination): readonly string[] {
  if (before === undefined) return [`weight ${after.weight}`, methodText(after)];
  return [
    ...difference('weight', before.weight, after.weight),
    ...difference('method', methodText(before), methodText(after)),
    ...difference('upper threshold', before.upperThreshold, after.upperThreshold),
    ...difference('lower threshold', before.lowerThreshold, after.lowerThreshold),
  ];
}

function difference(what: string, before: string | number, after: string | number): readonly string[] {
  return before === after ? [] : [`${what} ${before} -> ${after}`];
}

/** `DR`, `TUN gue port 6080`. */
function methodText({ forwarding, tunnel }: Destination): string {
  if (tunnel === undefined) return forwarding;
  const port = tunnel.port === undefined ? '' : ` port ${tunnel.port}`;
  return `${forwarding} ${tunnel.type}${port}${tunnel.checksum === undefined ? '' : ` ${tunnel.checksum}`}`;
}
