/** Routers for tests of what holds in both versions and families: each as a Backup or a Master that hears its peer. */
import type { VrrpInstanceConfig } from '../../../src/config-parser/config.ts';
import { address, type IpAddress } from '../../../src/net/address.ts';
import type { InstanceEffect } from '../../../src/vrrp/index.ts';
import { Instance, type PacketChanges, virtualAddress } from '../instances.ts';

export interface Variant {
  readonly what: string;
  readonly changes: Partial<VrrpInstanceConfig>;
  readonly ours: IpAddress;
  readonly lower: IpAddress;
  readonly higher: IpAddress;
}

const ipv4 = { ours: address('10.0.0.10'), lower: address('10.0.0.9'), higher: address('10.0.0.11') };
/** As text fe80::9 comes behind fe80::10. */
const ipv6 = { ours: address('fe80::10'), lower: address('fe80::9'), higher: address('fe80::11') };
const ofVersion3 = { version: 3, authentication: { type: 'none' } } as const;

export const version2: Variant = { what: 'version 2', changes: {}, ...ipv4 };
export const version3: Variant = { what: 'version 3 over IPv4', changes: ofVersion3, ...ipv4 };
export const overIpv6: Variant = {
  what: 'version 3 over IPv6',
  changes: {
    ...ofVersion3,
    family: 6,
    transport: { kind: 'multicast', group: address('ff02::12') },
    virtualAddresses: [virtualAddress('fe80::3'), virtualAddress('2001:db8::3')],
  },
  ...ipv6,
};

export const variants: readonly Variant[] = [version2, version3, overIpv6];
export const variants3: readonly Variant[] = [version3, overIpv6];

/** An instance of a variant; what it hears comes from the lower address unless told. */
export class Router extends Instance {
  readonly #variant: Variant;

  constructor(variant: Variant, changes: Partial<VrrpInstanceConfig> = {}) {
    super({ ...variant.changes, ...changes });
    this.#variant = variant;
  }

  starts(atMs: number): readonly InstanceEffect[] {
    const surroundings = { faults: [], weight: 0, sourceAddress: this.#variant.ours };
    return this.on({ kind: 'startup', surroundings }, atMs);
  }

  override hears(priority: number, atMs: number, changes: PacketChanges = {}): readonly InstanceEffect[] {
    return super.hears(priority, atMs, { source: this.#variant.lower, ...changes });
  }
}

/** Since 0. */
export function backupOf(variant: Variant, changes: Partial<VrrpInstanceConfig> = {}): Router {
  const router = new Router(variant, changes);
  router.starts(0);
  router.in('Backup');
  return router;
}

/** Since 10 s, by the expiry of its Master_Down_Timer. */
export function masterOf(variant: Variant, changes: Partial<VrrpInstanceConfig> = {}): Router {
  const router = new Router(variant, changes);
  router.starts(0);
  router.times(10_000);
  router.in('Master');
  return router;
}
