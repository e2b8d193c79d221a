/**
 * RTM_NEWLINK and RTM_DELLINK as requests: a macvlan or an ipvlan to bytes, and the few changes to a link that are made
 * (linux/if_link.h, struct ifinfomsg).
 */
import type { VirtualLinkConfig } from '../../config-parser/config-vrrp.ts';
import {
  attribute,
  attributeText,
  attributeU16,
  attributeU32,
  concatenate,
  littleEndian,
  nestedAttribute,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import * as constants from './constants.ts';

/** What a virtual link gets from its base interface and from names of this machine. */
export interface VirtualLinkBase {
  readonly index: number;
  readonly mtu: number;
  /** Group of interfaces of the new link. */
  readonly group: number;
  /** The VRF that the base belongs to. */
  readonly vrfIndex?: number;
}

/** The body of RTM_NEWLINK that makes it, not yet up. */
export function encodeNewVirtualLink(config: VirtualLinkConfig, base: VirtualLinkBase): Uint8Array {
  return concatenate([
    linkHeader(0),
    attributeText(constants.IFLA_IFNAME, config.name),
    attributeU32(constants.IFLA_LINK, base.index),
    attributeU32(constants.IFLA_MTU, base.mtu),
    attributeU32(constants.IFLA_GROUP, base.group),
    ...(base.vrfIndex === undefined ? [] : [attributeU32(constants.IFLA_MASTER, base.vrfIndex)]),
    ...(config.mac === undefined ? [] : [attribute(constants.IFLA_ADDRESS, macBytes(config.mac))]),
    nestedAttribute(
      constants.IFLA_LINKINFO,
      attributeText(constants.IFLA_INFO_KIND, config.kind),
      nestedAttribute(constants.IFLA_INFO_DATA, ...kindOptions(config)),
    ),
  ]);
}

/** The body of RTM_GETLINK for the one of that name. */
export function encodeGetLink(name: string): Uint8Array {
  return concatenate([linkHeader(0), attributeText(constants.IFLA_IFNAME, name)]);
}

/** The body of RTM_GETLINK for the one of that index. */
export function encodeGetLinkByIndex(index: number): Uint8Array {
  return linkHeader(index);
}

/** The body of RTM_DELLINK. */
export function encodeDeleteLink(index: number): Uint8Array {
  return linkHeader(index);
}

/** The body of an RTM_NEWLINK that brings the link up. */
export function encodeLinkUp(index: number): Uint8Array {
  const bytes = linkHeader(index);
  const view = viewOf(bytes);
  view.setUint32(8, constants.IFF_UP, littleEndian);
  // ifi_change: which of the flags are meant.
  view.setUint32(12, constants.IFF_UP, littleEndian);
  return bytes;
}

/** The body of an RTM_NEWLINK that keeps the kernel from making a link-local address of the MAC address. */
export function encodeNoGeneratedAddress(index: number): Uint8Array {
  const mode = attribute(constants.IFLA_INET6_ADDR_GEN_MODE, Uint8Array.of(constants.IN6_ADDR_GEN_MODE_NONE));
  return concatenate([
    linkHeader(index),
    nestedAttribute(constants.IFLA_AF_SPEC, nestedAttribute(constants.AF_INET6, mode)),
  ]);
}

/** The body of an RTM_NEWLINK that sets the group of interfaces; also of the group that the link is in already. */
export function encodeLinkGroup(index: number, group: number): Uint8Array {
  return concatenate([linkHeader(index), attributeU32(constants.IFLA_GROUP, group)]);
}

/** Throws for anything but six octets in hexadecimal with colons. */
export function macBytes(mac: string): Uint8Array {
  if (!/^[\da-f]{2}(:[\da-f]{2}){5}$/i.test(mac)) throw new Error(`not a MAC address: "${mac}"`);
  return Uint8Array.from(mac.split(':'), (octet) => Number.parseInt(octet, 16));
}

function kindOptions(config: VirtualLinkConfig): readonly Uint8Array[] {
  // A private macvlan hears what is sent to its own MAC address, and exchanges nothing with other ones of the same base.
  if (config.kind === 'macvlan') {
    return [attributeU32(constants.IFLA_MACVLAN_MODE, constants.MACVLAN_MODE_PRIVATE)];
  }
  const flags = { bridge: 0, private: constants.IPVLAN_F_PRIVATE, vepa: constants.IPVLAN_F_VEPA };
  return [
    attributeU16(constants.IFLA_IPVLAN_MODE, constants.IPVLAN_MODE_L2),
    attributeU16(constants.IFLA_IPVLAN_FLAGS, flags[config.mode ?? 'bridge']),
  ];
}

/** struct ifinfomsg: family, padding, type (2 bytes), index, flags, which flags are meant (4 bytes each). */
function linkHeader(index: number): Uint8Array {
  const bytes = new Uint8Array(16);
  viewOf(bytes).setInt32(4, index, littleEndian);
  return bytes;
}
