/**
 * What one pass over the IPVS table means, pure: what to tell the operator, and when to try again. A trouble that lasts is
 * told once, and once more when it is over.
 */
import type { Tunnel } from '../../config-parser/config.ts';
import {
  nextRetryDelayMs,
  type Operation,
  type OperationFailure,
  type ServiceEntry,
  serverKey,
  serviceKey,
} from '../../ipvs-sync/index.ts';
import type { LogRecord } from '../ipc.ts';

/** `change` follows a new goal or a failure, `comparison` a look at the kernel for what others have done. */
export type PassKind = 'change' | 'comparison';

export type PassResult =
  | {
      readonly kind: 'done';
      readonly failures: readonly OperationFailure[];
      /** What beside the table is not as it should be: sentences without an end. */
      readonly troubles: readonly string[];
      /** What a comparison has found and put right, in the words of `describeDrift`. */
      readonly repairs: readonly string[];
    }
  /** The kernel could not be asked at all. */
  | { readonly kind: 'unavailable'; readonly error: Error }
  | { readonly kind: 'unreadable'; readonly error: Error };

/** What earlier passes left to know. */
export interface PassHistory {
  readonly failedPasses: number;
  /** The troubles told already, in the words of the log. */
  readonly told: ReadonlySet<string>;
}

export interface PassVerdict {
  readonly history: PassHistory;
  readonly records: readonly LogRecord[];
  /** Undefined when there is nothing to try again. */
  readonly retryInMs?: number;
}

export const noPasses: PassHistory = { failedPasses: 0, told: new Set() };

/** How often to look for IPVS in a kernel that has none. */
const unavailableDelayMs = 30_000;

export function judgePass(history: PassHistory, kind: PassKind, pass: PassResult): PassVerdict {
  const troubles = troublesOf(pass);
  const drift = pass.kind === 'done' ? driftOf(pass.repairs) : [];
  if (troubles.length === 0) {
    // A comparison leaves out what failed before, and so does not say that it is over.
    if (kind === 'comparison') return { history, records: drift };
    return { history: noPasses, records: [...drift, ...relief(history)] };
  }
  const records = troubles
    .filter((trouble) => !history.told.has(trouble))
    .map((message): LogRecord => ({ level: 'error', message }));
  const failedPasses = history.failedPasses + 1;
  const kept = kind === 'comparison' ? history.told : [];
  return {
    history: { failedPasses, told: new Set([...kept, ...troubles]) },
    records: [...drift, ...records],
    retryInMs: pass.kind === 'unavailable' ? unavailableDelayMs : nextRetryDelayMs(failedPasses),
  };
}

/** `create service 10.0.0.3:80/tcp`, `remove 10.0.0.7:80 from 10.0.0.3:80/tcp`. */
export function describeOperation(operation: Operation): string {
  switch (operation.kind) {
    case 'createService':
      return `create service ${serviceKey(operation.service.service)}`;
    case 'updateService':
      return `update service ${serviceKey(operation.service.service)}`;
    case 'removeService':
      return `remove service ${serviceKey(operation.service)}`;
    case 'createDestination':
      return `create ${serverKey(operation.destination)} in ${serviceKey(operation.service)}`;
    case 'updateDestination':
      return `update ${serverKey(operation.destination)} in ${serviceKey(operation.service)}`;
    case 'removeDestination':
      return `remove ${serverKey(operation)} from ${serviceKey(operation.service)}`;
  }
}

/** What somebody else had done, which the operation undoes; `found` is what the kernel had. */
export function describeDrift(operation: Operation, found: ServiceEntry | undefined): string {
  switch (operation.kind) {
    case 'createService':
      return `service ${serviceKey(operation.service.service)} was gone`;
    case 'updateService': {
      const changes =
        found === undefined ? [] : differences(serviceWords(found.service), serviceWords(operation.service));
      return `service ${serviceKey(operation.service.service)} had ${changes.join(', ')}`;
    }
    case 'removeService':
      return `service ${serviceKey(operation.service)} was there again`;
    case 'createDestination':
      return `${serverKey(operation.destination)} of ${serviceKey(operation.service)} was gone`;
    case 'updateDestination': {
      const key = serverKey(operation.destination);
      const before = found?.destinations.find((one) => serverKey(one) === key);
      const changes =
        before === undefined
          ? []
          : differences(destinationWords(before), destinationWords(operation.destination));
      return `${key} of ${serviceKey(operation.service)} had ${changes.join(', ')}`;
    }
    case 'removeDestination':
      return `${serverKey(operation)} of ${serviceKey(operation.service)} had been added`;
  }
}

