/**
 * Everything that can happen to a VRRP instance, and everything it can want done: the border of the pure core.
 * RFC 9568 says Active where RFC 3768, keepalived and we say Master; this is the only place that says so.
 *
 *   shell --InstanceEvent--> step(config, state, event, nowMs) --InstanceEffect[]--> shell
 *
 * Effects are performed in array order, and the order is part of the contract. On becoming Master:
 * `sendAdvertisement`, `addAddresses`, `sendGratuitousArp`, `addRoutes`, `stateChanged`. On leaving: `sendAdvertisement`
 * (priority 0) at once, and when the successor is heard `removeRoutes`, `removeAddresses`, `stateChanged`. Results of effects
 * come back as events.
 */
import type { RouteEntry, RuleEntry, VirtualAddress } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';

/** Leaving: a Master that has said priority 0 and goes on serving until its successor is heard, or nobody can come any more. */
export type StateName = 'Initialize' | 'Backup' | 'Master' | 'Leaving' | 'Fault';

/** Why a transition happened: the one vocabulary of logs, metrics and tests. */
export type TransitionReason =
  | FaultReason
  | 'startup'
  | 'startup-owner'
  | 'master-down-expired'
  | 'higher-priority'
  | 'tie-break-lost'
  | 'fault-cleared'
  | 'shutdown'
  /** An operator asked for it, over the control socket. */
  | 'failover'
  | 'drain'
  /** Gave up its addresses and nobody took them. */
  | 'not-taken'
  /** The operator changed his mind before anybody had taken the addresses. */
  | 'resumed'
  /** All members of the sync group are ready to be Master. */
  | 'group-ready'
  /** Another member of the sync group became Backup. */
  | 'group-left'
  /** The process did not run for longer than a Backup waits, and another router took over meanwhile. */
  | 'overtaken-in-pause';

/** What keeps an instance from running. */
export type FaultReason =
  | 'interface-down'
  | 'interface-missing'
  | 'no-source-address'
  | 'socket-refused'
  | 'no-unicast-peer'
  | 'tracked-interface'
  | 'tracked-script'
  | 'tracked-file'
  | 'tracked-process'
  | 'tracked-bfd'
  /** Something static is gone that keepalived.conf(5): track_group ties the instance to. */
  | 'static-item'
  /** Another member of the sync group is in Fault. */
  | 'sync-group'
  /** What it tracks has not said anything yet. */
  | 'awaiting-trackers';

export interface Fault {
  readonly reason: FaultReason;
  /** The interface, script, file, process, BFD session or group; undefined where the instance's own interface is meant. */
  readonly subject?: string;
}

/** Everything outside of the instance that its state depends on; told as it is, not as it changes. */
export interface Surroundings {
  /** None: it can run. */
  readonly faults: readonly Fault[];
  /** The sum of what tracking adds to the priority. */
  readonly weight: number;
  /** Primary address of the interface, or the one configured; undefined only with a fault. */
  readonly sourceAddress?: IpAddress;
}

/** An operator keeps this router from being Master. */
export interface Hold {
  /** failover: does not preempt, but takes over where there is no Master. drain: takes part in no election. */
  readonly kind: 'failover' | 'drain';
  /** Undefined holds until `resume`. */
  readonly untilMs?: number;
  /** In the operator's words, for the log. */
  readonly reason?: string;
}

/** A VRRP packet as it came from the socket; nothing in it is believed yet. */
export interface Datagram {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or Hop Limit of the received IP header. */
  readonly hopLimit: number;
  /**
   * For IPv4 the length that the IP header claims for the VRRP packet, an Authentication Header before it not counted; undefined
   * where the kernel strips the header.
   */
  readonly claimedPayloadBytes?: number;
  /** What follows the IP header, or the Authentication Header where there is one: the VRRP packet. */
  readonly payload: Uint8Array;
  /** RFC 2402: the IP header and the Authentication Header, as they came, for whoever checks the digest. */
  readonly authenticationHeader?: Uint8Array;
}

export type InstanceEvent =
  | { readonly kind: 'startup'; readonly surroundings: Surroundings }
  /** `atOnce`: the process must end now; no successor is waited for. */
  | { readonly kind: 'shutdown'; readonly atOnce?: true }
  /** The shell's timer fired. Ignored before the state's own deadline, so a stale tick is harmless. */
  | { readonly kind: 'timeout' }
  /** Good or bad: a bad packet is counted with its reason. `nowMs` of the step is when the kernel received it. */
  | {
      readonly kind: 'packet';
      readonly datagram: Datagram;
      /** On the clock of `nowMs`: it has waited until then in the socket. Undefined means that it has not waited. */
      readonly handledAtMs?: number;
      /** Time of day at reception, for signatures that hold for a time; undefined takes no signed packet. */
      readonly unixTimeMs?: number;
    }
  | { readonly kind: 'surroundingsChanged'; readonly surroundings: Surroundings }
  /** Somebody took one of our addresses from its interface. */
  | { readonly kind: 'addressDeleted'; readonly address: VirtualAddress }
  | { readonly kind: 'addressAddFailed'; readonly address: VirtualAddress; readonly error: string }
  /** Somebody took one of our routes or rules away; all of them are to be put back. */
  | { readonly kind: 'routesDeleted'; readonly what: string }
  /** Another station says by ARP, or by neighbour discovery, that it has this address. */
  | { readonly kind: 'addressClaimed'; readonly address: IpAddress; readonly mac: string }
  /** An operator gives the addresses away. `Hold.untilMs` is on the clock of `nowMs`. */
  | { readonly kind: 'giveUp'; readonly hold: Hold }
  /** The operator lifts the hold. */
  | { readonly kind: 'resume' }
  /** Every member of the sync group waits to be Master. */
  | { readonly kind: 'groupReady' }
  /** A member of the sync group is Backup now, so this one must be too. */
  | { readonly kind: 'groupLeft' };

