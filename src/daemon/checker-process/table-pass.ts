/**
 * What one pass over the IPVS table means, pure: what to tell the operator, and when to look again. A trouble that lasts
 * is told once, and once more when it is over.
 */
import { nextRetryDelayMs, type Operation, type ReconcileResult, serviceKey } from '../../ipvs-sync/index.ts';
import type { LogRecord } from '../ipc.ts';

export type PassResult =
  | { readonly kind: 'reconciled'; readonly result: Pick<ReconcileResult, 'performed' | 'failures'> }
  /** The kernel could not be asked at all. */
  | { readonly kind: 'unavailable'; readonly error: Error }
  | { readonly kind: 'unreadable'; readonly error: Error };

/** What earlier passes left to know. */
export interface PassHistory {
  readonly failedPasses: number;
  /** The troubles told already, in the words of the log. */
  readonly told: ReadonlySet<string>;
  /** The last pass left the table as its goal wanted it. */
  readonly isSettled: boolean;
}

export interface PassVerdict {
  readonly history: PassHistory;
  readonly records: readonly LogRecord[];
  readonly nextPassInMs: number;
}

export const noPasses: PassHistory = { failedPasses: 0, told: new Set(), isSettled: false };

/** How often the kernel's table is compared with ours when nothing of ours changes. */
const comparePeriodMs = 5000;

/** How often to look for IPVS in a kernel that has none. */
const unavailableDelayMs = 30_000;

/** `goalIsNew`: something of ours has changed since the last pass, so that operations are no drift. */
export function judgePass(history: PassHistory, pass: PassResult, goalIsNew: boolean): PassVerdict {
  const troubles = troublesOf(pass);
  const records = troubles
    .filter((trouble) => !history.told.has(trouble))
    .map((message): LogRecord => ({ level: 'error', message }));
  const drift = history.isSettled && !goalIsNew ? driftOf(pass) : [];
  if (troubles.length === 0) {
    return {
      history: { failedPasses: 0, told: new Set(), isSettled: true },
      records: [...drift, ...relief(history)],
      nextPassInMs: comparePeriodMs,
    };
  }
  const failedPasses = history.failedPasses + 1;
  return {
    history: { failedPasses, told: new Set(troubles), isSettled: false },
    records: [...drift, ...records],
    nextPassInMs: pass.kind === 'unavailable' ? unavailableDelayMs : nextRetryDelayMs(failedPasses),
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
      return `create ${endpoint(operation.destination)} in ${serviceKey(operation.service)}`;
    case 'updateDestination':
      return `update ${endpoint(operation.destination)} in ${serviceKey(operation.service)}`;
    case 'removeDestination':
      return `remove ${endpoint(operation)} from ${serviceKey(operation.service)}`;
  }
}

function troublesOf(pass: PassResult): readonly string[] {
  switch (pass.kind) {
    case 'unavailable':
      return [
        `Cannot open IPVS: ${pass.error.message}. Health checks go on without it; ` +
          `trying again every ${unavailableDelayMs / 1000} s.`,
      ];
    case 'unreadable':
      return [`Cannot read the IPVS table: ${pass.error.message}. Trying again.`];
    case 'reconciled':
      return pass.result.failures.map(
        ({ operation, error }) => `Cannot ${describeOperation(operation)}: ${error.message}. Trying again.`,
      );
  }
}

/** How many repairs one line names; the rest is counted. */
const namedRepairs = 6;

function driftOf(pass: PassResult): readonly LogRecord[] {
  const repairs = pass.kind === 'reconciled' ? pass.result.performed.map(describeOperation) : [];
  if (repairs.length === 0) return [];
  const more = repairs.length > namedRepairs ? `, and ${repairs.length - namedRepairs} more` : '';
  const count = repairs.length === 1 ? '1 repair' : `${repairs.length} repairs`;
  const message = `IPVS table drifted: ${count} (${repairs.slice(0, namedRepairs).join(', ')}${more})`;
  return [{ level: 'warning', message }];
}

function relief(history: PassHistory): readonly LogRecord[] {
  if (history.failedPasses === 0) return [];
  const passes = history.failedPasses === 1 ? '1 failed pass' : `${history.failedPasses} failed passes`;
  return [{ level: 'notice', message: `The IPVS table is as configured again, after ${passes}` }];
}

function endpoint(server: { readonly address: string; readonly port: number }): string {
  return server.address.includes(':')
    ? `[${server.address}]:${server.port}`
    : `${server.address}:${server.port}`;
}
