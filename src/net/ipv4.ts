/**
 * The IPv4 header in front of what a raw socket receives, and of what a socket with IP_HDRINCL sends. Says what the header
 * claims; whether that is true is the caller's to judge.
 */
import { addressBytes, addressFromBytes, type IpAddress } from './address.ts';
import { internetChecksum } from './checksum.ts';
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

/** Without options, as all that we send are. */
export const minimumHeaderBytes = 20;

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

/**
 * A header without options, never to be fragmented by us, its own checksum included. `payloadBytes` is what follows it.
 * An identification of 0 makes the kernel choose one (raw(7)), so what is signed along with the header needs another.
 * Throws for IPv6 addresses.
 */
export function encodeIpv4Header(options: {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly timeToLive: number;
  readonly protocol: number;
  readonly typeOfService: number;
  readonly identification: number;
  readonly payloadBytes: number;
}): Uint8Array {
  const source = addressBytes(options.source);
  const destination = addressBytes(options.destination);
  if (source.length !== 4 || destination.length !== 4) {
    throw new Error(`an IPv4 header has IPv4 addresses, not ${options.source} and ${options.destination}`);
  }
  const header = new Uint8Array(minimumHeaderBytes);
  const view = new DataView(header.buffer);
  header[0] = 0x45;
  header[1] = options.typeOfService;
  view.setUint16(2, minimumHeaderBytes + options.payloadBytes);
  view.setUint16(4, options.identification);
  header[8] = options.timeToLive;
  header[9] = options.protocol;
  header.set(source, 12);
  header.set(destination, 16);
  view.setUint16(10, internetChecksum(header));
  return header;
}
