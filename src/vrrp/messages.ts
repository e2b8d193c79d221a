/**
 * Everything that can happen to a VRRP instance, and everything it can want done: the border of the pure core.
 * RFC 9568 says Active where RFC 3768, keepalived and we say Master; this is the only place that says so.
 *
 *   shell --InstanceEvent--> step(config, state, event, nowMs) --InstanceEffect[]--> shell
 *
 * Effects are performed in array order, and the order is part of the contract. On becoming Master:
 * `sendAdvertisement`, `addAddresses`, `sendGratuitousArp`, `stateChanged`. On leaving at shutdown or fault:
 * `sendAdvertisement` (priority 0), `removeAddresses`, `stateChanged`. Results of effects come back as events.
 */
import type { VirtualAddress } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';

export type StateName = 'Initialize' | 'Backup' | 'Master' | 'Fault';

/** Why a transition happened: the one vocabulary of logs, metrics and tests. */
export type TransitionReason =
  | 'startup'
  | 'startup-owner'
  | 'master-down-expired'
  | 'higher-priority'
  | 'tie-break-lost'
  | 'interface-down'
  | 'interface-missing'
  | 'no-source-address'
  | 'socket-refused'
  | 'fault-cleared'
  | 'shutdown';

/** A VRRP packet as it came from the socket; nothing in it is believed yet. */
export interface Datagram {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or Hop Limit of the received IP header. */
  readonly hopLimit: number;
  /** For IPv4 the total length the IP header claims for what follows it; undefined where the kernel strips it. */
  readonly claimedPayloadBytes?: number;
  /** What follows the IP header: the VRRP packet. */
  readonly payload: Uint8Array;
}

export type FaultReason = 'interface-down' | 'interface-missing' | 'no-source-address' | 'socket-refused';

export type InstanceEvent =
  /** `fault` is what keeps the instance from running at its start; `sourceAddress` the interface's primary address. */
  | { readonly kind: 'startup'; readonly sourceAddress?: IpAddress; readonly fault?: FaultReason }
  | { readonly kind: 'shutdown' }
  /** The shell's timer fired. Ignored before the state's own deadline, so a stale tick is harmless. */
  | { readonly kind: 'timeout' }
  /** Good or bad: a bad packet is counted with its reason. `nowMs` of the step is when the kernel received it. */
  | { readonly kind: 'packet'; readonly datagram: Datagram }
  | { readonly kind: 'faultRaised'; readonly fault: FaultReason }
  /** The interface is up again; its primary address may have changed. */
  | { readonly kind: 'faultCleared'; readonly sourceAddress: IpAddress }
  | { readonly kind: 'sourceAddressChanged'; readonly sourceAddress: IpAddress }
  /** Somebody took one of our addresses from its interface. */
  | { readonly kind: 'addressDeleted'; readonly address: VirtualAddress }
  | { readonly kind: 'addressAddFailed'; readonly address: VirtualAddress; readonly error: string };

export type InstanceEffect =
  /** Priority 0 means: I am leaving. */
  | { readonly kind: 'sendAdvertisement'; readonly priority: number }
  | { readonly kind: 'addAddresses'; readonly addresses: readonly VirtualAddress[] }
  | { readonly kind: 'removeAddresses'; readonly addresses: readonly VirtualAddress[] }
  /** `repeat` announcements of every address: ARP requests for IPv4, neighbour advertisements for IPv6. */
  | {
      readonly kind: 'sendGratuitousArp';
      readonly addresses: readonly VirtualAddress[];
      readonly repeat: number;
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
  /** Still in Fault, for another reason than before. */
  | { readonly kind: 'faultChanged'; readonly fault: FaultReason }
  | { readonly kind: 'addressRestored'; readonly address: VirtualAddress }
  | { readonly kind: 'addressAddFailed'; readonly address: VirtualAddress; readonly error: string }
  /** Once per kind until the state or the master changes; the counter has them all. */
  | {
      readonly kind: 'packetDropped';
      readonly source: IpAddress;
      readonly counter: string;
      readonly detail: string;
    }
  /** Accepted, but the address list is not ours. */
  | { readonly kind: 'addressListDiffers'; readonly source: IpAddress; readonly detail: string };
