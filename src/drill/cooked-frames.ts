/**
 * What a drill wants to know of a captured packet: a VRRP advertisement, an announcement of an address, or an answer for
 * one, over IPv4 and IPv6, tagged or not. Packets are in the form that Linux gives to captures of several interfaces.
 * Sources: LINKTYPE_LINUX_SLL2; RFC 826; RFC 4861 section 4.4; RFC 5798 section 5.
 */
import { addressFromBytes, type IpAddress } from '../net/address.ts';
import { etherType } from '../net/ethernet.ts';
import { parseIpv4Header } from '../net/ipv4.ts';
import { decodePacket, protocolVrrp } from '../vrrp/packet.ts';
import type { CapturedPacket } from './pcap.ts';

export type Sight =
  | {
      readonly kind: 'advertisement';
      readonly source: IpAddress;
      readonly version: 2 | 3;
      readonly family: 4 | 6;
      readonly vrid: number;
      readonly priority: number;
      readonly intervalMs: number;
    }
  | { readonly kind: 'announcement'; readonly address: IpAddress; readonly mac: string }
  | { readonly kind: 'answer'; readonly address: IpAddress; readonly mac: string; readonly toMac: string };

/** A packet as one interface of the switch saw it come. */
export type CookedSight = Sight & {
  readonly atMs: number;
  readonly interfaceIndex: number;
  readonly sourceMac: string;
};

const cookedHeaderBytes = 20;
const vlanTag = 0x8100;
const icmpv6 = 58;
const neighborAdvertisement = 136;
const authenticationHeader = 51;

/** Undefined for any other packet, and for one too short to tell. */
export function sightIn({ bytes, atMs }: CapturedPacket): CookedSight | undefined {
  if (bytes.length < cookedHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const interfaceIndex = view.getUint32(4);
  const sourceMac = macText(bytes.subarray(12, 18));
  const sight = payloadIn(view.getUint16(0), bytes.subarray(cookedHeaderBytes));
  return sight && { ...sight, atMs, interfaceIndex, sourceMac };
}

function payloadIn(type: number, payload: Uint8Array): Sight | undefined {
  if (type === vlanTag) {
    const inner = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
    return inner === vlanTag ? undefined : payloadIn(inner, payload.subarray(4));
  }
  if (type === etherType.ipv4) return advertisementIn4(payload);
  if (type === etherType.ipv6) return inIpv6(payload);
  return type === etherType.arp ? inArp(payload) : undefined;
}

function advertisementIn4(bytes: Uint8Array): Sight | undefined {
  const ip = parseIpv4Header(bytes);
  if (!ip.ok) return undefined;
  const { protocol, headerLengthBytes, source } = ip.value;
  if (protocol === protocolVrrp) return advertisementIn(bytes.subarray(headerLengthBytes), source, 4);
  // RFC 2402 section 2: next header, then the length in words less two.
  if (protocol !== authenticationHeader || bytes[headerLengthBytes] !== protocolVrrp) return undefined;
  const length = ((bytes[headerLengthBytes + 1] ?? 0) + 2) * 4;
  return advertisementIn(bytes.subarray(headerLengthBytes + length), source, 4);
}

function inIpv6(bytes: Uint8Array): Sight | undefined {
  const headerBytes = 40;
  if (bytes.length < headerBytes) return undefined;
  const source = addressFromBytes(bytes.slice(8, 24));
  const payload = bytes.subarray(headerBytes);
  if (bytes[6] === protocolVrrp) return advertisementIn(payload, source, 6);
  return bytes[6] === icmpv6 ? neighborIn(payload) : undefined;
}

function advertisementIn(payload: Uint8Array, source: IpAddress, family: 4 | 6): Sight | undefined {
  const packet = decodePacket(payload, family);
  if (!packet.ok || packet.value.type !== 1) return undefined;
  const { version, vrid, priority, advertisementIntervalMs } = packet.value;
  if (version !== 2 && version !== 3) return undefined;
  return {
    kind: 'advertisement',
    source,
    version,
    family,
    vrid,
    priority,
    intervalMs: advertisementIntervalMs,
  };
}

/** RFC 4861 section 4.4: without the S flag it is unsolicited. */
function neighborIn(payload: Uint8Array): Sight | undefined {
  if (payload[0] !== neighborAdvertisement || payload.length < 24) return undefined;
  const isSolicited = ((payload[4] ?? 0) & 0x40) !== 0;
  const address = addressFromBytes(payload.slice(8, 24));
  const mac = payload[24] === 2 ? macText(payload.subarray(26, 32)) : '';
  return isSolicited ? { kind: 'answer', address, mac, toMac: '' } : { kind: 'announcement', address, mac };
}

const arpReply = 2;

/** RFC 5227 section 3: an announcement has the same address as sender and as target. */
function inArp(packet: Uint8Array): Sight | undefined {
  if (packet.length < 28) return undefined;
  const mac = macText(packet.subarray(8, 14));
  const address = addressFromBytes(packet.slice(14, 18));
  if (address === packet.subarray(24, 28).join('.')) return { kind: 'announcement', address, mac };
  if (packet[7] !== arpReply) return undefined;
  return { kind: 'answer', address, mac, toMac: macText(packet.subarray(18, 24)) };
}

function macText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