export type InstanceEffect =
  /** Priority 0 means: I am leaving. */
  | { readonly kind: 'sendAdvertisement'; readonly priority: number }
  | { readonly kind: 'addAddresses'; readonly addresses: readonly VirtualAddress[] }
  | { readonly kind: 'removeAddresses'; readonly addresses: readonly VirtualAddress[] }
  /** First the routes, then the rules; for a removal the other way round. */
  | {
      readonly kind: 'addRoutes';
      readonly routes: readonly RouteEntry[];
      readonly rules: readonly RuleEntry[];
    }
  | {
      readonly kind: 'removeRoutes';
      readonly routes: readonly RouteEntry[];
      readonly rules: readonly RuleEntry[];
    }
  /** `repeat` announcements of every address: ARP requests for IPv4, neighbour advertisements for IPv6. */
  | {
      readonly kind: 'sendGratuitousArp';
      readonly addresses: readonly VirtualAddress[];
      readonly repeat: number;
      /** keepalived.conf(5): garp_extra_if. Not on the interface of the address, but on those below it. */
      readonly onExtraInterfaces?: true;
    }
  | {
      readonly kind: 'stateChanged';
      readonly from: StateName;
      readonly to: StateName;
      readonly reason: TransitionReason;
      readonly priority: number;
    }
  | { readonly kind: 'report'; readonly report: InstanceReport };

/** What the operator may want to read; the wording is `src/daemon/log-messages.ts`'s. Closed: one member a line kept. */
export type InstanceReport =
  | { readonly kind: 'advertisementTimeout' }
  | {
      readonly kind: 'higherPriorityReceived';
      readonly source: IpAddress;
      readonly priority: number;
      readonly ours: number;
    }
  | { readonly kind: 'tieBreakLost'; readonly source: IpAddress; readonly priority: number }
  | {
      readonly kind: 'forcingElection';
      readonly source: IpAddress;
      readonly priority: number;
      readonly ours: number;
    }
  | { readonly kind: 'ownAddressReceived'; readonly source: IpAddress }
  | { readonly kind: 'lowerPriorityDiscarded'; readonly source: IpAddress; readonly priority: number }
  | { readonly kind: 'priorityZeroReceived'; readonly source: IpAddress }
  | { readonly kind: 'priorityZeroSent' }
  | { readonly kind: 'twoOwners'; readonly source: IpAddress }
  | { readonly kind: 'masterChanged'; readonly from?: IpAddress; readonly to: IpAddress }
  /** Why it is, or stays, in Fault: all of them. */
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }
  | { readonly kind: 'priorityChanged'; readonly from: number; readonly to: number }
  /** keepalived.conf(5): preempt_delay. */
  | { readonly kind: 'preemptDelayStarted'; readonly delayMs: number }
  | { readonly kind: 'preemptDelayStopped' }
  /** A Master hears another one, for the second time since `sinceMs`. */
  | { readonly kind: 'dualMaster'; readonly source: IpAddress; readonly sinceMs: number }
  | { readonly kind: 'dualMasterEnded'; readonly source: IpAddress; readonly durationMs: number }
  | { readonly kind: 'addressClaimed'; readonly address: IpAddress; readonly mac: string }
  /** The process did not run for `lateMs` longer than it should have. */
  | { readonly kind: 'paused'; readonly lateMs: number; readonly overtakenBy?: IpAddress }
  /** A Master said priority 0 and still serves. */
  | { readonly kind: 'handingOver'; readonly reason: TransitionReason; readonly atMostMs: number }
  | { readonly kind: 'successorHeard'; readonly source: IpAddress; readonly afterMs: number }
  | { readonly kind: 'noSuccessor' }
  /** It gave up its addresses and keeps them, since nobody took them. */
  | { readonly kind: 'takenBack'; readonly afterMs: number }
  | { readonly kind: 'held'; readonly hold: Hold }
  | { readonly kind: 'holdEnded'; readonly hold: Hold }
  /** Its own Master_Down_Timer has fired, and other members of the sync group are not ready yet. */
  | { readonly kind: 'waitingForGroup' }
  | { readonly kind: 'intervalAdopted'; readonly source: IpAddress; readonly intervalMs: number }
  | { readonly kind: 'routesRestored'; readonly what: string }
  | { readonly kind: 'addressRestored'; readonly address: VirtualAddress }
  | { readonly kind: 'addressAddFailed'; readonly address: VirtualAddress; readonly error: string }
  /** Once per kind until the state or the master changes; the counter has them all. */
  | {
      readonly kind: 'packetDropped';
      readonly source: IpAddress;
      readonly counter: string;
      readonly detail: string;
    }
  /** As packetDropped, but accepted all the same: keepalived.conf(5): auth_hmac, mode permissive or receive-only. */
  | {
      readonly kind: 'packetTolerated';
      readonly source: IpAddress;
      readonly counter: string;
      readonly detail: string;
    }
  /** Accepted, but the address list is not ours. */
  | { readonly kind: 'addressListDiffers'; readonly source: IpAddress; readonly detail: string };
