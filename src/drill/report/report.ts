/**
 * What a drill reports, as plain JSON: judged from observations by src/drill/judge/, drawn by src/drill/report/render/.
 * Times are milliseconds since the epoch with fractions where the name ends in AtMs, and durations where it ends in Ms.
 */
import type { InstanceState, NotificationSeen, RequestOutcome, TableService } from '../observation.ts';
import type { Topology } from '../topology/topology.ts';

/** Raised when a reader of the JSON could misread it. */
export const reportSchemaVersion = 1;

/** A drill is as bad as its worst scenario: aborted, fail, could-not-run, pass; skipped ones do not count. */
export type ReportVerdict = 'pass' | 'fail' | 'skipped' | 'aborted' | 'could-not-run';

/** 0 pass; 1 a limit or an invariant broken; 2 could not run; 3 aborted and restored. */
export type ExitStatus = 0 | 1 | 2 | 3;

export interface DrillReport {
  readonly schemaVersion: typeof reportSchemaVersion;
  readonly verdict: ReportVerdict;
  readonly exitStatus: ExitStatus;
  /** One sentence for any verdict but pass. */
  readonly reason?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** The words of the command to repeat it, the seed among them; no shell quoting. */
  readonly command: readonly string[];
  readonly seed: number;
  readonly runsWanted: number;
  readonly environment: Environment;
  /** Sentences: what was chosen, replaced by a recorder, or cannot be told on this kernel. */
  readonly notes: readonly string[];
  /** Undefined when the lab was never built. */
  readonly topology?: Topology;
  readonly steadyState?: SteadyState;
  readonly limits: readonly Limit[];
  readonly scenarios: readonly ScenarioReport[];
  /** Names of files in the report's folder. */
  readonly evidence: readonly EvidenceFile[];
  /** Undefined while the drill still runs. */
  readonly cleanUp?: CleanUpProof;
}

export interface Environment {
  readonly holdfast: string;
  readonly node: string;
  readonly mode: 'lab' | 'live';
  readonly kernel: {
    readonly which: 'host' | 'embedded';
    readonly release: string;
    /** Why this one. */
    readonly reason: string;
    readonly processors: number;
  };
  readonly nodes: readonly NodeEnvironment[];
}

export interface NodeEnvironment {
  readonly name: string;
  /** unknown: of a live drill, which sees a router by what it sends. */
  readonly daemon: 'holdfast' | 'keepalived' | 'unknown';
  readonly daemonVersion: string;
  readonly configFile: string;
  /** SHA-256, of the file and all that it includes, in hex. */
  readonly configHash: string;
  readonly instances: readonly InstanceTimers[];
}

export interface InstanceTimers {
  readonly instance: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly priority: number;
  readonly preempts: boolean;
  readonly preemptDelayMs: number;
  readonly advertisementIntervalMs: number;
  readonly skewTimeMs: number;
  readonly masterDownIntervalMs: number;
}

/** What was true before anything was broken. */
export interface SteadyState {
  readonly reachedAtMs: number;
  /** From the start of the daemons. */
  readonly tookMs: number;
  readonly masters: readonly { readonly instance: string; readonly vrid: number; readonly node: string }[];
  readonly requests: number;
  readonly failedRequests: number;
}

/** Of --slo or a scenario's own. */
export interface Limit {
  readonly figure: FigureName;
  readonly comparison: '<=' | '<' | '>=' | '>';
  /** In the figure's unit. */
  readonly value: number;
  readonly unit: FigureUnit;
  /** As it was written: `takeover<=4s`. */
  readonly text: string;
}

/** The names that --slo knows, and under which --compare compares. */
export const figureNames = [
  /** From the injection to the first sign that a Backup acts: its first advertisement less what it did before. */
  'detection',
  /** From the injection to the first advertisement of the new Master. */
  'takeover',
  /** From the old Master's last advertisement to the new one's first. */
  'takeover-after-last-advert',
  /** From the new Master's first advertisement to its first gratuitous ARP or unsolicited NA. */
  'announcement',
  /** Longest time without a successful request, from the injection on, before the restore. */
  'outage',
  /** The same from the restore on. */
  'failback-outage',
  'failed-requests',
  'failed-requests-percent',
  'latency-p50',
  'latency-p99',
  /** Two nodes advertise as Master, or hold the address, together: the longest time. */
  'double-master',
  /** No node holds the address: the longest time. */
  'no-master',
  /** The slowest client's neighbour entry for a virtual address, from the takeover. */
  'neighbour-convergence',
  /** Long connections lost. */
  'connections-lost',
  /** A real server's failure to its leaving the table, and its return to its coming back. */
  'server-out',
  'server-back',
  /** From the restore to the steady state. */
  'settling',
] as const;
export type FigureName = (typeof figureNames)[number];
export type FigureUnit = 'ms' | 'count' | 'percent';

