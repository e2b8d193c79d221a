/** IPVS as values: the desired table, its difference from the kernel's, and the bytes that change it. */
export {
  type ApplyResult,
  applyOperations,
  nextRetryDelayMs,
  type OperationFailure,
  type ReconcileResult,
  reconcile,
} from './apply.ts';
export {
  createDesiredTable,
  desiredServices,
  desiredTable,
  type Health,
  type RealServerHealth,
  type VirtualServerHealth,
} from './desired.ts';
export { diff, isSameDestination, isSameService } from './diff.ts';
export type * from './model.ts';
export {
  type AdvisedSysctl,
  adviseSysctls,
  type RequiredSysctl,
  requiredSysctls,
} from './required-sysctls.ts';
export { operationKey, type ServerKey, type ServiceKey, serverKey, serviceKey } from './service-key.ts';
export { desiredSyncDaemons, diffSyncDaemons, type SyncDaemonChanges } from './sync-daemons.ts';
export { TableState } from './table-state.ts';