type Words = Readonly<Record<string, string>>;

function serviceWords({ service: _identity, ...rest }: ServiceEntry['service']): Words {
  return {
    scheduler: rest.scheduler,
    flags: `0x${rest.flags.toString(16)}`,
    persistence: rest.persistenceTimeoutSeconds === 0 ? 'none' : `${rest.persistenceTimeoutSeconds} s`,
    granularity: rest.persistenceTimeoutSeconds === 0 ? 'none' : `/${rest.persistencePrefixLength}`,
    'persistence engine': rest.persistenceEngine ?? 'none',
  };
}

function destinationWords(destination: ServiceEntry['destinations'][number]): Words {
  const { weight, forwarding, tunnel, upperThreshold, lowerThreshold } = destination;
  return {
    weight: `${weight}`,
    'forwarding method': forwarding,
    tunnel: tunnelWords(tunnel),
    'upper threshold': `${upperThreshold}`,
    'lower threshold': `${lowerThreshold}`,
  };
}

function tunnelWords(tunnel: Tunnel | undefined): string {
  if (tunnel === undefined) return 'none';
  return [tunnel.type, tunnel.port, tunnel.checksum].filter((word) => word !== undefined).join(' ');
}

function differences(found: Words, wanted: Words): readonly string[] {
  return Object.keys(wanted)
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `${name} ${found[name]} instead of ${wanted[name]}`);
}

function troublesOf(pass: PassResult): readonly string[] {
  switch (pass.kind) {
    case 'unavailable':
      return [
        `Cannot open IPVS: ${pass.error.message}. Health checks go on without it; ` +
          `trying again every ${unavailableDelayMs / 1000} s.`,
      ];
    case 'unreadable':
      return [unreadable(pass.error)];
    case 'done':
      return [...pass.troubles.map((trouble) => `${trouble}. Trying again.`), ...failuresOf(pass.failures)];
  }
}

/** How many entries one pass names; the rest is counted. */
const namedEntries = 6;

/** What fails with its service for the service's reason is not told again. */
function failuresOf(failures: readonly OperationFailure[]): readonly string[] {
  const reasons = new Map<Error, OperationFailure>();
  for (const failure of failures) if (!reasons.has(failure.error)) reasons.set(failure.error, failure);
  const told = [...reasons.values()]
    .slice(0, namedEntries)
    .map(({ operation, error }) => `Cannot ${describeOperation(operation)}: ${error.message}. Trying again.`);
  const more = reasons.size - told.length;
  return more > 0
    ? [...told, `Cannot change the IPVS table as wanted in ${more} more places. Trying again.`]
    : told;
}

/** The number of a family that is no more: its module was unloaded. */
function unreadable(error: Error): string {
  if ('code' in error && error.code === 'ENOENT') {
    return 'IPVS has left the kernel, its module was unloaded, and the table is lost. Loading it and building the table anew.';
  }
  return `Cannot read the IPVS table: ${error.message}. Trying again.`;
}

function driftOf(repairs: readonly string[]): readonly LogRecord[] {
  if (repairs.length === 0) return [];
  const more = repairs.length > namedEntries ? `, and ${repairs.length - namedEntries} more` : '';
  const count = repairs.length === 1 ? '1 repair' : `${repairs.length} repairs`;
  const message = `IPVS table drifted: ${count} (${repairs.slice(0, namedEntries).join(', ')}${more})`;
  return [{ level: 'warning', message }];
}

function relief(history: PassHistory): readonly LogRecord[] {
  if (history.failedPasses === 0) return [];
  const passes = history.failedPasses === 1 ? '1 failed pass' : `${history.failedPasses} failed passes`;
  return [{ level: 'notice', message: `The IPVS table is as configured again, after ${passes}` }];
}
