/**
 * The state of one session: the variables of RFC 5880 section 6.8.1, the poll sequence that is under way, and two absolute
 * deadlines, which `withDeadlines` alone derives from the rest.
 */
import type { BfdInstanceConfig } from '../config-parser/config.ts';
import { type Jitter, nextJitter } from './jitter.ts';
import { diagnostics, type SessionStateName } from './packet.ts';
import { type SessionStatistics, zeroStatistics } from './statistics.ts';
import { detectionTimeMs, idleTxMs, transmitIntervalMs } from './timers.ts';

export interface SessionState {
  /** bfd.SessionState. */
  readonly name: SessionStateName;
  /** bfd.LocalDiag. */
  readonly diagnostic: number;
  /** bfd.LocalDiscr, not 0. */
  readonly localDiscriminator: number;
  /** bfd.RemoteDiscr; 0 while unknown. */
  readonly remoteDiscriminator: number;
  readonly remote: Remote;
  /** bfd.DesiredMinTxInterval and bfd.RequiredMinRxInterval as our packets say them. */
  readonly advertised: Parameters;
  /** The same as we go by them: what is announced in a poll sequence may not count yet. */
  readonly inForce: Parameters;
  readonly poll: Poll | undefined;
  readonly jitter: Jitter;
  /** Of the last packet, or when the session began. */
  readonly lastSentAtMs: number;
  /** Undefined: nothing yet, or nothing for a Detection Time. */
  readonly lastHeardAtMs: number | undefined;
  /** When the next periodic packet is due; undefined while there is none. */
  readonly sendAtMs: number | undefined;
  /** When the Detection Time is over. */
  readonly detectAtMs: number | undefined;
  readonly statistics: SessionStatistics;
}

export interface Parameters {
  readonly minTxMs: number;
  readonly minRxMs: number;
}

/** What the neighbour said last; kept when the session fails, as RFC 5880 section 6.8.1 has it. */
export interface Remote {
  readonly state: SessionStateName;
  readonly diagnostic: number;
  readonly isDemand: boolean;
  readonly minTxMs: number;
  /** 0: it wants no periodic packets. */
  readonly minRxMs: number;
  readonly multiplier: number;
}

/** RFC 5880 section 6.5. */
export interface Poll {
  /** What its answer confirms; if other values are advertised by then, another sequence follows. */
  readonly confirms: Parameters;
  readonly isSent: boolean;
}

export interface SessionStart {
  /** Unique among the sessions of this system, not 0, and not to be guessed. */
  readonly localDiscriminator: number;
  /** Of the jitter, 32 bits. */
  readonly seed: number;
  readonly nowMs: number;
}

/** A session that is Down and, unless it is passive, has its first packet due at once. */
export function initialState(config: BfdInstanceConfig, start: SessionStart): SessionState {
  const parameters = { minTxMs: idleTxMs(config), minRxMs: config.minRxMs };
  const jitter = nextJitter(start.seed, config.multiplier);
  return withDeadlines(config, {
    name: 'Down',
    diagnostic: diagnostics.none,
    localDiscriminator: start.localDiscriminator,
    remoteDiscriminator: 0,
    remote: {
      state: 'Down',
      diagnostic: diagnostics.none,
      isDemand: false,
      minTxMs: 0,
      // RFC 5880 section 6.8.1: bfd.RemoteMinRxInterval MUST be initialized to 1 (microsecond).
      minRxMs: 0.001,
      multiplier: 0,
    },
    advertised: parameters,
    inForce: parameters,
    poll: undefined,
    jitter,
    lastSentAtMs: start.nowMs - parameters.minTxMs * jitter.factor,
    lastHeardAtMs: undefined,
    sendAtMs: undefined,
    detectAtMs: undefined,
    statistics: zeroStatistics,
  });
}

/** The earliest absolute deadline, on the clock of `nowMs`; undefined: nothing happens by itself. */
export function nextTimeout({ sendAtMs, detectAtMs }: SessionState): number | undefined {
  if (sendAtMs === undefined) return detectAtMs;
  return detectAtMs === undefined ? sendAtMs : Math.min(sendAtMs, detectAtMs);
}

/** `state` with the deadlines that follow from everything else in it. */
export function withDeadlines(config: BfdInstanceConfig, state: SessionState): SessionState {
  const { lastHeardAtMs, lastSentAtMs, jitter } = state;
  const speaks = sendsPeriodically(config, state);
  return {
    ...state,
    sendAtMs: speaks ? lastSentAtMs + transmitIntervalMs(state) * jitter.factor : undefined,
    detectAtMs: lastHeardAtMs === undefined ? undefined : lastHeardAtMs + detectionTimeMs(state),
  };
}

/** RFC 5880 section 6.8.7, what MUST NOT be sent. */
function sendsPeriodically(config: BfdInstanceConfig, state: SessionState): boolean {
  const { name, remote, poll } = state;
  if (name === 'AdminDown' || !maySpeak(config, state)) return false;
  const isRemoteDemandActive = remote.isDemand && name === 'Up' && remote.state === 'Up';
  return !isRemoteDemandActive || poll !== undefined;
}

/** Whether packets may be sent that are not answers: a passive end waits to be spoken to. */
export function maySpeak(config: BfdInstanceConfig, { remote, remoteDiscriminator }: SessionState): boolean {
  if (config.isPassive && remoteDiscriminator === 0) return false;
  return remote.minRxMs !== 0;
}
