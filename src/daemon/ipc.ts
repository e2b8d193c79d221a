/**
 * What the supervisor and its children say to each other over Node.js's IPC channel (serialization 'advanced').
 * The supervisor alone reads configuration and writes logs; the children get a typed Config and send records.
 */
import type { CheckerKind, Config, VirtualService } from '../config-parser/config.ts';
import type { CheckerState, DynamicWeight, ProbeOutcome } from '../healthcheck/index.ts';
import type { IpAddress } from '../net/address.ts';
import type { NotifyEvent } from '../notify/messages.ts';
import type { PlannedChange } from '../plan/index.ts';
import type { Hold, StateName, TransitionReason } from '../vrrp/messages.ts';
import type { TrackerReading } from '../vrrp/tracking.ts';

export type { GroupWord, InstanceWord, NotifyEvent } from '../notify/messages.ts';
export type { PlannedChange } from '../plan/index.ts';

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

/** What an operator asks of the checker process. A virtual server by its name, a real server by its address or `address:port`. */
export type CheckerCommand =
  | { readonly kind: 'checkerStatus' }
  | {
      /** Weight 0 in the table, whatever its checks say, also over reloads and restarts of the checker process. */
      readonly kind: 'drainServer';
      /** Undefined means every virtual server. */
      readonly virtualServer?: string;
      /** Undefined means every real server of it. One of both is given. */
      readonly realServer?: string;
      /** Undefined holds until `resumeServer`. */
      readonly forMs?: number;
      readonly reason?: string;
      /** Although nobody would serve then. */
      readonly evenIfLast: boolean;
    }
  | { readonly kind: 'resumeServer'; readonly virtualServer?: string; readonly realServer?: string }
  /** What would be written to the kernel if this configuration were loaded; nothing is. */
  | { readonly kind: 'planTable'; readonly config: Config };

/** A server that an operator has drained. */
export interface ServerHold {
  readonly virtualServer: string;
  readonly realServer: { readonly address: IpAddress; readonly port: number };
  /** In milliseconds of CLOCK_MONOTONIC, which all processes of a host share; undefined has no end. */
  readonly untilMs?: number;
  readonly reason?: string;
}

export interface CheckerStatus {
  readonly virtualServers: readonly VirtualServerStatus[];
  /** Undefined while the kernel's table is as it should be. */
  readonly tableTrouble?: string;
  readonly counters: Readonly<Record<string, number>>;
}

export interface VirtualServerStatus {
  readonly name: string;
  readonly services: readonly string[];
  readonly scheduler: string;
  readonly hasQuorum: boolean;
  readonly quorum: number;
  readonly liveWeight: number;
  readonly sorryServer?: { readonly name: string; readonly isInUse: boolean };
  readonly isSuspended: boolean;
  readonly realServers: readonly RealServerStatus[];
}

export interface RealServerStatus {
  /** `10.0.0.7:80`, `[2001:db8::7]:80` */
  readonly name: string;
  readonly method: string;
  readonly weight: number;
  readonly effectiveWeight: number;
  readonly isUp: boolean;
  readonly hold?: { readonly forSeconds?: number; readonly reason?: string };
  /** As the kernel last told them; undefined where it was not asked or has no such entry. */
  readonly connections?: { readonly active: number; readonly inactive: number };
  readonly checkers: readonly CheckerLineStatus[];
}

export interface CheckerLineStatus {
  readonly kind: CheckerKind;
  readonly state: CheckerState;
  /** The last first. */
  readonly results: readonly {
    readonly secondsAgo: number;
    readonly outcome: ProbeOutcome;
  }[];
}

export type CheckerAnswer =
  | {
      readonly ok: true;
      readonly lines: readonly string[];
      readonly status?: CheckerStatus;
      readonly changes?: readonly PlannedChange[];
    }
  | { readonly ok: false; readonly lines: readonly string[]; readonly confirm?: true };

/** What a checker process tells the supervisor so that its successor goes on where it ended. */
export interface CheckerMemory {
  readonly ownedServices: readonly VirtualService[];
  /** By the checker's id. */
  readonly verdicts: ReadonlyMap<string, CheckerState>;
  /** By the checker's id: the last that it said of its server's weight. */
  readonly weights: ReadonlyMap<string, DynamicWeight>;
  readonly holds: readonly ServerHold[];
  /** By its path below /proc/sys/net. */
  readonly sysctls: ReadonlyMap<string, ChangedSysctl>;
}

/** A setting of the kernel that is as we need it because we have written it, and what goes back when it is needed no more. */
export interface ChangedSysctl {
  readonly value: string;
  readonly previous: string;
}

/** Of a map, the entries that are not as last told; undefined is one to forget. */
export type Changes<Value> = readonly (readonly [key: string, value: Value | undefined])[];

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
      /** For the checker process: of an earlier one of this supervisor. */
      readonly memory: CheckerMemory;
    }
  /** Release everything and exit 0. For the vrrp process: once its successors are heard, or `atOnce`, also as a second one. */
  | { readonly kind: 'stop'; readonly atOnce?: true }
  /**
   * To the vrrp and the checker process: from the script and the bfd process. To a bfd process, before its first configuration: what
   * an earlier one said last.
   */
  | { readonly kind: 'trackers'; readonly readings: readonly TrackerReading[] }
  /** To the script process: from the vrrp and the checker process. To the checker process: from the vrrp process. */
  | { readonly kind: 'notify'; readonly events: readonly NotifyEvent[] }
  /** To the vrrp process or, a CheckerCommand, to the checker process; answered with the same `id`. */
  | { readonly kind: 'command'; readonly id: number; readonly command: InstanceCommand | CheckerCommand };

export type ChildMessage =
  | { readonly kind: 'log'; readonly records: readonly LogRecord[]; readonly dropped: number }
  /** A `configure` has been applied. */
  | { readonly kind: 'configured' }
  /** What has changed of the CheckerMemory: all services, all holds; of the rest what changed. */
  | {
      readonly kind: 'remember';
      readonly ownedServices?: readonly VirtualService[];
      readonly holds?: readonly ServerHold[];
      readonly verdicts?: Changes<CheckerState>;
      readonly weights?: Changes<DynamicWeight>;
      readonly sysctls?: Changes<ChangedSysctl>;
    }
  | { readonly kind: 'trackers'; readonly readings: readonly TrackerReading[] }
  | { readonly kind: 'notify'; readonly events: readonly NotifyEvent[] }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: CommandAnswer | CheckerAnswer }
  /** The vrrp process holds no address any more: the others may take away what served them. */
  | { readonly kind: 'released' }
  /** The child cannot go on and a restart would not help; it exits with `exitCode` (keepalived's 1, 2 or 4). */
  | { readonly kind: 'fatal'; readonly message: string; readonly exitCode: number };
