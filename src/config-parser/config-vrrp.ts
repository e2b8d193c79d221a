/**
 * The typed configuration of VRRP: instances, sync groups, what they track and whom they tell. Readonly plain data.
 * Units are in the names. Keywords are those of keepalived.conf(5).
 */
import type { AddressFamily, IpAddress } from '../net/address.ts';
import type { NotifyConfig } from './config-notify.ts';
import type { TrackingConfig } from './config-tracking.ts';
import type { HmacKey } from './schema/arguments-hmac.ts';
import type { RouteEntry } from './schema/route.ts';
import type { RuleEntry } from './schema/rule.ts';

export interface VrrpInstanceConfig {
  readonly name: string;
  /** keepalived.conf(5): state. A hint only: every instance starts as Backup, save the address owner. */
  readonly initialState: 'MASTER' | 'BACKUP';
  /** Undefined only for unicast instances, which can do with a source address. */
  readonly interface?: string;
  /** keepalived.conf(5): vrf. Only without an interface. */
  readonly vrf?: string;
  readonly family: AddressFamily;
  readonly version: 2 | 3;
  /** Virtual router identifier, 1 to 255. */
  readonly vrid: number;
  /** 1 to 255; 255 is the address owner. */
  readonly basePriority: number;
  readonly advertisementIntervalMs: number;
  readonly authentication: Authentication;
  /** keepalived.conf(5): auth_hmac, of version 2 and 3; never together with `authentication`. */
  readonly authHmac?: AuthHmacConfig;
  /** Where advertisements go, and what is heard. */
  readonly transport: Transport;
  /** keepalived.conf(5): mcast_src_ip or unicast_src_ip. Undefined means the interface's primary address. */
  readonly sourceAddress?: IpAddress;
  /** keepalived.conf(5): track_src_ip. Fault while `sourceAddress` is not there. */
  readonly trackSourceAddress: boolean;
  /** keepalived.conf(5): v3_checksum_as_v2. IPv4 only: no pseudo-header. */
  readonly v3ChecksumAsV2: boolean;
  /** keepalived.conf(5): old_unicast_checksum. 'auto' does as the peer does. */
  readonly oldUnicastChecksum: 'auto' | 'always' | 'never';
  /** keepalived.conf(5): use_vmac, use_ipvlan. */
  readonly virtualLink?: VirtualLinkConfig;
  /** keepalived.conf(5): use_vmac_addr. A macvlan on each other interface that holds addresses. */
  readonly useVmacAddr: boolean;
  readonly virtualAddresses: readonly VirtualAddress[];
  /** Held and released like virtualAddresses but not advertised. */
  readonly excludedAddresses: readonly VirtualAddress[];
  /** There while Master, as the rules. */
  readonly virtualRoutes: readonly RouteEntry[];
  readonly virtualRules: readonly RuleEntry[];
  /** keepalived.conf(5): promote_secondaries. */
  readonly promoteSecondaries: boolean;
  /** keepalived.conf(5): accept, no_accept. RFC 5798 section 6.1: Accept_Mode. */
  readonly acceptMode: boolean;
  /** keepalived.conf(5): strict_mode. What it forbids is already gone from the other members. */
  readonly isStrict: boolean;
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  /** How many advertisement intervals make a Master_Down_Interval; 3 in the RFCs. */
  readonly downTimerAdverts: number;
  readonly gratuitousArp: GratuitousArpConfig;
  readonly lowerPrioNoAdvert: boolean;
  readonly higherPrioSendAdvert: boolean;
  /** keepalived.conf(5): owner_ignore_adverts. Only with priority 255. */
  readonly ownerIgnoreAdverts: boolean;
  /** keepalived.conf(5): timer_expired_backup: the priority of the peer that is thought to have taken over. */
  readonly timerExpiredBackup?: number;
  readonly skipCheckAdvAddr: boolean;
  /** keepalived.conf(5): dont_track_primary. */
  readonly dontTrackPrimary: boolean;
  readonly tracking: TrackingConfig;
  /** Name of the vrrp_sync_group that it is a member of. */
  readonly syncGroup?: string;
  readonly notify: NotifyConfig;
  /** keepalived.conf(5): kernel_rx_buf_size. */
  readonly receiveBufferBytes?: number;
}

export type Transport =
  /** 224.0.0.18 or ff02::12 unless said otherwise. */
  | { readonly kind: 'multicast'; readonly group: IpAddress }
  /** No peers at all (keepalived.conf(5): unicast_fault_no_peer) means Fault. */
  | {
      readonly kind: 'unicast';
      readonly peers: readonly UnicastPeerConfig[];
      /** keepalived.conf(5): unicast_ttl. */
      readonly ttl: number;
      /** keepalived.conf(5): check_unicast_src. */
      readonly checkSource: boolean;
    };

export interface UnicastPeerConfig {
  readonly address: IpAddress;
  /** 0 unless keepalived.conf(5): min_ttl says otherwise. */
  readonly minTtl: number;
  /** 255 unless keepalived.conf(5): max_ttl says otherwise. */
  readonly maxTtl: number;
}

