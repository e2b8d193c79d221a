/**
 * Where an instance holds its addresses: on its interface, or on macvlan or ipvlan interfaces that are made for it
 * (keepalived.conf(5): use_vmac, use_vmac_addr, use_ipvlan).
 */
import type { VirtualAddress, VirtualLinkConfig, VrrpInstanceConfig } from '../config-parser/config.ts';

export interface WantedLink {
  readonly link: VirtualLinkConfig;
  /** Name of the interface that it is made on. */
  readonly base: string;
}

export interface Placement {
  /** The configuration with every address on the interface that will hold it. */
  readonly config: VrrpInstanceConfig;
  readonly links: readonly WantedLink[];
}

/** What names of further links depend on, beside the instance. */
export interface FurtherNames {
  /** keepalived.conf(5): vmac_addr_prefix, else vmac_prefix. Undefined where neither is given. */
  readonly prefix?: string | undefined;
  /** Names of links that other instances have; those that are made up here are added. */
  readonly taken: Set<string>;
}

export function placeInstance(
  config: VrrpInstanceConfig,
  names: FurtherNames = { taken: new Set() },
): Placement {
  const { virtualLink, interface: own } = config;
  const links = new Map<string, WantedLink>();
  if (virtualLink !== undefined && own !== undefined) links.set(own, { link: virtualLink, base: own });
  const place = (address: VirtualAddress): VirtualAddress => {
    const { interface: base } = address;
    const isWanted = address.useVmac === true || config.useVmacAddr;
    if (isWanted && !links.has(base)) links.set(base, { link: furtherLink(config, links.size, names), base });
    const link = links.get(base)?.link;
    // Over an ipvlan only the advertisements go, as keepalived does it: its MAC address is the interface's own.
    return link?.kind === 'macvlan' ? { ...address, interface: link.name } : address;
  };
  const virtualAddresses = config.virtualAddresses.map(place);
  const excludedAddresses = config.excludedAddresses.map(place);
  // Without links nothing has moved, and the same object is the same configuration.
  if (links.size === 0) return { config, links: [] };
  return { config: { ...config, virtualAddresses, excludedAddresses }, links: [...links.values()] };
}

/**
 * RFC 5798 section 7.3. RFC 5798 section 7.2 wants it as the source of all that a Master says; as in keepalived it is so with
 * use_vmac alone. The macvlan that has it hears the advertisements, so it is there in Backup too.
 */
export function virtualRouterMac({ family, vrid }: Pick<VrrpInstanceConfig, 'family' | 'vrid'>): string {
  return `00:00:5e:00:0${family === 4 ? 1 : 2}:${vrid.toString(16).padStart(2, '0')}`;
}

/** One more for an instance that holds addresses on several interfaces: vrrp.51.1. */
function furtherLink(config: VrrpInstanceConfig, number: number, names: FurtherNames): VirtualLinkConfig {
  return {
    kind: 'macvlan',
    name: furtherName(config, number, names),
    mac: config.virtualLink?.mac ?? virtualRouterMac(config),
    transmitsByBase: true,
    netlinkNotify: config.virtualLink?.netlinkNotify ?? false,
  };
}

/** IFNAMSIZ of the kernel leaves 15 bytes for a name: what is before the numbers is cut. */
const longestName = 15;

/** Instances of one VRID on several interfaces must not share a link: the first number that is free. */
function furtherName(
  { family, vrid, virtualLink }: VrrpInstanceConfig,
  first: number,
  { prefix, taken }: FurtherNames,
): string {
  const made = `${prefix ?? 'vrrp'}${family === 6 ? '6' : ''}`;
  const isMade = prefix !== undefined || virtualLink === undefined;
  for (let number = first; ; number += 1) {
    const end = isMade ? `.${vrid}.${number}` : `.${number}`;
    const name = (isMade ? made : virtualLink.name).slice(0, longestName - end.length) + end;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
