/** What the keeper of FULLNAT's rules wants of a packet filter; fullnat-nft.ts and fullnat-iptables.ts are the two. */
import type { FullNatGroup } from '../fullnat/index.ts';
import type { AddressFamily } from '../net/address.ts';

export type FilterResult<Value> =
  | { readonly ok: true; readonly value: Value }
  /** A sentence without an end; nothing has changed. */
  | { readonly ok: false; readonly problem: string };

/** None of these rejects. */
export interface FullNatBackend {
  /** What operators call it: `nftables`, `iptables-legacy`. */
  readonly name: string;
  /** Two of one kind may be two names of one program, with the same rules. */
  readonly kind: 'nftables' | 'iptables';
  /** Puts the rules in the place of what of ours was there, in one transaction. */
  install(family: AddressFamily, groups: readonly FullNatGroup[]): Promise<FilterResult<undefined>>;
  /** What of ours is there, in the kernel's words; empty when nothing is. */
  observe(family: AddressFamily): Promise<FilterResult<readonly string[]>>;
  /** Removes what of ours is there, if anything. */
  remove(family: AddressFamily): Promise<FilterResult<undefined>>;
  /** Removes what an earlier run has left, and loads nothing into the kernel to find out. */
  removeLeftovers(family: AddressFamily): Promise<void>;
  /** A number that is another one after every change; undefined where there is none, so that only observing tells. */
  generation(): Promise<number | undefined>;
  close(): void;
}
