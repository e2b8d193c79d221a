/**
 * The states of an instance (RFC 3768 section 6.4, and keepalived's Fault). Each member holds exactly its own data and its own
 * absolute deadlines, on the same clock as `nowMs`: a Master cannot have a Master_Down_Timer, and no timer needs cancelling.
 */
import type { IpAddress } from '../net/address.ts';
import type { FaultReason, StateName } from './messages.ts';
import { type Statistics, zeroStatistics } from './statistics.ts';

export type InstanceState = InitializeState | BackupState | MasterState | FaultState;

interface EveryState {
  readonly statistics: Statistics;
  /** The reports already made that are made once until the state or the master changes. */
  readonly reported: readonly string[];
}

export interface InitializeState extends EveryState {
  readonly name: 'Initialize';
}

export interface BackupState extends EveryState {
  readonly name: 'Backup';
  /** Our primary address, the source of our advertisements. */
  readonly sourceAddress: IpAddress;
  /** The sender of the last advertisement that was accepted. */
  readonly master: IpAddress | undefined;
  /** Master_Adver_Interval: learned in version 3, our own in version 2. */
  readonly masterAdverIntervalMs: number;
  /** Master_Down_Timer. */
  readonly masterDownAtMs: number;
  /** keepalived.conf(5): preempt_delay runs since the first advertisement of lower priority; it does not wake the shell. */
  readonly preemptAtMs: number | undefined;
}

export interface MasterState extends EveryState {
  readonly name: 'Master';
  readonly sourceAddress: IpAddress;
  /** Adver_Timer. */
  readonly advertiseAtMs: number;
  /** The second burst of gratuitous ARP. */
  readonly secondBurst: GratuitousArpBurst | undefined;
  /** keepalived.conf(5): garp_master_refresh. */
  readonly refreshAtMs: number | undefined;
}

export interface FaultState extends EveryState {
  readonly name: 'Fault';
  readonly reason: FaultReason;
}

export interface GratuitousArpBurst {
  readonly atMs: number;
  readonly repeat: number;
}

export type StateOf<Name extends StateName> = Extract<InstanceState, { name: Name }>;

/** Before `startup`. Nothing of the configuration is kept in it: `step` is given it each time. */
export function initialState(): InitializeState {
  return { name: 'Initialize', statistics: zeroStatistics, reported: [] };
}

/** When the state next wants a `timeout`, absolute on the clock of `nowMs`; undefined when only events can move it. */
export function nextTimeout(state: InstanceState): number | undefined {
  switch (state.name) {
    case 'Backup':
      return state.masterDownAtMs;
    case 'Master':
      return Math.min(
        state.advertiseAtMs,
        state.secondBurst?.atMs ?? Number.POSITIVE_INFINITY,
        state.refreshAtMs ?? Number.POSITIVE_INFINITY,
      );
    default:
      return undefined;
  }
}
