/** A route as static_routes and virtual_routes describe it. */
import type { AddressFamily, IpAddress } from '../../net/address.ts';
import type { Network } from './network.ts';
import type { Encapsulation } from './route-encapsulation.ts';
import type { Lockable, RouteTime } from './route-metrics.ts';
import type { NumberOrName, Realms } from './routing-names.ts';

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'throw'
  | 'unreachable'
  | 'prohibit'
  | 'blackhole';

/** ip-route(8) describes what each means to the kernel. */
export interface RouteMetrics {
  readonly mtu?: Lockable<number>;
  readonly advmss?: Lockable<number>;
  readonly hoplimit?: Lockable<number>;
  readonly window?: Lockable<number>;
  readonly rtt?: Lockable<RouteTime>;
  readonly rttvar?: Lockable<RouteTime>;
  readonly rto_min?: Lockable<RouteTime>;
  readonly cwnd?: Lockable<number>;
  readonly ssthresh?: Lockable<number>;
  readonly reordering?: Lockable<number>;
  readonly initcwnd?: number;
  readonly initrwnd?: number;
  readonly quickack?: boolean;
  readonly fastopen_no_cookie?: boolean;
  readonly congctl?: Lockable<string>;
  /** `features`. */
  readonly ecn?: boolean;
}

export interface Nexthop {
  readonly gateway?: IpAddress;
  readonly device?: string;
  /** 1 to 256. */
  readonly weight?: number;
  readonly onlink: boolean;
  readonly realms?: Realms;
  readonly encapsulation?: Encapsulation;
}

export interface RouteEntry {
  /** As written, or that of its addresses; undefined where nothing tells, which means IPv4. */
  readonly family?: AddressFamily;
  readonly type: RouteType;
  readonly destination: Network | 'default';
  /** How it is added when there is a similar route. */
  readonly mode: 'prepend' | 'add' | 'append';
  readonly source?: IpAddress;
  readonly gateway?: IpAddress;
  readonly device?: string;
  readonly vrf?: string;
  readonly table?: NumberOrName;
  readonly metric?: number;
  /** rtnetlink scope. */
  readonly scope?: number;
  readonly typeOfService?: NumberOrName;
  readonly protocol?: NumberOrName;
  readonly metrics: RouteMetrics;
  readonly realms?: Realms;
  /** IPv6 only. */
  readonly expiresSeconds?: number;
  readonly onlink: boolean;
  readonly encapsulation?: Encapsulation;
  /** Router preference, IPv6 only. */
  readonly preference?: 'low' | 'medium' | 'high';
  readonly ttlPropagate?: boolean;
  /** Instead of `gateway` and `device`. */
  readonly nexthops: readonly Nexthop[];
  /** Nothing is done when somebody else deletes it. */
  readonly noTrack: boolean;
  /** static_routes only. */
  readonly trackGroup?: string;
}
