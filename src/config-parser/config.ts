/**
 * The typed configuration: what the files mean after includes, defaults and old words. Readonly plain data, so that it
 * passes between processes and compares by value; where something stood in a file is kept beside it, not in it.
 * Units are in the names. Keywords are those of keepalived.conf(5).
 */
import type { AddressFamily, IpAddress } from '../net/address.ts';
import type { NotifyGlobals } from './config-notify.ts';
import type { TrackerConfigs } from './config-tracking.ts';
import type { StaticConfig, SyncGroupConfig, VrrpGlobals, VrrpInstanceConfig } from './config-vrrp.ts';

export type * from './config-notify.ts';
export type * from './config-tracking.ts';
export type * from './config-vrrp.ts';
export type { RouteEntry } from './schema/route.ts';
export type { RuleEntry } from './schema/rule.ts';

export interface Config {
  readonly globalDefs: GlobalDefs;
  readonly daemon?: DaemonConfig;
  readonly vrrpInstances: readonly VrrpInstanceConfig[];
  readonly syncGroups: readonly SyncGroupConfig[];
  readonly trackers: TrackerConfigs;
  readonly staticItems: StaticConfig;
  readonly virtualServers: readonly VirtualServerConfig[];
}

/** keepalived.conf(5): what stands outside of all blocks and holds from the start of the daemon to its end. */
export interface DaemonConfig {
  /** keepalived.conf(5): instance. The names of the daemon's own files hold it. */
  readonly instance?: string;
  readonly netNamespace?: string;
  readonly netNamespaceIpvs?: string;
  /** keepalived.conf(5): tmp_config_directory. */
  readonly temporaryFolder?: string;
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
  readonly vrrp: VrrpGlobals;
  readonly notify: NotifyGlobals;
}

export interface IpvsTimeouts {
  readonly tcpSeconds?: number;
  readonly tcpFinSeconds?: number;
  readonly udpSeconds?: number;
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
