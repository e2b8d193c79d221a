/** The typed configuration of virtual servers: what stands in the kernel's IPVS table, and when. */
import type { AddressFamily, IpAddress } from '../net/address.ts';
import type { CheckerConfig } from './config-checks.ts';
import type { CommandConfig } from './config-notify.ts';

/** keepalived.conf(5): global_defs, as far as it concerns IPVS. */
export interface LvsGlobals {
  /** keepalived.conf(5): lvs_flush. Clear the whole IPVS table at start, also what is not ours. */
  readonly flush: boolean;
  /** keepalived.conf(5): lvs_flush_on_stop. */
  readonly flushOnStop: 'off' | 'all' | 'virtual-servers';
  /** keepalived.conf(5): lvs_timeouts, seconds; what is undefined keeps the kernel's value. */
  readonly timeouts?: IpvsTimeouts;
  readonly syncDaemon?: SyncDaemonConfig;
  /** keepalived.conf(5): rs_init_notifies. */
  readonly notifiesInitialState: boolean;
}

export interface IpvsTimeouts {
  readonly tcpSeconds?: number;
  readonly tcpFinSeconds?: number;
  readonly udpSeconds?: number;
}

/** keepalived.conf(5): lvs_sync_daemon. The table of connections is copied to the other director. */
export interface SyncDaemonConfig {
  readonly interface: string;
  /** Sends while this instance is Master and listens while it is not; undefined does both at all times. */
  readonly instance?: string;
  readonly syncId: number;
  readonly maxLengthBytes?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export const schedulers = [
  'rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'mh', 'fo', 'ovf', 'sed', 'nq', 'twos',
] as const; // biome-ignore format: one list
export type Scheduler = (typeof schedulers)[number];

/**
 * keepalived.conf(5): lb_kind, lvs_method. FULLNAT is holdfast's own (alias FNAT): IPVS's NAT, and the packets to the real
 * server leave with an address of the director, so that its answers need no route through here.
 */
export type Forwarding = 'NAT' | 'DR' | 'TUN' | 'FULLNAT';

/** How packets to a real server are encapsulated. */
export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** UDP port of the encapsulation; gue only. */
  readonly port?: number;
  /** Of the outer header; not with ipip, and `remcsum` with gue only. */
  readonly checksum?: 'nocsum' | 'csum' | 'remcsum';
}

/** The way of packets to a server. */
export interface ForwardingMethod {
  readonly forwarding: Forwarding;
  /** With TUN always, else never. */
  readonly tunnel?: Tunnel;
}

/** What identifies a virtual service to the kernel. */
export type VirtualService =
  | {
      readonly kind: 'address';
      readonly protocol: Protocol;
      readonly address: IpAddress;
      readonly port: number;
    }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: AddressFamily };

export interface PersistenceConfig {
  readonly timeoutSeconds: number;
  /** keepalived.conf(5): persistence_granularity; 32 or 128 when not given. */
  readonly prefixLength: number;
  /** keepalived.conf(5): persistence_engine. A module of the kernel: `sip`. */
  readonly engine?: string;
}

export interface VirtualServerConfig {
  /** What operators and logs call it: `[10.0.0.3]:tcp:80`, `FWM 5`, `[group web]:tcp` for a group. Unique, and the key over reloads. */
  readonly name: string;
  /** The kernel's services that it is: one, or each that its virtual_server_group stands for. At least one. */
  readonly services: readonly VirtualService[];
  /** keepalived.conf(5): virtual_server group. */
  readonly group?: string;
  readonly scheduler: Scheduler;
  /** keepalived.conf(5): flag-1 to flag-3, sh-fallback, sh-port, mh-fallback, mh-port: IP_VS_SVC_F_SCHED1 to 3. */
  readonly schedulerFlags: readonly (1 | 2 | 3)[];
  /** keepalived.conf(5): ops. Every datagram is scheduled anew. */
  readonly onePacket: boolean;
  readonly method: ForwardingMethod;
  /** Undefined means none. */
  readonly persistence?: PersistenceConfig;
  readonly alpha: boolean;
  readonly omega: boolean;
  readonly quorum: number;
  readonly hysteresis: number;
  readonly quorumUp?: CommandConfig;
  readonly quorumDown?: CommandConfig;
  /** keepalived.conf(5): ha_suspend. Its checks rest while its address is not on this host. */
  readonly haSuspend: boolean;
  /** keepalived.conf(5): smtp_alert, else smtp_alert_checker. */
  readonly mail: boolean;
  /** FULLNAT: addresses of this host that packets to real servers leave with; empty means the one that the route has. */
  readonly localAddresses: readonly LocalAddressRange[];
  readonly sorryServer?: SorryServerConfig;
  readonly realServers: readonly RealServerConfig[];
}

/** `first` and `last` are of one family; equal for a single address. */
export interface LocalAddressRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
}

export interface SorryServerConfig {
  readonly address: IpAddress;
  readonly port: number;
  readonly method: ForwardingMethod;
  readonly inhibit: boolean;
}

export interface RealServerConfig {
  readonly address: IpAddress;
  readonly port: number;
  readonly weight: number;
  readonly method: ForwardingMethod;
  readonly inhibitOnFailure: boolean;
  readonly alpha: boolean;
  /** Connection limits of the kernel's scheduler; 0 means none. */
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  readonly notifyUp?: CommandConfig;
  readonly notifyDown?: CommandConfig;
  /** keepalived.conf(5): smtp_alert. */
  readonly mail: boolean;
  /** None means always up. */
  readonly checkers: readonly CheckerConfig[];
}
