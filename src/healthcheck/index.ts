/** The public face of health checking; the probes, which do I/O, are in `probes/index.ts`. */
export { type CheckerLoop, type LoopPorts, runChecker } from './checker-loop.ts';
export {
  type AfterAttempt,
  type AttemptPlan,
  afterAttempt,
  type CheckerState,
  firstDelayMs,
  initialState,
  isUp,
  planAttempt,
} from './checker-state.ts';
export {
  allCheckers,
  type CheckerHealth,
  configureHealth,
  findVirtualServer,
  type Health,
  type HealthEvent,
  type HealthStep,
  isRealServerUp,
  isSorryServerInUse,
  type LocatedChecker,
  noHealth,
  type RealServerHealth,
  recordVerdict,
  type VirtualServerHealth,
} from './health.ts';
export { checkerKey, definitionText, realServerKey, serviceKey } from './identity.ts';
export type { FailureReason, Probe, ProbeFailure, ProbeOutcome } from './probe.ts';
export { liveWeight, type QuorumConfig, quorumAfter, quorumThreshold, type WeighedServer } from './quorum.ts';
