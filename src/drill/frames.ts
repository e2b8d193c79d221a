/** What a drill wants to know of a captured Ethernet frame: is it a VRRP advertisement or a gratuitous ARP, and whose? */
import { etherType } from '../net/ethernet.ts';
import { parseIpv4Header } from '../net/ipv4.ts';
import { decodePacket, protocolVrrp } from '../vrrp/packet.ts';
import type { CapturedPacket } from './pcap.ts';

export type Sighting =
  | {
      readonly kind: 'advertisement';
      readonly atMs: number;
      readonly source: string;
      readonly version: number;
      readonly vrid: number;
      readonly priority: number;
    }
  | {
      readonly kind: 'gratuitousArp';
      readonly atMs: number;
      readonly address: string;
      readonly hardwareAddress: string;
    };

const ethernetHeaderBytes = 14;
const arpPacketBytes = 28;
const typeAdvertisement = 1;

/** Undefined for any other frame, and for one too short to tell. */
export function sightingIn({ bytes, atMs }: CapturedPacket): Sighting | undefined {
  const type = ((bytes[12] ?? 0) << 8) | (bytes[13] ?? 0);
  const payload = bytes.subarray(ethernetHeaderBytes);
  if (type === etherType.ipv4) return advertisementIn(payload, atMs);
  return type === etherType.arp ? gratuitousArpIn(payload, atMs) : undefined;
}

/** RFC 3768 section 5.1: version and type share the first byte. */
function advertisementIn(bytes: Uint8Array, atMs: number): Sighting | undefined {
  const ip = parseIpv4Header(bytes);
  if (!ip.ok || ip.value.protocol !== protocolVrrp) return undefined;
  const packet = decodePacket(bytes.subarray(ip.value.headerLengthBytes), 4);
  if (!packet.ok || packet.value.type !== typeAdvertisement) return undefined;
  const { version, vrid, priority } = packet.value;
  return { kind: 'advertisement', atMs, source: ip.value.source, version, vrid, priority };
}

/** RFC 5227 section 3: an announcement has the same address as sender and as target. */
function gratuitousArpIn(packet: Uint8Array, atMs: number): Sighting | undefined {
  if (packet.length < arpPacketBytes) return undefined;
  const sender = packet.subarray(14, 18).join('.');
  if (sender !== packet.subarray(24, 28).join('.')) return undefined;
  const hardwareAddress = Array.from(packet.subarray(8, 14), (byte) => byte.toString(16).padStart(2, '0'));
  return { kind: 'gratuitousArp', atMs, address: sender, hardwareAddress: hardwareAddress.join(':') };
}
