/**
 * Performs operations through an IpvsClient and says what came of each. One failure does not stop the others. When to
 * try again is `nextRetryDelayMs`; whoever has a timer waits.
 */
import { diff } from './diff.ts';
import type { IpvsClient, ObservedService, Operation, Table } from './model.ts';
import { operationKey, type ServiceKey, serviceKey } from './service-key.ts';

export interface OperationFailure {
  readonly operation: Operation;
  readonly error: Error;
}

export interface ApplyResult {
  readonly performed: readonly Operation[];
  readonly failures: readonly OperationFailure[];
}

export interface ReconcileResult extends ApplyResult {
  /** The kernel's table before the operations. */
  readonly observed: readonly ObservedService[];
  /** The services that are ours from now on: pass them to the next call. */
  readonly owned: ReadonlySet<ServiceKey>;
}

/** One full pass. Rejects only when the table cannot be read. */
export async function reconcile(pass: {
  readonly client: Pick<IpvsClient, 'observe' | 'performAll'>;
  readonly desired: Table;
  readonly owned: ReadonlySet<ServiceKey>;
}): Promise<ReconcileResult> {
  const observed = await pass.client.observe();
  const result = await applyOperations(pass.client, diff(pass.desired, observed, pass.owned));
  return { ...result, observed, owned: ownedAfter(pass, observed, result) };
}

/** Performs in order; never rejects. What fails because its service could not be created is told with that reason. */
export async function applyOperations(
  client: Pick<IpvsClient, 'performAll'>,
  operations: readonly Operation[],
): Promise<ApplyResult> {
  if (operations.length === 0) return { performed: [], failures: [] };
  const errors = await client.performAll(operations);
  const performed: Operation[] = [];
  const failures: OperationFailure[] = [];
  const missing = new Map<ServiceKey, Error>();
  operations.forEach((operation, index) => {
    const error = errors[index];
    if (error === undefined) {
      performed.push(operation);
      return;
    }
    const key = operationKey(operation);
    failures.push({ operation, error: missing.get(key) ?? error });
    if (operation.kind === 'createService') missing.set(key, error);
  });
  return { performed, failures };
}

const firstRetryDelayMs = 500;
const longestRetryDelayMs = 30_000;

/** How long to wait after the `failures`-th failed pass in a row (1, 2, …): half a second, doubling up to 30 s. */
export function nextRetryDelayMs(failures: number): number {
  return Math.min(longestRetryDelayMs, firstRetryDelayMs * 2 ** Math.max(0, failures - 1));
}

/** Ours is what is desired and in the kernel now, and what should have gone but did not. */
function ownedAfter(
  pass: { readonly desired: Table; readonly owned: ReadonlySet<ServiceKey> },
  observed: Table,
  result: ApplyResult,
): ReadonlySet<ServiceKey> {
  const present = new Set(observed.map((entry) => serviceKey(entry.service.service)));
  for (const operation of result.performed) {
    if (operation.kind === 'createService') present.add(operationKey(operation));
    if (operation.kind === 'removeService') present.delete(operationKey(operation));
  }
  const candidates = [...pass.owned, ...pass.desired.map((entry) => serviceKey(entry.service.service))];
  return new Set(candidates.filter((key) => present.has(key)));
}
