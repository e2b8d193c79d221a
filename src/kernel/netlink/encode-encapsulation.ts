/** RTA_ENCAP_TYPE and RTA_ENCAP: the lightweight tunnel of a route or a next hop to bytes. */
import type { Encapsulation, TunnelOptions } from '../../config-parser/schema/route-encapsulation.ts';
import {
  attribute,
  attributeU16,
  attributeU16Network,
  concatenate,
  nestedAttribute,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { addressBytes } from '../../net/address.ts';
import * as constants from './route-constants.ts';

export function encodeEncapsulation(encapsulation: Encapsulation): readonly Uint8Array[] {
  const { type, parts } = encoded(encapsulation);
  return [attributeU16(constants.RTA_ENCAP_TYPE, type), nestedAttribute(constants.RTA_ENCAP, ...parts)];
}

/** A number of 8 bytes in network order. */
export function attributeU64Network(type: number, value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, value);
  return attribute(type, bytes);
}

function encoded(encapsulation: Encapsulation): { type: number; parts: readonly Uint8Array[] } {
  switch (encapsulation.type) {
    case 'mpls':
      return {
        type: constants.LWTUNNEL_ENCAP_MPLS,
        parts: [attribute(constants.MPLS_IPTUNNEL_DST, labelStack(encapsulation.labels))],
      };
    case 'ila':
      return {
        type: constants.LWTUNNEL_ENCAP_ILA,
        parts: [attributeU64Network(constants.ILA_ATTR_LOCATOR, locator(encapsulation.locator))],
      };
    case 'ip':
      return { type: constants.LWTUNNEL_ENCAP_IP, parts: tunnel(encapsulation.tunnel) };
    case 'ip6':
      return { type: constants.LWTUNNEL_ENCAP_IP6, parts: tunnel(encapsulation.tunnel) };
  }
}

/** RFC 3032 section 2.1: label (20 bits), traffic class (3), bottom of stack (1), TTL (8; the kernel fills it in). */
function labelStack(labels: readonly number[]): Uint8Array {
  const bottom = labels.length - 1;
  return concatenate(
    labels.map((label, index) => {
      const entry = new Uint8Array(4);
      viewOf(entry).setUint32(0, ((label << 12) | (index === bottom ? 0x100 : 0)) >>> 0);
      return entry;
    }),
  );
}

/** Four groups of 16 bits. */
function locator(text: string): bigint {
  return text.split(':').reduce((number, group) => (number << 16n) | BigInt(`0x${group}`), 0n);
}

function tunnel({
  id,
  source,
  destination,
  typeOfService,
  ttl,
  flags,
}: TunnelOptions): readonly Uint8Array[] {
  return [
    ...(id === undefined ? [] : [attributeU64Network(constants.LWTUNNEL_IP_ID, BigInt(id))]),
    ...(destination === undefined ? [] : [attribute(constants.LWTUNNEL_IP_DST, addressBytes(destination))]),
    ...(source === undefined ? [] : [attribute(constants.LWTUNNEL_IP_SRC, addressBytes(source))]),
    ...(ttl === undefined ? [] : [attribute(constants.LWTUNNEL_IP_TTL, Uint8Array.of(ttl))]),
    ...(typeOfService === undefined
      ? []
      : [attribute(constants.LWTUNNEL_IP_TOS, Uint8Array.of(typeOfService))]),
    ...(flags === undefined ? [] : [attributeU16Network(constants.LWTUNNEL_IP_FLAGS, flags)]),
  ];
}
