/** A routing rule as static_rules and virtual_rules describe it. */
import type { AddressFamily } from '../../net/address.ts';
import type { Network } from './network.ts';
import type { NumberOrName, Realms } from './routing-names.ts';

/** What is done with a packet that the rule selects. */
export type RuleAction =
  | { readonly kind: 'table'; readonly table: NumberOrName }
  /** On to the rule of that preference. */
  | { readonly kind: 'goto'; readonly preference: number }
  /** The table of the VRF that the packet came in by. */
  | { readonly kind: 'l3mdev' }
  | { readonly kind: 'nop' | 'unreachable' | 'blackhole' | 'prohibit' };

/** Both ends belong to it. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

export interface Fwmark {
  readonly mark: number;
  readonly mask?: number;
}

export interface RuleEntry {
  /** As written, or that of its addresses; undefined where nothing tells, which means IPv4. */
  readonly family?: AddressFamily;
  /** Selects what does not match. */
  readonly invert: boolean;
  readonly from?: Network | 'all';
  readonly to?: Network | 'all';
  readonly action: RuleAction;
  /** Lower ones are asked first. Where there is none, keepalived chooses one. */
  readonly preference?: number;
  readonly typeOfService?: NumberOrName;
  readonly fwmark?: Fwmark;
  /** The interface that a packet came in by. */
  readonly inputInterface?: string;
  /** The interface that a local socket is bound to. */
  readonly outputInterface?: string;
  readonly realms?: Realms;
  readonly suppressPrefixLength?: number;
  readonly suppressInterfaceGroup?: NumberOrName;
  readonly tunnelId?: number;
  readonly userIds?: NumberRange;
  /** Who has made the rule, as the kernel records it. */
  readonly protocol?: NumberOrName;
  /** Of the packet. */
  readonly ipProtocol?: NumberOrName;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  /** Nothing is done when somebody else deletes it. */
  readonly noTrack: boolean;
  /** static_rules only. */
  readonly trackGroup?: string;
}
