/**
 * What the supervisor and its children say to each other over Node.js's IPC channel (serialization 'advanced').
 * The supervisor alone reads configuration and writes logs; the children get a typed Config and send records.
 */
import type { Config, VirtualService } from '../config-parser/config.ts';
import type { NotifyEvent } from '../notify/messages.ts';
import type { Hold, StateName, TransitionReason } from '../vrrp/messages.ts';
import type { TrackerReading } from '../vrrp/tracking.ts';

export type { GroupWord, InstanceWord, NotifyEvent } from '../notify/messages.ts';

/**
 * script: runs other programs and watches files and processes, for trackers and for those who are told. bfd: RFC 5880.
 * Neither is started where the configuration has nothing for it.
 */
export type ChildRole = 'vrrp' | 'checker' | 'script' | 'bfd';

/** What an operator asks of running instances over the control socket; `instances` empty means all. */
export type InstanceCommand =
  | {
      readonly kind: 'giveUp';
      readonly hold: Hold['kind'];
      readonly instances: readonly string[];
      /** Undefined holds until `resume`. */
      readonly forMs?: number;
      readonly reason?: string;
      /** Although no peer was heard that could take over. */
      readonly evenIfAlone: boolean;
    }
  | { readonly kind: 'resume'; readonly instances: readonly string[] }
  | { readonly kind: 'status' };

/** One instance, for `holdfast ctl status`. Times are seconds ago or from now, since clocks differ between processes. */
export interface InstanceStatus {
  readonly name: string;
  readonly state: StateName;
  /** How long it has been in that state, and what brought it there. */
  readonly sinceSeconds?: number;
  readonly reason?: TransitionReason;
  readonly interface?: string;
  readonly family: 4 | 6;
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly basePriority: number;
  readonly effectivePriority: number;
  readonly sourceAddress?: string;
  readonly master?: string;
  readonly masterHeardSecondsAgo?: number;
  /** Any router of this VRID, heard in whatever state; keeps what was heard before we became Master. */
  readonly peers: readonly {
    readonly address: string;
    readonly priority: number;
    readonly heardSecondsAgo: number;
  }[];
  readonly masterDownInSeconds?: number;
  readonly addresses: readonly string[];
  readonly faults: readonly string[];
  readonly hold?: { readonly kind: Hold['kind']; readonly forSeconds?: number; readonly reason?: string };
  readonly rival?: { readonly address: string; readonly forSeconds: number };
  readonly statistics: Readonly<Record<string, number>>;
}

export interface VrrpStatus {
  readonly instances: readonly InstanceStatus[];
  readonly groups: readonly {
    readonly name: string;
    readonly state: string;
    readonly members: readonly string[];
  }[];
  readonly trackers: readonly TrackerReading[];
  /** Of the vrrp process, since the last asking: how late its event loop ran, milliseconds. */
  readonly eventLoopDelay: {
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly p999Ms: number;
    readonly maxMs: number;
    readonly overSeconds: number;
  };
  readonly counters: Readonly<Record<string, number>>;
}

export type CommandAnswer =
  | { readonly ok: true; readonly lines: readonly string[]; readonly status?: VrrpStatus }
  /** Nothing was done. `confirm` says that it would be with `evenIfAlone`. */
  | { readonly ok: false; readonly lines: readonly string[]; readonly confirm?: true };

export type LogLevel = 'error' | 'warning' | 'notice' | 'info' | 'debug';

/** `detail` lines are written only with -D, as keepalived does. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly detail?: boolean;
}

export interface ChildOptions {
  /** keepalived(8): -V, --dont-release-vrrp. */
  readonly keepAddressesOnExit: boolean;
  /** keepalived(8): -I, --dont-release-ipvs. */
  readonly keepIpvsOnExit: boolean;
  readonly logDetail: boolean;
}

export type SupervisorMessage =
  /** The first starts the child's work; later ones are reloads, applied as differences. */
  | {
      readonly kind: 'configure';
      readonly config: Config;
      readonly options: ChildOptions;
      /** Services that an earlier checker process of this supervisor had put into the kernel. */
      readonly ownedServices: readonly VirtualService[];
    }
  /** Release everything and exit 0. For the vrrp process: once its successors are heard, or `atOnce`, also as a second one. */
  | { readonly kind: 'stop'; readonly atOnce?: true }
  /** To the vrrp process: from the script and the bfd process. */
  | { readonly kind: 'trackers'; readonly readings: readonly TrackerReading[] }
  /** To the script process: from the vrrp and the checker process. */
  | { readonly kind: 'notify'; readonly events: readonly NotifyEvent[] }
  /** To the vrrp process; answered with the same `id`. */
  | { readonly kind: 'command'; readonly id: number; readonly command: InstanceCommand };

export type ChildMessage =
  | { readonly kind: 'log'; readonly records: readonly LogRecord[]; readonly dropped: number }
  /** A `configure` has been applied. */
  | { readonly kind: 'configured' }
  | { readonly kind: 'owned'; readonly services: readonly VirtualService[] }
  | { readonly kind: 'trackers'; readonly readings: readonly TrackerReading[] }
  | { readonly kind: 'notify'; readonly events: readonly NotifyEvent[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: CommandAnswer }
  /** The vrrp process holds no address any more: the others may take away what served them. */
  | { readonly kind: 'released' }
  /** The child cannot go on and a restart would not help; it exits with `exitCode` (keepalived's 1, 2 or 4). */
  | { readonly kind: 'fatal'; readonly message: string; readonly exitCode: number };
