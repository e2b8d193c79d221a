/** What the failures of a writing mean for what is known of the table, pure. */
import type { VirtualService } from '../../config-parser/config.ts';
import {
  type Operation,
  type OperationFailure,
  operationKey,
  type ServiceKey,
} from '../../ipvs-sync/index.ts';

/** Refusals of what was asked, which changed nothing. After others the table may be any. */
const plainRefusals = new Set([
  'EPERM',
  'EINVAL',
  'ERANGE',
  'ENOMEM',
  'EAFNOSUPPORT',
  'EOPNOTSUPP',
  'EFAULT',
]);

/** There is not what should be there, or it is there already: somebody was faster. */
const contradictions = new Set(['ESRCH', 'ENOENT', 'EEXIST']);

export function leaveNoDoubt(failures: readonly OperationFailure[]): boolean {
  const missing = missingModules(failures);
  return failures.every(({ error }) => missing.has(error) || plainRefusals.has(codeOf(error) ?? ''));
}

/** Those that a new reading explains. */
export function overtakenOf(failures: readonly OperationFailure[]): readonly OperationFailure[] {
  const missing = missingModules(failures);
  return failures.filter(({ error }) => !missing.has(error) && contradictions.has(codeOf(error) ?? ''));
}

export function keysOf(failures: readonly OperationFailure[]): ReadonlySet<ServiceKey> {
  return new Set(failures.map(({ operation }) => operationKey(operation)));
}

export function serviceOf(operation: Operation): VirtualService {
  const isOfService = operation.kind === 'createService' || operation.kind === 'updateService';
  return isOfService ? operation.service.service : operation.service;
}

/** As in errno(3). */
export function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** ENOENT of a service is about its scheduler, and its destinations then fail with the same error. */
function missingModules(failures: readonly OperationFailure[]): ReadonlySet<Error> {
  const ofServices = failures.filter(
    ({ operation, error }) =>
      (operation.kind === 'createService' || operation.kind === 'updateService') &&
      codeOf(error) === 'ENOENT',
  );
  return new Set(ofServices.map(({ error }) => error));
}
