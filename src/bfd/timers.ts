/** Transmit interval and Detection Time: RFC 5880 sections 6.8.2 to 6.8.4. */
import type { BfdInstanceConfig } from '../config-parser/config.ts';
import type { SessionState } from './state.ts';

/** RFC 5880 section 6.8.3: while the session is not Up, Desired Min TX Interval MUST be at least one second. */
const shortestIdleMs = 1000;

export function idleTxMs(config: BfdInstanceConfig): number {
  return Math.max(config.idleTxMs, shortestIdleMs);
}

/** RFC 5880 section 6.8.7: the longer of what we want and what the neighbour accepts; before jitter. */
export function transmitIntervalMs({ inForce, remote }: Pick<SessionState, 'inForce' | 'remote'>): number {
  return Math.max(inForce.minTxMs, remote.minRxMs);
}

/** RFC 5880 section 6.8.4, Asynchronous mode: 0 until the neighbour has been heard. */
export function detectionTimeMs({ inForce, remote }: Pick<SessionState, 'inForce' | 'remote'>): number {
  return remote.multiplier * Math.max(inForce.minRxMs, remote.minTxMs);
}