/** One number of a run. */
export interface Figure {
  readonly name: FigureName;
  /** For reading: `takeover`, `data-plane outage`. */
  readonly title: string;
  readonly value: number;
  readonly unit: FigureUnit;
  /** What the files lead one to expect, where they do: of a takeover, Master_Down_Interval or Skew_Time. */
  readonly expected?: number;
}

export interface ScenarioReport {
  readonly name: string;
  readonly title: string;
  /** What was broken and how it was mended, in sentences. */
  readonly description: string;
  readonly verdict: ReportVerdict;
  /** For any verdict but pass. */
  readonly reason?: string;
  readonly runs: readonly ScenarioRun[];
  /** Over all runs that have it. */
  readonly summary: readonly FigureSummary[];
}

export interface FigureSummary {
  readonly name: FigureName;
  readonly title: string;
  readonly unit: FigureUnit;
  readonly median: number;
  readonly max: number;
  readonly runs: number;
  readonly expected?: number;
}

export interface ScenarioRun {
  /** 1 for the first. */
  readonly run: number;
  readonly verdict: ReportVerdict;
  readonly reason?: string;
  /** The stretch that was judged. */
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly injectedAtMs?: number;
  readonly restoredAtMs?: number;
  readonly settledAtMs?: number;
  /** Invariants and limits. Empty only where the verdict is skipped, aborted or could-not-run. */
  readonly findings: readonly ReportFinding[];
  readonly figures: readonly Figure[];
  readonly takeovers: readonly TakeoverReport[];
  readonly traffic: readonly ServiceTraffic[];
  readonly connections: readonly ConnectionReport[];
  readonly masterWindows: readonly MasterWindow[];
  readonly neighbours: readonly NeighbourReport[];
  readonly tables?: TableReport;
  readonly notifications: readonly NotificationReport[];
  readonly states: readonly StateReport[];
  readonly timeline: Timeline;
}

/** One thing that had to hold. `measured`, `limit` and `margin` are for reading. */
export interface ReportFinding {
  /** Stable, for suppression and comparison: `one-master`, `takeover`, `slo-takeover`. */
  readonly id: string;
  readonly kind: 'invariant' | 'expectation' | 'limit';
  /** `VRID 51 has exactly one Master, lb01`. */
  readonly what: string;
  /** `3.61 s`. */
  readonly measured: string;
  /** `at most 4.00 s`. */
  readonly limit: string;
  readonly holds: boolean;
  /** `0.39 s`; undefined where there is no distance. */
  readonly margin?: string;
  /** What stands behind a failure, with where to look: `lb02 has advert_int 2, lb01 has 1`. */
  readonly explanation?: string;
}

/** A change of Master of one VRID on one network. */
export interface TakeoverReport {
  readonly instance: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly network: string;
  readonly direction: 'failover' | 'failback';
  readonly from?: string;
  readonly to: string;
  /** What began it: the injection or the restore. */
  readonly causeAtMs: number;
  readonly lastOfOldAtMs?: number;
  readonly firstOfNewAtMs: number;
  readonly addressAtMs?: number;
  readonly announcedAtMs?: number;
  readonly firstServedAtMs?: number;
  /** From the cause to the new Master's first advertisement. */
  readonly takeoverMs: number;
  /** Between the two Masters' advertisements. */
  readonly gapMs?: number;
  /** Master_Down_Interval or Skew_Time by the files; what it is counted from is in `expectedWhy`. */
  readonly expectedMs?: number;
  readonly expectedWhy?: string;
}

