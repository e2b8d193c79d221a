/**
 * Everything that a drill sees, as one union on one clock, so that it is recorded first and judged afterwards. `atMs` is
 * milliseconds since the epoch with fractions: the kernel's time stamp where there is one, else the observer's clock on
 * the same kernel. Written as JSON lines, one an observation, into events.jsonl of the report's folder.
 */

export type Observation =
  | Advertisement
  | Announcement
  | ArpReply
  | RequestSeen
  | LongConnectionSeen
  | NeighbourSeen
  | HoldsSeen
  | StateSeen
  | TableSeen
  | NotificationSeen
  | LogLine
  | StepSeen;

export type ObservationKind = Observation['kind'];

interface Seen {
  readonly atMs: number;
}

/** A VRRP advertisement on the switch. */
export interface Advertisement extends Seen {
  readonly kind: 'advertisement';
  /** Name of the lab's network. */
  readonly network: string;
  /** The node that sent it, by the port it came in at or its source; undefined for an intruder. */
  readonly node?: string;
  readonly source: string;
  readonly sourceMac: string;
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly vrid: number;
  readonly priority: number;
  readonly intervalMs: number;
}

/** A gratuitous ARP, or an unsolicited Neighbour Advertisement. */
export interface Announcement extends Seen {
  readonly kind: 'announcement';
  readonly network: string;
  readonly node?: string;
  readonly address: string;
  readonly mac: string;
}

/** Somebody answered for an address: ARP reply, or solicited Neighbour Advertisement. */
export interface ArpReply extends Seen {
  readonly kind: 'arpReply';
  readonly network: string;
  readonly node?: string;
  readonly address: string;
  readonly mac: string;
  readonly toMac: string;
}

export type RequestOutcome =
  | 'ok'
  | 'timeout'
  | 'refused'
  | 'reset'
  | 'unreachable'
  | 'bad-status'
  | 'closed'
  | 'error';

/** One request of a probe. `atMs` is when it began. */
export interface RequestSeen extends Seen {
  readonly kind: 'request';
  readonly client: string;
  /** Name of the ProbedService. */
  readonly service: string;
  readonly source: string;
  readonly endedAtMs: number;
  readonly outcome: RequestOutcome;
  /** Name of the server that answered. */
  readonly server?: string;
  readonly status?: number;
  readonly error?: string;
}

/** A connection that is kept open, a byte to and fro now and then. */
export interface LongConnectionSeen extends Seen {
  readonly kind: 'longConnection';
  readonly client: string;
  readonly service: string;
  /** Of the client's: counted from 1, since a lost one is opened again. */
  readonly number: number;
  readonly event: 'opened' | 'echoed' | 'stalled' | 'lost';
  readonly error?: string;
}

/** What a client has in its neighbour table for a virtual address, whenever it changes. */
export interface NeighbourSeen extends Seen {
  readonly kind: 'neighbour';
  readonly client: string;
  readonly address: string;
  /** Undefined where there is none, or none that is complete. */
  readonly mac?: string;
  /** Whose it is. */
  readonly node?: string;
  /** As `ip neighbour` has it: REACHABLE, STALE, FAILED … */
  readonly state: string;
}

/** A node has got or lost a virtual address. */
export interface HoldsSeen extends Seen {
  readonly kind: 'holds';
  readonly node: string;
  readonly interface: string;
  readonly address: string;
  readonly holds: boolean;
}

export type InstanceState = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT' | 'STOP' | 'DELETED';

/** An instance's state as its daemon tells it. */
export interface StateSeen extends Seen {
  readonly kind: 'state';
  readonly node: string;
  readonly instance: string;
  readonly state: InstanceState;
}

export interface TableDestination {
  readonly address: string;
  readonly forwarding: string;
  readonly weight: number;
}

export interface TableService {
  readonly protocol: string;
  /** `10.0.0.3:80`, `[2001:db8::3]:80`, `FWM 5`. */
  readonly address: string;
  readonly scheduler: string;
  readonly destinations: readonly TableDestination[];
}

/** A node's IPVS table, whenever it differs from what it was. */
export interface TableSeen extends Seen {
  readonly kind: 'table';
  readonly node: string;
  readonly services: readonly TableService[];
}

/** A notification script, pipe or mail of the files ran: the lab's recorder stands in for each. */
export interface NotificationSeen extends Seen {
  readonly kind: 'notification';
  readonly node: string;
  /** The keyword, or `script` for a vrrp_script or MISC_CHECK. */
  readonly keyword: string;
  /** What the file says would run, then what the daemon added. */
  readonly words: readonly string[];
}

/** A line of a daemon's log; `atMs` is when it was read unless the line has a time. */
export interface LogLine extends Seen {
  readonly kind: 'log';
  readonly node: string;
  readonly text: string;
}

export type StepName =
  /** The lab stands, daemons start. */
  'start' | 'steady' | 'inject' | 'injected' | 'restore' | 'restored' | 'settled' | 'aborted';

/** What the drill itself did. */
export interface StepSeen extends Seen {
  readonly kind: 'step';
  readonly step: StepName;
  readonly scenario?: string;
  /** 1 for the first. */
  readonly run?: number;
  /** For reading: `SIGKILL to all processes of lb01`. */
  readonly text: string;
  /** Nodes, servers or clients that it was done to. */
  readonly targets: readonly string[];
}
