/**
 * Everything that can happen to a BFD session, and everything it can want done: the border of the pure core.
 *
 *   shell --SessionEvent--> step(config, state, event, nowMs) --SessionEffect[]--> shell
 *
 * Effects are performed in array order. Of a change of state `stateChanged` comes first: who tracks the session waits for that,
 * and the packet that tells the neighbour comes after it.
 */
import type { BfdPacket, SessionStateName } from './packet.ts';

export type SessionEvent =
  /** The shell's timer fired. Ignored before the state's own deadlines, so a stale tick is harmless. */
  | { readonly kind: 'timeout' }
  /**
   * A packet whose discriminators, or addresses, are this session's. `nowMs` of the step is when the kernel received it.
   * `hopLimit` is the TTL or Hop Limit of its IP header.
   */
  | { readonly kind: 'packet'; readonly packet: BfdPacket; readonly hopLimit: number }
  /** The session ends here and now: tell the neighbour. Said again, the neighbour is told again. */
  | { readonly kind: 'shutdown' };

export type SessionEffect =
  | { readonly kind: 'stateChanged'; readonly change: StateChange }
  | { readonly kind: 'sendPacket'; readonly packet: BfdPacket }
  | { readonly kind: 'report'; readonly report: SessionReport };

export interface StateChange {
  readonly from: SessionStateName;
  readonly to: SessionStateName;
  /** RFC 5880 section 4.1, field Diag: why we changed, and what the neighbour last said. */
  readonly diagnostic: number;
  readonly remoteDiagnostic: number;
}

/** What the operator may want to read; the wording is the shell's. */
export type SessionReport =
  /** Nothing was heard for `afterMs`; noticed `overdueMs` after the Detection Time. */
  | { readonly kind: 'expired'; readonly afterMs: number; readonly overdueMs: number }
  | { readonly kind: 'detectionTimeChanged'; readonly detectionTimeMs: number; readonly wasMs: number }
  | { readonly kind: 'pollStarted' }
  | { readonly kind: 'authenticatedPacket' };
