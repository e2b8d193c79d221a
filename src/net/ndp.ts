/** Unsolicited neighbour advertisements: what gratuitous ARP is to IPv4, for IPv6 (RFC 4861 section 7.2.6). */
import { address, addressBytes, type IpAddress } from './address.ts';
import { internetChecksum, pseudoHeader } from './checksum.ts';
import { encodeEthernetFrame, etherType } from './ethernet.ts';

const allNodes = address('ff02::1');
/** RFC 2464 section 7: 33:33 and the last four bytes of the group. */
const allNodesMac = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);
const protocolIcmpv6 = 58;
const neighborAdvertisement = 136;
const flagRouter = 0x80;
const flagOverride = 0x20;
const optionTargetLinkLayerAddress = 2;

/**
 * A whole Ethernet frame of 86 bytes to all nodes, from and about `address`, with the override flag, so that neighbours replace
 * what they have cached. `isRouter` says whether the interface forwards packets (RFC 4861 section 4.4, flag R); without it
 * hosts that had us as a router stop using us. `sourceMac` has 6 bytes; anything else, and an IPv4 address, throws.
 */
export function encodeUnsolicitedNeighborAdvertisement(options: {
  readonly sourceMac: Uint8Array;
  readonly address: IpAddress;
  readonly isRouter?: boolean;
}): Uint8Array {
  const source = addressBytes(options.address);
  if (source.length !== 16)
    throw new Error(`a neighbour advertisement announces IPv6 addresses, not ${options.address}`);
  const message = icmpMessage(options.address, options.sourceMac, options.isRouter ?? false);
  const header = [
    0x60,
    0,
    0,
    0,
    0,
    message.length,
    protocolIcmpv6,
    255,
    ...source,
    ...addressBytes(allNodes),
  ];
  return encodeEthernetFrame({
    destination: allNodesMac,
    source: options.sourceMac,
    etherType: etherType.ipv6,
    payload: Uint8Array.from([...header, ...message]),
  });
}

function icmpMessage(target: IpAddress, mac: Uint8Array, isRouter: boolean): Uint8Array {
  const flags = flagOverride | (isRouter ? flagRouter : 0);
  const option = [optionTargetLinkLayerAddress, 1, ...mac];
  const message = Uint8Array.from([
    neighborAdvertisement,
    0,
    0,
    0,
    flags,
    0,
    0,
    0,
    ...addressBytes(target),
    ...option,
  ]);
  const sum = internetChecksum(
    pseudoHeader({
      source: target,
      destination: allNodes,
      protocol: protocolIcmpv6,
      lengthBytes: message.length,
    }),
    message,
  );
  new DataView(message.buffer).setUint16(2, sum);
  return message;
}
