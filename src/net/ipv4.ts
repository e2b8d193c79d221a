/** The IPv4 header in front of what a raw socket receives. Says what the header claims; whether that is true is the caller's to judge. */
import { addressFromBytes, type IpAddress } from './address.ts';
import { type Decoded, decoded, rejected } from './decoded.ts';

export interface Ipv4Header {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly timeToLive: number;
  readonly protocol: number;
  /** Header and payload together, as claimed. */
  readonly totalLengthBytes: number;
  /** 20, or more with options: the payload begins here. */
  readonly headerLengthBytes: number;
}

const minimumHeaderBytes = 20;

/**
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * |         Identification        |Flags|      Fragment Offset    |
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * |                       Source Address                          |
 * |                    Destination Address                        |
 * |                    Options                    |    Padding    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * RFC 791 section 3.1. The header checksum is not verified: the kernel has done so before a raw socket sees the packet.
 */
export function parseIpv4Header(packet: Uint8Array): Decoded<Ipv4Header, 'length' | 'version'> {
  if (packet.length < minimumHeaderBytes) {
    return rejected(
      'length',
      `an IPv4 packet has at least ${minimumHeaderBytes} bytes, this has ${packet.length}`,
    );
  }
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = view.getUint8(0) >> 4;
  if (version !== 4) return rejected('version', `the IP version is ${version} and must be 4`);
  const headerLengthBytes = (view.getUint8(0) & 0x0f) * 4;
  if (headerLengthBytes < minimumHeaderBytes || headerLengthBytes > packet.length) {
    return rejected(
      'length',
      `an IPv4 header of ${headerLengthBytes} bytes does not fit a packet of ${packet.length}`,
    );
  }
  return decoded({
    source: addressFromBytes(packet.subarray(12, 16)),
    destination: addressFromBytes(packet.subarray(16, 20)),
    timeToLive: view.getUint8(8),
    protocol: view.getUint8(9),
    totalLengthBytes: view.getUint16(2),
    headerLengthBytes,
  });
}
