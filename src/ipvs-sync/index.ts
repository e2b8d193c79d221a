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
  desiredService,
  desiredTable,
  type Health,
  type RealServerHealth,
  type VirtualServerHealth,
} from './desired.ts';
export { diff } from './diff.ts';
export type * from './model.ts';
export { type ServerKey, type ServiceKey, serverKey, serviceKey } from './service-key.ts';
