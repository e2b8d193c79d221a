/**
 * The states of an instance (RFC 3768 section 6.4, keepalived's Fault, and our Leaving). Each member holds exactly its own data
 * and its own absolute deadlines, on the same clock as `nowMs`: a Master cannot have a Master_Down_Timer, and no timer needs
 * cancelling.
 */
import type { IpAddress } from '../net/address.ts';
import type { Fault, Hold, StateName } from './messages.ts';
import { initialReceptionMemory, type ReceptionMemory } from './reception.ts';
import { type Statistics, zeroStatistics } from './statistics.ts';

export type InstanceState = InitializeState | BackupState | MasterState | LeavingState | FaultState;

interface EveryState {
  readonly statistics: Statistics;
  /** The reports already made that are made once until the state or the master changes. */
  readonly reported: readonly string[];
  /** The sum of what tracking adds to the priority. */
  readonly weight: number;
  /** An operator keeps this router from being Master. */
  readonly hold: Hold | undefined;
  /** Routers of this VRID whose advertisements were accepted, the last heard first; Backups are silent, so some may be missing. */
  readonly peers: readonly Peer[];
  /** Of what was received: against recordings, and for peers with an old checksum. */
  readonly memory: ReceptionMemory;
}

export interface Peer {
  readonly source: IpAddress;
  readonly priority: number;
  readonly heardAtMs: number;
}

export interface InitializeState extends EveryState {
  readonly name: 'Initialize';
}

export interface BackupState extends EveryState {
  readonly name: 'Backup';
  /** Our primary address, the source of our advertisements. */
  readonly sourceAddress: IpAddress;
  /** The sender of the last advertisement that was accepted, and when that was. */
  readonly master: IpAddress | undefined;
  readonly masterHeardAtMs: number | undefined;
  /** Master_Adver_Interval: learned in version 3, our own in version 2. */
  readonly masterAdverIntervalMs: number;
  /** Master_Down_Timer; Infinity once it has fired and the sync group is waited for, and while drained. */
  readonly masterDownAtMs: number;
  /** Member of a sync group: its Master_Down_Timer has fired, and the others are waited for. */
  readonly awaitsGroup: boolean;
  /** keepalived.conf(5): preempt_delay runs since the first advertisement of lower priority; it does not wake the shell. */
  readonly preemptAtMs: number | undefined;
  /** Was Master a moment ago: the addresses are held until the new one has announced them. */
  readonly releaseAtMs: number | undefined;
}

export interface MasterState extends EveryState {
  readonly name: 'Master';
  readonly sourceAddress: IpAddress;
  readonly sinceMs: number;
  /** Adver_Timer. */
  readonly advertiseAtMs: number;
  /** The second burst of gratuitous ARP. */
  readonly secondBurst: GratuitousArpBurst | undefined;
  /** keepalived.conf(5): garp_master_refresh. */
  readonly refreshAtMs: number | undefined;
  /** keepalived.conf(5): garp_extra_if. */
  readonly extraInterfacesAtMs: number | undefined;
  /** Another Master that we hear and that has not given way yet. */
  readonly rival: Rival | undefined;
}

export interface Rival {
  readonly source: IpAddress;
  readonly sinceMs: number;
  readonly heardAtMs: number;
  readonly intervalMs: number;
  readonly isReported: boolean;
}

export interface LeavingState extends EveryState {
  readonly name: 'Leaving';
  readonly sourceAddress: IpAddress;
  readonly sinceMs: number;
  /** Where it goes when it has let go. */
  readonly leave: Leave;
  /** Lets go then, or takes its addresses back. */
  readonly endsAtMs: number;
  /** Heard: it has the addresses, and ours go at `endsAtMs`. */
  readonly successor: IpAddress | undefined;
}

/** Where a Master that leaves is going. */
export type Leave =
  | { readonly to: 'Initialize' }
  | { readonly to: 'Fault'; readonly faults: readonly Fault[] }
  /** `takesBack`: with no successor it goes on as Master. */
  | {
      readonly to: 'Backup';
      readonly reason: 'failover' | 'drain' | 'group-left' | 'fault-cleared';
      readonly takesBack: boolean;
    };

export interface FaultState extends EveryState {
  readonly name: 'Fault';
  /** At least one. */
  readonly faults: readonly Fault[];
}

export interface GratuitousArpBurst {
  readonly atMs: number;
  readonly repeat: number;
}

export type StateOf<Name extends StateName> = Extract<InstanceState, { name: Name }>;

/** Before `startup`. Nothing of the configuration is kept in it: `step` is given it each time. */
export function initialState(): InitializeState {
  return {
    name: 'Initialize',
    statistics: zeroStatistics,
    reported: [],
    weight: 0,
    hold: undefined,
    peers: [],
    memory: initialReceptionMemory,
  };
}

/** When the state next wants a `timeout`, absolute on the clock of `nowMs`; undefined when only events can move it. */
export function nextTimeout(state: InstanceState): number | undefined {
  const earliest = Math.min(ownTimeout(state), state.hold?.untilMs ?? Number.POSITIVE_INFINITY);
  return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
}

function ownTimeout(state: InstanceState): number {
  const never = Number.POSITIVE_INFINITY;
  switch (state.name) {
    case 'Backup':
      return Math.min(state.masterDownAtMs, state.releaseAtMs ?? never);
    case 'Master':
      return Math.min(
        state.advertiseAtMs,
        state.secondBurst?.atMs ?? never,
        state.refreshAtMs ?? never,
        state.extraInterfacesAtMs ?? never,
      );
    case 'Leaving':
      return state.endsAtMs;
    default:
      return never;
  }
}
