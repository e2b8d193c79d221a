/** The public face of health checking; the probes, which do I/O, are in `probes/index.ts`. */
export { type CheckerLoop, type LoopPorts, startChecker } from './checker-loop.ts';
export {
  type AfterAttempt,
  type AttemptPlan,
  afterAttempt,
  type CheckerState,
  firstDelayMs,
  initialState,
  isProven,
  isUp,
  type Progress,
  planAttempt,
  resumeDelayMs,
} from './checker-state.ts';
export { Health, type HealthChange } from './health.ts';
export { checkerKey, definitionText, isSameDefinition, realServerKey } from './identity.ts';
export type {
  DynamicWeight,
  FailureReason,
  Probe,
  ProbeFailure,
  ProbeOutcome,
  ProbePhase,
  ProbeSuccess,
} from './probe.ts';
export { quorumAfter, quorumThreshold } from './quorum.ts';
export {
  slowestDetectionMs,
  slowestFirstVerdictMs,
  slowestRecoveryMs,
  type UrlPace,
} from './slowest-times.ts';
export {
  type CheckerHealth,
  configureVirtualServer,
  type HealthEvent,
  isRealServerUp,
  isSorryServerInUse,
  type Knowledge,
  liveWeightOf,
  noKnowledge,
  type RealServerHealth,
  recordHolds,
  recordVerdict,
  recordWeight,
  type VirtualServerHealth,
} from './virtual-server-health.ts';
export { effectiveWeight } from './weight.ts';
