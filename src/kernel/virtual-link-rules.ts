/** What a virtual link must be to be adopted, and the link-local address it is given. Pure. */
import type { VirtualLinkConfig } from '../config-parser/config-vrrp.ts';
import { addressFromBytes, type IpAddress } from '../net/address.ts';
import { type LinkState, primaryAddress } from './netlink/link-table.ts';
import type { LinkDescription } from './netlink/route-codec.ts';

/** Why the interface that has the name cannot be the one that is asked for; undefined when it can. */
export function obstacle(
  config: VirtualLinkConfig,
  base: LinkDescription,
  found: LinkDescription,
): string | undefined {
  const differs = difference(config, base, found);
  if (differs === undefined) return undefined;
  const help = `remove it with "ip link delete ${config.name}", or give the virtual router's interface another name`;
  return `${config.name} exists already and ${differs}; it is left as it is: ${help}`;
}

function difference(
  config: VirtualLinkConfig,
  base: LinkDescription,
  found: LinkDescription,
): string | undefined {
  if (found.kind !== config.kind) {
    const what = found.kind === undefined ? 'no virtual interface' : `of kind ${found.kind}`;
    return `is ${what} where ${config.kind} is asked for`;
  }
  // On one of its own kind the kernel makes it on what is below that one.
  const below = base.kind === config.kind ? base.linkIndex : base.index;
  if (found.linkIndex !== below) {
    return `lies on interface ${found.linkIndex ?? 'unknown'} where ${base.name} (${base.index}) is asked for`;
  }
  const mac = macText(found.mac);
  if (config.mac !== undefined && mac !== config.mac.toLowerCase()) {
    return `has the MAC address ${mac} where ${config.mac} is asked for`;
  }
  return undefined;
}

/** The link-local address of the interface; without one, what RFC 4291 appendix A makes of its MAC address. */
export function linkLocalOf(base: LinkState): IpAddress | undefined {
  const primary = primaryAddress(base, 6);
  if (primary !== undefined || base.mac.length !== 6) return primary;
  const [first = 0, ...rest] = base.mac;
  const bytes = new Uint8Array(16);
  bytes.set([0xfe, 0x80]);
  bytes.set([first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)], 8);
  return addressFromBytes(bytes);
}

function macText(mac: Uint8Array): string {
  return Array.from(mac, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}
