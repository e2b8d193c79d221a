/** Gratuitous ARP: "this address lives here now", told to every host and switch of the segment. */
import { addressBytes, type IpAddress } from './address.ts';
import { broadcastMac, encodeEthernetFrame, etherType } from './ethernet.ts';

const hardwareEthernet = [0, 1];
const operationRequest = [0, 1];

/**
 * A whole Ethernet frame of 42 bytes: a broadcast ARP request (RFC 826) whose sender and target protocol address are both
 * `address` (RFC 5944 section 4.6 calls it gratuitous). The target hardware address has no meaning in a request; it is
 * ff:ff:ff:ff:ff:ff, as keepalived sends it. `sourceMac` has 6 bytes; anything else, and an IPv6 address, throws.
 */
export function encodeGratuitousArp(options: {
  readonly sourceMac: Uint8Array;
  readonly address: IpAddress;
}): Uint8Array {
  const address = addressBytes(options.address);
  if (address.length !== 4) throw new Error(`ARP announces IPv4 addresses, not ${options.address}`);
  const payload = Uint8Array.from([
    ...hardwareEthernet,
    etherType.ipv4 >> 8,
    etherType.ipv4 & 0xff,
    6,
    4,
    ...operationRequest,
    ...options.sourceMac,
    ...address,
    ...broadcastMac,
    ...address,
  ]);
  return encodeEthernetFrame({
    destination: broadcastMac,
    source: options.sourceMac,
    etherType: etherType.arp,
    payload,
  });
}
