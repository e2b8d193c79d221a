/** The typed configuration of what instances depend on: interfaces, scripts, files, processes, BFD sessions. */
import type { IpAddress } from '../net/address.ts';
import type { CommandConfig } from './config-notify.ts';

/** Of an instance or a sync group; each list names what `TrackerConfigs` defines, or interfaces. */
export interface TrackingConfig {
  readonly interfaces: readonly TrackedItem[];
  readonly scripts: readonly TrackedItem[];
  readonly files: readonly TrackedItem[];
  readonly processes: readonly TrackedItem[];
  readonly bfds: readonly TrackedItem[];
}

export interface TrackedItem {
  readonly name: string;
  /** -254 to 254; 0 means that what is bad is a fault. Already the definition's where the line has none. */
  readonly weight: number;
  readonly reverse: boolean;
}

/** Everything that can be tracked, by name; only what is used by somebody runs. */
export interface TrackerConfigs {
  readonly scripts: readonly TrackScriptConfig[];
  readonly files: readonly TrackFileConfig[];
  readonly processes: readonly TrackProcessConfig[];
  readonly bfds: readonly BfdInstanceConfig[];
}

/** keepalived.conf(5): vrrp_script. */
export interface TrackScriptConfig {
  readonly name: string;
  /** The account is already the one that holds: `user`, or the default of scripts. */
  readonly command: CommandConfig;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive results after which it counts as good or bad, at least 1. */
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
}

/** keepalived.conf(5): track_file. */
export interface TrackFileConfig {
  readonly name: string;
  readonly path: string;
  /** Written at start: when there is no file, or with `overwrite` in any case. */
  readonly initial?: { readonly value: number; readonly overwrite: boolean };
}

/** keepalived.conf(5): vrrp_track_process. */
export interface TrackProcessConfig {
  readonly name: string;
  /** Name of the program, or its path; then the arguments it must have. */
  readonly command: readonly string[];
  /** Undefined compares no arguments where `command` has none, and all of them where it has some. */
  readonly parameterMatch?: 'initial' | 'partial' | 'none';
  readonly fullCommand: boolean;
  readonly quorum: number;
  readonly quorumMax?: number;
  readonly forkDelayMs: number;
  readonly terminateDelayMs: number;
}

/** keepalived.conf(5): bfd_instance. RFC 5880, RFC 5881, RFC 5883. */
export interface BfdInstanceConfig {
  readonly name: string;
  readonly neighborAddress: IpAddress;
  readonly sourceAddress?: IpAddress;
  /** Required Min RX Interval and Desired Min TX Interval. */
  readonly minRxMs: number;
  readonly minTxMs: number;
  /** While the session is not Up. */
  readonly idleTxMs: number;
  readonly multiplier: number;
  readonly isPassive: boolean;
  /** TTL or Hop Limit of what is sent. */
  readonly hopLimit: number;
  /** How many hops a received packet may have come: its TTL is at least our own `hopLimit` less this; -1 accepts every one. */
  readonly maxHops: number;
  readonly isMultihop: boolean;
  readonly mayVrrpTrack: boolean;
  readonly mayCheckerUse: boolean;
}