/** RFC 3768 section 5.3.6 and RFC 2338 section 5.3.6. */
export type Authentication =
  | { readonly type: 'none' }
  /** At most 8 bytes, sent in clear. */
  | { readonly type: 'PASS'; readonly password: string }
  /** IP Authentication Header, RFC 2402, with HMAC-MD5-96, RFC 2403. */
  | { readonly type: 'AH'; readonly key: string };

export interface AuthHmacConfig {
  /** Once the daemon has the configuration, none has the form `file`. */
  readonly keys: readonly HmacKey[];
  /** Names one of `keys`. */
  readonly activeKeyId: number;
  readonly timeWindowMs: number;
  readonly antiReplay: 'time' | 'monotonic';
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

export interface VirtualLinkConfig {
  readonly kind: 'macvlan' | 'ipvlan';
  readonly name: string;
  /** 6 octets with colons; macvlan only. */
  readonly mac?: string;
  /** keepalived.conf(5): vmac_xmit_base. Advertisements go by the interface itself. */
  readonly transmitsByBase: boolean;
  /** keepalived.conf(5): netlink_notify_msg. */
  readonly netlinkNotify: boolean;
  /** Group of interfaces: a number, or a name from /etc/iproute2/group. */
  readonly group?: string;
  /** ipvlan only. */
  readonly address?: IpAddress;
  readonly prefixLength?: number;
  readonly mode?: 'bridge' | 'private' | 'vepa';
}

export interface GratuitousArpConfig {
  /** keepalived.conf(5): garp_master_delay. 0 means no second burst. */
  readonly masterDelayMs: number;
  readonly masterRepeat: number;
  /** keepalived.conf(5): garp_master_refresh. 0 means off. */
  readonly masterRefreshMs: number;
  readonly masterRefreshRepeat: number;
  readonly lowerPrioDelayMs: number;
  readonly lowerPrioRepeat: number;
  /** keepalived.conf(5): garp_extra_if. 0 means off. */
  readonly extraInterfaceMs: number;
  /** Of garp_extra_if: "all". */
  readonly extraInterfaceAll: boolean;
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
  /** The other end of a point-to-point link. */
  readonly peer?: IpAddress;
  readonly peerPrefixLength?: number;
  /** IPv6 only, each as ip-address(8) has it; duplicate address detection is never made for these addresses. */
  readonly home?: true;
  readonly mngtmpaddr?: true;
  readonly noPrefixRoute?: true;
  readonly autojoin?: true;
  /** Infinity is the kernel's "forever", which is what there is when this is undefined. */
  readonly preferredLifetimeSeconds?: number;
  /** Nothing is done when somebody else deletes it. */
  readonly noTrack?: true;
  /** Held on a macvlan of its own on `interface`. */
  readonly useVmac?: true;
}

export interface SyncGroupConfig {
  readonly name: string;
  /** Names of instances that exist; at least one. */
  readonly members: readonly string[];
  /** Of all members. */
  readonly tracking: TrackingConfig;
  /** keepalived.conf(5): sync_group_tracking_weight. Weights of what members track count. */
  readonly memberWeights: boolean;
  readonly notify: NotifyConfig;
}

/** keepalived.conf(5): static_ipaddress, static_routes, static_rules. */
export interface StaticConfig {
  readonly addresses: readonly StaticItem<VirtualAddress>[];
  readonly routes: readonly StaticItem<RouteEntry>[];
  readonly rules: readonly StaticItem<RuleEntry>[];
}

export interface StaticItem<Entry> {
  readonly entry: Entry;
  /** Instances that go to Fault when the item is gone and cannot be put back (keepalived.conf(5): track_group). */
  readonly trackedBy: readonly string[];
}

/** keepalived.conf(5): global_defs, as far as it concerns all of VRRP and is no default of the instances. */
export interface VrrpGlobals {
  readonly startupDelayMs: number;
  readonly delayAfterBootMs: number;
  readonly dynamicInterfaces: 'fixed' | 'dynamic' | 'may-change-kind';
  readonly logUnknownVrids: boolean;
  readonly disableLocalIgmp: boolean;
  /** Between two announcements on one interface; 0 means no pause. */
  readonly garpIntervalMs: number;
  readonly gnaIntervalMs: number;
  readonly garpGroups: readonly GarpGroupConfig[];
  readonly interfaceDelays: readonly InterfaceDelayConfig[];
  readonly firewall: FirewallConfig;
  /** keepalived.conf(5): vmac_addr_prefix, else vmac_prefix. Undefined means `vrrp`. */
  readonly vmacAddressPrefix?: string;
}

/** keepalived.conf(5): garp_group. The pauses hold across all its interfaces. */
export interface GarpGroupConfig {
  readonly interfaces: readonly string[];
  readonly garpIntervalMs: number;
  readonly gnaIntervalMs: number;
}

/** keepalived.conf(5): interface_up_down_delays. */
export interface InterfaceDelayConfig {
  readonly interface: string;
  readonly downDelayMs: number;
  readonly upDelayMs: number;
}

/** keepalived.conf(5): nftables and its companions. vrrp_iptables is answered with the same table. */
export interface FirewallConfig {
  readonly table: string;
  readonly priority: number;
  readonly counters: boolean;
  readonly byInterfaceIndex: boolean;
}
