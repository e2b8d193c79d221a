/**
 * The typed configuration: what the files mean after includes, defaults and old words. Readonly plain data, so that it
 * passes between processes and compares by value; where something stood in a file is kept beside it, not in it.
 * Units are in the names. Keywords are those of keepalived.conf(5).
 */
import type { AddressFamily, IpAddress } from '../net/address.ts';

export interface Config {
  readonly globalDefs: GlobalDefs;
  readonly vrrpInstances: readonly VrrpInstanceConfig[];
  readonly virtualServers: readonly VirtualServerConfig[];
}

export interface GlobalDefs {
  /** keepalived.conf(5): router_id. Undefined means the host's name. */
  readonly routerId?: string;
  /** keepalived.conf(5): lvs_flush. Clear the whole IPVS table at start, also what is not ours. */
  readonly lvsFlush: boolean;
  /** keepalived.conf(5): lvs_flush_on_stop. */
  readonly lvsFlushOnStop: 'off' | 'all' | 'virtual-servers';
  /** keepalived.conf(5): lvs_timeouts, seconds; what is undefined keeps the kernel's value. */
  readonly lvsTimeouts?: IpvsTimeouts;
}

export interface IpvsTimeouts {
  readonly tcpSeconds?: number;
  readonly tcpFinSeconds?: number;
  readonly udpSeconds?: number;
}

export interface VrrpInstanceConfig {
  readonly name: string;
  /** keepalived.conf(5): state. A hint only: every instance starts as Backup, save the address owner. */
  readonly initialState: 'MASTER' | 'BACKUP';
  readonly interface: string;
  readonly family: AddressFamily;
  readonly version: 2 | 3;
  /** Virtual router identifier, 1 to 255. */
  readonly vrid: number;
  /** 1 to 255; 255 is the address owner. */
  readonly basePriority: number;
  readonly advertisementIntervalMs: number;
  readonly authentication: Authentication;
  /** Where advertisements go: 224.0.0.18 unless said otherwise. */
  readonly multicastGroup: IpAddress;
  /** keepalived.conf(5): mcast_src_ip. Undefined means the interface's primary address. */
  readonly sourceAddress?: IpAddress;
  readonly virtualAddresses: readonly VirtualAddress[];
  /** Held and released like virtualAddresses but not advertised. */
  readonly excludedAddresses: readonly VirtualAddress[];
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  /** How many advertisement intervals make a Master_Down_Interval; 3 in the RFCs. */
  readonly downTimerAdverts: number;
  readonly gratuitousArp: GratuitousArpConfig;
  readonly lowerPrioNoAdvert: boolean;
  readonly higherPrioSendAdvert: boolean;
  readonly skipCheckAdvAddr: boolean;
}

/** RFC 3768 section 5.3.6 and RFC 2338 section 5.3.6. */
export type Authentication =
  | { readonly type: 'none' }
  /** At most 8 bytes, sent in clear. */
  | { readonly type: 'PASS'; readonly password: string };

export interface GratuitousArpConfig {
  /** keepalived.conf(5): garp_master_delay. 0 means no second burst. */
  readonly masterDelayMs: number;
  readonly masterRepeat: number;
  /** keepalived.conf(5): garp_master_refresh. 0 means off. */
  readonly masterRefreshMs: number;
  readonly masterRefreshRepeat: number;
  readonly lowerPrioDelayMs: number;
  readonly lowerPrioRepeat: number;
}

export interface VirtualAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** The instance's interface unless `dev` names another. */
  readonly interface: string;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  /** IPv4 only. */
  readonly label?: string;
  /** IPv4 only; resolved when `brd +` or `brd -` is given. */
  readonly broadcast?: IpAddress;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export const schedulers = [
  'rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'mh', 'fo', 'ovf', 'sed', 'nq', 'twos',
] as const; // biome-ignore format: one list
export type Scheduler = (typeof schedulers)[number];

/** IPVS forwarding methods as keepalived.conf(5) names them (lb_kind). */
export type Forwarding = 'NAT' | 'DR' | 'TUN';

/** What identifies a virtual service to the kernel. */
export type VirtualService =
  | {
      readonly kind: 'address';
      readonly protocol: Protocol;
      readonly address: IpAddress;
      readonly port: number;
    }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: AddressFamily };

export interface VirtualServerConfig {
  readonly service: VirtualService;
  readonly scheduler: Scheduler;
  readonly forwarding: Forwarding;
  /** Undefined means no persistence. */
  readonly persistenceTimeoutSeconds?: number;
  /** Prefix length of keepalived.conf(5): persistence_granularity; 32 or 128 when not given. */
  readonly persistencePrefixLength: number;
  readonly alpha: boolean;
  readonly omega: boolean;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly sorryServer?: SorryServerConfig;
  readonly realServers: readonly RealServerConfig[];
}

export interface SorryServerConfig {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly inhibit: boolean;
}

export interface RealServerConfig {
  readonly address: IpAddress;
  readonly port: number;
  readonly weight: number;
  readonly forwarding: Forwarding;
  readonly inhibitOnFailure: boolean;
  readonly alpha: boolean;
  /** Connection limits of the kernel's scheduler; 0 means none. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** None means always up. */
  readonly checkers: readonly CheckerConfig[];
}

export interface CheckerTiming {
  readonly delayLoopMs: number;
  readonly connectTimeoutMs: number;
  /** Further tries before a server that is up goes down. */
  readonly retry: number;
  readonly delayBeforeRetryMs: number;
  /** Upper bound of the random delay before the first check. */
  readonly warmupMs: number;
}

/** One checker; a union by `kind`, of which TCP_CHECK is the first member. */
export type CheckerConfig = TcpCheckConfig;

export interface TcpCheckConfig {
  readonly kind: 'TCP_CHECK';
  readonly timing: CheckerTiming;
  readonly alpha: boolean;
  readonly connectAddress: IpAddress;
  readonly connectPort: number;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
}
