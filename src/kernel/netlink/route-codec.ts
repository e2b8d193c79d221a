/**
 * Bytes of rtnetlink's link and address messages (linux/rtnetlink.h: struct ifinfomsg; linux/if_addr.h: struct
 * ifaddrmsg) to values and back.
 */

import type { VirtualAddress } from '../../config-parser/config.ts';
import {
  attribute,
  attributeText,
  attributeU32,
  concatenate,
  decodeAttributes,
  littleEndian,
  readText,
  readU32,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { addressBytes, addressFromBytes, familyOf, type IpAddress } from '../../net/address.ts';
import * as constants from './constants.ts';

/** An address as it stands on an interface. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host. */
  readonly scope: number;
  /** IPv4 only. */
  readonly label?: string;
  /** IPv4 only. */
  readonly broadcast?: IpAddress;
  /** IPv4: not the first of its subnet. */
  readonly isSecondary: boolean;
  /** IPv6: duplicate address detection is not over, or has failed; the address cannot be used. */
  readonly isTentative: boolean;
}

/** A link as one message describes it. */
export interface LinkDescription {
  readonly index: number;
  readonly name: string;
  /** Empty for interfaces without one. */
  readonly mac: Uint8Array;
  readonly mtu: number;
  /** IFF_UP: somebody wants it up. */
  readonly isUp: boolean;
  /** IFF_RUNNING: it works (operstate is up, or the driver does not say). */
  readonly isRunning: boolean;
  readonly supportsMulticast: boolean;
  readonly isLoopback: boolean;
  readonly hasArp: boolean;
}

export interface AddressDescription {
  readonly interfaceIndex: number;
  readonly address: InterfaceAddress;
}

const ifinfomsgBytes = 16;
const ifaddrmsgBytes = 8;

/** The body of RTM_GETLINK or RTM_GETADDR for everything. */
export function encodeDumpEverything(): Uint8Array {
  return new Uint8Array(ifinfomsgBytes);
}

/** The body of RTM_NEWADDR. */
export function encodeNewAddress(interfaceIndex: number, address: VirtualAddress): Uint8Array {
  const isIpv6 = familyOf(address.address) === 6;
  const bytes = addressBytes(address.address);
  return concatenate([
    addressHeader(interfaceIndex, address),
    attribute(constants.IFA_LOCAL, bytes),
    attribute(constants.IFA_ADDRESS, bytes),
    ...(address.broadcast === undefined
      ? []
      : [attribute(constants.IFA_BROADCAST, addressBytes(address.broadcast))]),
    ...(address.label === undefined ? [] : [attributeText(constants.IFA_LABEL, address.label)]),
    // A virtual address just taken over must serve at once; the other router has had it until now, so that duplicate
    // address detection would only find what we know. keepalived does the same.
    ...(isIpv6 ? [attributeU32(constants.IFA_FLAGS, constants.IFA_F_NODAD)] : []),
  ]);
}

/** The body of RTM_DELADDR. Without the label: an address that was adopted may have another. */
export function encodeDeleteAddress(interfaceIndex: number, address: VirtualAddress): Uint8Array {
  const bytes = addressBytes(address.address);
  return concatenate([
    addressHeader(interfaceIndex, address),
    attribute(constants.IFA_LOCAL, bytes),
    attribute(constants.IFA_ADDRESS, bytes),
  ]);
}

/** RTM_NEWLINK or RTM_DELLINK; undefined when it is malformed or not about a link itself. */
export function decodeLink(body: Uint8Array): LinkDescription | undefined {
  if (body.length < ifinfomsgBytes) return undefined;
  // A bridge tells of its ports, and IPv6 of its settings, in the same messages with their own families: an RTM_DELLINK
  // of AF_BRIDGE is a port that left its bridge, not an interface that is gone.
  if (body[0] !== constants.AF_UNSPEC) return undefined;
  const view = viewOf(body);
  const attributes = decodeAttributes(body.subarray(ifinfomsgBytes));
  const name = attributes && readText(attributes, constants.IFLA_IFNAME);
  if (attributes === undefined || name === undefined) return undefined;
  const flags = view.getUint32(8, littleEndian);
  const has = (flag: number) => (flags & flag) !== 0;
  return {
    index: view.getInt32(4, littleEndian),
    name,
    mac: Uint8Array.from(attributes.get(constants.IFLA_ADDRESS) ?? []),
    mtu: readU32(attributes, constants.IFLA_MTU) ?? 0,
    isUp: has(constants.IFF_UP),
    isRunning: has(constants.IFF_RUNNING),
    supportsMulticast: has(constants.IFF_MULTICAST),
    isLoopback: has(constants.IFF_LOOPBACK),
    hasArp: !has(constants.IFF_NOARP),
  };
}

/** RTM_NEWADDR or RTM_DELADDR; undefined when it is malformed or of a family that is not IP. */
export function decodeAddress(body: Uint8Array): AddressDescription | undefined {
  if (body.length < ifaddrmsgBytes) return undefined;
  const [family, prefixLength = 0, headerFlags = 0, scope = 0] = body;
  const attributes = decodeAttributes(body.subarray(ifaddrmsgBytes));
  if (attributes === undefined) return undefined;
  // IFA_LOCAL is the interface's own address; on a point-to-point link IFA_ADDRESS is the peer's. IPv6 has the latter only.
  const own = attributes.get(constants.IFA_LOCAL) ?? attributes.get(constants.IFA_ADDRESS);
  const address = addressOfFamily(family, own);
  if (address === undefined) return undefined;
  const label = readText(attributes, constants.IFA_LABEL);
  const broadcast = addressOfFamily(family, attributes.get(constants.IFA_BROADCAST));
  const flags = readU32(attributes, constants.IFA_FLAGS) ?? headerFlags;
  return {
    interfaceIndex: viewOf(body).getUint32(4, littleEndian),
    address: {
      address,
      prefixLength,
      scope,
      ...(label === undefined ? {} : { label }),
      ...(broadcast === undefined ? {} : { broadcast }),
      // For IPv6 the same bit says "temporary".
      isSecondary: family === constants.AF_INET && (flags & constants.IFA_F_SECONDARY) !== 0,
      isTentative: (flags & (constants.IFA_F_TENTATIVE | constants.IFA_F_DADFAILED)) !== 0,
    },
  };
}

/** struct ifaddrmsg: family, prefix length, flags, scope, interface index. */
function addressHeader(interfaceIndex: number, address: VirtualAddress): Uint8Array {
  const bytes = new Uint8Array(ifaddrmsgBytes);
  const isIpv6 = familyOf(address.address) === 6;
  bytes.set([
    isIpv6 ? constants.AF_INET6 : constants.AF_INET,
    address.prefixLength,
    isIpv6 ? constants.IFA_F_NODAD : 0,
    address.scope,
  ]);
  viewOf(bytes).setUint32(4, interfaceIndex, littleEndian);
  return bytes;
}

function addressOfFamily(family: number | undefined, bytes: Uint8Array | undefined): IpAddress | undefined {
  const length = family === constants.AF_INET ? 4 : family === constants.AF_INET6 ? 16 : undefined;
  return bytes !== undefined && bytes.length === length ? addressFromBytes(bytes) : undefined;
}
