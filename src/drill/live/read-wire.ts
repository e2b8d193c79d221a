/** From a packet that a packet socket delivered to what a drill notes: who advertises, announces or answers for what. Pure. */
import type { IpAddress } from '../../net/address.ts';
import { parseIpv4Header } from '../../net/ipv4.ts';
import { decodePacket, protocolVrrp } from '../../vrrp/packet.ts';
import { type CookedSight, sightIn } from '../cooked-frames.ts';

export interface WirePacket {
  readonly atMs: number;
  /** sockaddr_ll: where it came in, from whom, and what it is. */
  readonly address: Uint8Array;
  /** From the network header on. */
  readonly payload: Uint8Array;
}

/** `virtualAddresses` are those that an advertisement names; empty for everything else. */
export type WireSight = CookedSight & { readonly virtualAddresses: readonly IpAddress[] };

/** Undefined for what is none of a drill's business, and for a packet too short to tell. */
export function readWire({ atMs, address, payload }: WirePacket): WireSight | undefined {
  const sight = sightIn({ atMs, bytes: cooked(address, payload) });
  if (sight === undefined) return undefined;
  return { ...sight, virtualAddresses: sight.kind === 'advertisement' ? namedIn(payload) : [] };
}

/** LINKTYPE_LINUX_SLL2 has the fields of a sockaddr_ll in another order. */
function cooked(address: Uint8Array, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20 + payload.length);
  // The protocol; the interface's index is not looked at: there is one.
  bytes.set(address.subarray(2, 4), 0);
  bytes.set(address.subarray(8, 10), 8);
  bytes.set(address.subarray(10, 12), 10);
  bytes.set(address.subarray(12, 18), 12);
  bytes.set(payload, 20);
  return bytes;
}

const ipv6HeaderBytes = 40;

function namedIn(payload: Uint8Array): readonly IpAddress[] {
  const isIpv6 = (payload[0] ?? 0) >> 4 === 6;
  if (isIpv6) return addressesOf(payload.subarray(ipv6HeaderBytes), 6);
  const ip = parseIpv4Header(payload);
  if (!ip.ok || ip.value.protocol !== protocolVrrp) return [];
  return addressesOf(payload.subarray(ip.value.headerLengthBytes), 4);
}

function addressesOf(payload: Uint8Array, family: 4 | 6): readonly IpAddress[] {
  const packet = decodePacket(payload, family);
  return packet.ok ? packet.value.addresses : [];
}
