/**
 * Bytes of rtnetlink's link and address messages (linux/rtnetlink.h: struct ifinfomsg; linux/if_addr.h: struct
 * ifaddrmsg) to values and back.
 */

import type { VirtualAddress } from '../../config-parser/config.ts';
import {
  type Attributes,
  attribute,
  attributeText,
  attributeU32,
  concatenate,
  decodeAttributes,
  littleEndian,
  readNested,
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
  /** The driver where it is of a kind that can be made: `macvlan`, `ipvlan`, `vlan`, `bridge`, `vrf` … */
  readonly kind?: string;
  /** The interface below it. (Of a veth pair the other end, whose index may be another namespace's.) */
  readonly linkIndex?: number;
  /** The bridge, bond or VRF that it belongs to. */
  readonly masterIndex?: number;
  /** Group of interfaces; undefined for the default one, 0. */
  readonly group?: number;
  /** Of a VRF: the routing table. */
  readonly vrfTable?: number;
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
  const flags = addressFlags(address);
  const { broadcast, label, preferredLifetimeSeconds: preferred = Number.POSITIVE_INFINITY } = address;
  return concatenate([
    addressHeader(interfaceIndex, address),
    ...addressEnds(address),
    ...(broadcast === undefined ? [] : [attribute(constants.IFA_BROADCAST, addressBytes(broadcast))]),
    ...(label === undefined ? [] : [attributeText(constants.IFA_LABEL, label)]),
    ...(flags === 0 ? [] : [attributeU32(constants.IFA_FLAGS, flags)]),
    ...(Number.isFinite(preferred) ? [attribute(constants.IFA_CACHEINFO, lifetimes(preferred))] : []),
  ]);
}

/** The body of RTM_DELADDR. Without the label: an address that was adopted may have another. */
export function encodeDeleteAddress(interfaceIndex: number, address: VirtualAddress): Uint8Array {
  return concatenate([addressHeader(interfaceIndex, address), ...addressEnds(address)]);
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
    ...relations(attributes),
  };
}

type Relations = Pick<LinkDescription, 'kind' | 'linkIndex' | 'masterIndex' | 'group' | 'vrfTable'>;

function relations(attributes: Attributes): Relations {
  const info = readNested(attributes, constants.IFLA_LINKINFO);
  const kind = info && readText(info, constants.IFLA_INFO_KIND);
  const linkIndex = readU32(attributes, constants.IFLA_LINK);
  const masterIndex = readU32(attributes, constants.IFLA_MASTER);
  const group = readU32(attributes, constants.IFLA_GROUP);
  const data = kind === 'vrf' ? info && readNested(info, constants.IFLA_INFO_DATA) : undefined;
  const vrfTable = data && readU32(data, constants.IFLA_VRF_TABLE);
  return {
    ...(kind === undefined ? {} : { kind }),
    // 0 is what a tunnel without an interface below it says.
    ...(linkIndex === undefined || linkIndex === 0 ? {} : { linkIndex }),
    ...(masterIndex === undefined ? {} : { masterIndex }),
    ...(group === undefined || group === 0 ? {} : { group }),
    ...(vrfTable === undefined ? {} : { vrfTable }),
  };
}

/** RTM_NEWADDR or RTM_DELADDR; undefined when it is malformed or of a family that is not IP. */
export function decodeAddress(body: Uint8Array): AddressDescription | undefined {
  if (body.length < ifaddrmsgBytes) return undefined;
  const [family, prefixLength = 0, headerFlags = 0, scope = 0] = body;
  const attributes = decodeAttributes(body.subarray(ifaddrmsgBytes));
  if (attributes === undefined) return undefined;
  // IFA_LOCAL is the interface's own address; on a point-to-point link IFA_ADDRESS is the peer's. IPv6 has the latter
  // only.
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

/** struct ifaddrmsg: family, prefix length, flags (the low 8 of them), scope, interface index. */
function addressHeader(interfaceIndex: number, address: VirtualAddress): Uint8Array {
  const bytes = new Uint8Array(ifaddrmsgBytes);
  const isIpv6 = familyOf(address.address) === 6;
  bytes.set([
    isIpv6 ? constants.AF_INET6 : constants.AF_INET,
    keptPrefixLength(address),
    addressFlags(address) & 0xff,
    address.scope,
  ]);
  viewOf(bytes).setUint32(4, interfaceIndex, littleEndian);
  return bytes;
}

/** IFA_LOCAL is our end, IFA_ADDRESS the other one: the same where the link is no point-to-point link. */
function addressEnds({ address, peer }: VirtualAddress): readonly Uint8Array[] {
  return [
    attribute(constants.IFA_LOCAL, addressBytes(address)),
    attribute(constants.IFA_ADDRESS, addressBytes(peer ?? address)),
  ];
}

/** Where there is a peer the prefix length is the peer's: it is the peer's network that the kernel makes a route to. */
export function keptPrefixLength({ address, prefixLength, peer, peerPrefixLength }: VirtualAddress): number {
  if (peer === undefined) return prefixLength;
  return peerPrefixLength ?? (familyOf(address) === 4 ? 32 : 128);
}

function addressFlags(address: VirtualAddress): number {
  const flag = (isSet: true | undefined, value: number) => (isSet ? value : 0);
  // A virtual address just taken over must serve at once; the other router has had it until now, so that duplicate
  // address detection would only find what we know. keepalived does the same.
  const nodad = familyOf(address.address) === 6 ? constants.IFA_F_NODAD : 0;
  return (
    nodad |
    flag(address.home, constants.IFA_F_HOMEADDRESS) |
    flag(address.mngtmpaddr, constants.IFA_F_MANAGETEMPADDR) |
    flag(address.noPrefixRoute, constants.IFA_F_NOPREFIXROUTE) |
    flag(address.autojoin, constants.IFA_F_MCAUTOJOIN)
  );
}

/**
 * struct ifa_cacheinfo: preferred lifetime, valid lifetime (both in seconds), two time stamps that are the kernel's.
 */
function lifetimes(preferredSeconds: number): Uint8Array {
  const bytes = new Uint8Array(16);
  viewOf(bytes).setUint32(0, Math.floor(preferredSeconds), littleEndian);
  viewOf(bytes).setUint32(4, constants.INFINITY_LIFE_TIME, littleEndian);
  return bytes;
}

function addressOfFamily(family: number | undefined, bytes: Uint8Array | undefined): IpAddress | undefined {
  const length = family === constants.AF_INET ? 4 : family === constants.AF_INET6 ? 16 : undefined;
  return bytes !== undefined && bytes.length === length ? addressFromBytes(bytes) : undefined;
}
