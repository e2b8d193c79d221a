/** What a raw socket of VRRP received, as a Datagram. Looks at IP and the Authentication Header, and at nothing of VRRP. */
import { addressFromBytes } from '../net/address.ts';
import { parseIpv4Header } from '../net/ipv4.ts';
import type { Datagram } from '../vrrp/messages.ts';
import type { MessageInfo } from './datagram-socket.ts';
import { ipOfSocketAddress } from './socket-address.ts';

const vrrpProtocol = 112;
/** Up to and with the sequence number. */
const leastAuthenticationHeaderBytes = 12;

/** A raw IPv4 socket delivers the IP header too. A string says why there is no datagram. */
export function readIpv4(packet: Uint8Array): Datagram | string {
  const header = parseIpv4Header(packet);
  if (!header.ok) return header.error.detail;
  const { source, destination, timeToLive, totalLengthBytes, headerLengthBytes } = header.value;
  return {
    source,
    destination,
    hopLimit: timeToLive,
    claimedPayloadBytes: totalLengthBytes - headerLengthBytes,
    payload: packet.subarray(headerLengthBytes),
  };
}

/**
 * RFC 2402 section 2; Payload Len counts words of 4 bytes, less two. `claimedPayloadBytes` is that of the VRRP packet.
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Header   |  Payload Len  |          RESERVED             |
 * |                 Security Parameters Index (SPI)               |
 * |                    Sequence Number Field                      |
 * |                Authentication Data (variable)                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
export function readIpv4WithAuthenticationHeader(packet: Uint8Array): Datagram | string {
  const datagram = readIpv4(packet);
  if (typeof datagram === 'string') return datagram;
  const { payload, claimedPayloadBytes = 0 } = datagram;
  if (payload.length < leastAuthenticationHeaderBytes) {
    return `an Authentication Header has at least ${leastAuthenticationHeaderBytes} bytes, here are ${payload.length}`;
  }
  const nextHeader = payload[0];
  if (nextHeader !== vrrpProtocol) {
    return `the Authentication Header carries protocol ${nextHeader} and must carry ${vrrpProtocol}`;
  }
  const headerBytes = ((payload[1] ?? 0) + 2) * 4;
  if (headerBytes < leastAuthenticationHeaderBytes || headerBytes > payload.length) {
    return `an Authentication Header of ${headerBytes} bytes does not fit a payload of ${payload.length}`;
  }
  const bytesBefore = packet.length - payload.length + headerBytes;
  return {
    ...datagram,
    claimedPayloadBytes: claimedPayloadBytes - headerBytes,
    payload: payload.subarray(headerBytes),
    authenticationHeader: packet.subarray(0, bytesBefore),
  };
}

/** A raw IPv6 socket delivers what follows the header; the rest comes as control messages. */
export function readIpv6(payload: Uint8Array, info: MessageInfo): Datagram | string {
  const source = ipOfSocketAddress(info.address);
  if (source === undefined || info.destination === undefined || info.hopLimit === undefined) {
    return 'the kernel did not say where the packet came from';
  }
  return { source, destination: addressFromBytes(info.destination), hopLimit: info.hopLimit, payload };
}