/** The requests of all clients for one service. */
export interface ServiceTraffic {
  readonly service: string;
  readonly requests: number;
  readonly failed: number;
  /** Only kinds that occurred. */
  readonly failures: readonly { readonly outcome: RequestOutcome; readonly count: number }[];
  /** Longest time without a success: from the first request that failed to the next success. */
  readonly failoverOutageMs: number;
  readonly failbackOutageMs: number;
  readonly latency: readonly LatencyReport[];
  readonly servers: readonly { readonly server: string; readonly answers: number }[];
}

export interface LatencyReport {
  readonly phase: 'before' | 'during' | 'after';
  readonly requests: number;
  /** Of successful requests; undefined when there are none. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
}

export interface ConnectionReport {
  readonly client: string;
  readonly service: string;
  readonly kept: boolean;
  readonly lostAtMs?: number;
  readonly longestStallMs: number;
}

/** A stretch in which not exactly one node was Master. */
export interface MasterWindow {
  readonly kind: 'double' | 'none';
  /** By whom it is told: by advertisements from two sources, or by who holds the address. */
  readonly evidence: 'advertisements' | 'addresses' | 'arp';
  readonly instance: string;
  readonly vrid: number;
  /** Of `addresses` and `arp`. */
  readonly address?: string;
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly ms: number;
}

/** What one client knew of a virtual address's MAC. */
export interface NeighbourReport {
  readonly client: string;
  readonly address: string;
  readonly changes: readonly {
    readonly atMs: number;
    readonly mac?: string;
    readonly node?: string;
  }[];
  /** From the new Master's first advertisement; undefined when it had not changed by the end. */
  readonly convergedAfterMs?: number;
  readonly announcementsNeeded?: number;
  readonly isStaleAtEnd: boolean;
}

export interface TableReport {
  /** The two nodes' tables and what the files say are all the same, at the end. */
  readonly areEqual: boolean;
  readonly asConfigured: boolean;
  readonly differences: readonly string[];
  readonly nodes: readonly { readonly node: string; readonly services: readonly TableService[] }[];
}

export interface NotificationReport extends Omit<NotificationSeen, 'kind'> {
  /** 1 for the first of this node with these words; more is a repetition. */
  readonly occurrence: number;
}

export interface StateReport {
  readonly node: string;
  readonly instance: string;
  readonly atMs: number;
  readonly state: InstanceState;
}

export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  /** What is drawn as 0: the injection, else the begin. */
  readonly zeroAtMs: number;
  /** From top to bottom. */
  readonly lanes: readonly TimelineLane[];
  /** Ascending. */
  readonly spans: readonly TimelineSpan[];
  readonly points: readonly TimelinePoint[];
}

export interface TimelineLane {
  readonly id: string;
  readonly title: string;
  readonly kind: 'drill' | 'node' | 'server' | 'client' | 'network';
}

export type SpanKind =
  /** The drill's: before, broken, restored. */
  | 'phase'
  /** A node's, by instance. */
  | 'master'
  | 'backup'
  | 'fault'
  | 'stopped'
  | 'holds'
  /** A client's. */
  | 'served'
  | 'failing'
  | 'stale'
  /** The network's. */
  | 'double-master'
  | 'no-master';

export interface TimelineSpan {
  readonly lane: string;
  readonly kind: SpanKind;
  readonly fromMs: number;
  readonly toMs: number;
  /** `VI_1 Master`. */
  readonly label: string;
}

export type PointKind =
  | 'inject'
  | 'restore'
  | 'settled'
  | 'advertisement'
  | 'priority-zero'
  | 'announcement'
  | 'arp-reply'
  | 'address-added'
  | 'address-removed'
  | 'request-failed'
  | 'connection-lost'
  | 'neighbour-changed'
  | 'server-out'
  | 'server-back'
  | 'notification'
  | 'log';

export interface TimelinePoint {
  readonly lane: string;
  readonly kind: PointKind;
  readonly atMs: number;
  readonly label: string;
}

export interface EvidenceFile {
  /** Relative to the report's folder. */
  readonly name: string;
  readonly what: string;
}

export interface CleanUpProof {
  readonly isClean: boolean;
  /** Sentences: `7 network namespaces removed`, `no process of the lab runs`. */
  readonly checks: readonly { readonly what: string; readonly holds: boolean; readonly found: string }[];
}
