/** The public face of the BFD core: pure functions from events and time to the next state and effects. */
export type * from './messages.ts';
export { type BfdPacket, decodePacket, diagnostics, encodePacket, type SessionStateName } from './packet.ts';
export { controlPort, isBetweenEnds, multihopPort, type PacketPath, singleHopPort } from './reception.ts';
export { reconfigure, type SessionStep, step } from './session.ts';
export { initialState, nextTimeout, type SessionStart, type SessionState } from './state.ts';
export {
  type SessionStatistics,
  type UnclaimedCounter,
  type UnclaimedStatistics,
  zeroUnclaimed,
} from './statistics.ts';
export { detectionTimeMs, idleTxMs, transmitIntervalMs } from './timers.ts';
