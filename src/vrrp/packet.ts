/**
 * VRRP packets as bytes. Knows the wire and nothing of instances: what the bytes alone can tell is checked here (the length),
 * whether version, VRID, interval and the rest are what we want is `reception.ts`'s to judge.
 */
import type { Authentication, VrrpInstanceConfig } from '../config-parser/config.ts';
import { type AddressFamily, addressBytes, addressFromBytes, type IpAddress } from '../net/address.ts';
import { internetChecksum, pseudoHeader } from '../net/checksum.ts';
import { type Decoded, decoded, rejected } from '../net/decoded.ts';

export const protocolVrrp = 112;
export const typeAdvertisement = 1;
/** RFC 2338 section 5.3.6. */
export const authenticationType = { none: 0, simplePassword: 1, ipAuthenticationHeader: 2 } as const;

const headerBytes = 8;
const authenticationDataBytes = 8;

/** What an ADVERTISEMENT says, before it is bytes. */
export interface Advertisement {
  readonly version: 2 | 3;
  readonly vrid: number;
  /** 0 to 255; 0 means the Master is leaving. */
  readonly priority: number;
  /** Rounded to what the wire can say: seconds in version 2, centiseconds in version 3. */
  readonly advertisementIntervalMs: number;
  readonly addresses: readonly IpAddress[];
  /** Version 2 only. */
  readonly authentication: Authentication;
}

/** Version 3 sums the IP addresses along with the packet (RFC 5798 section 5.2.8). */
export interface PacketPath {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/** A packet as it was read: every field, also those with values we do not know. */
export interface VrrpPacket {
  readonly version: number;
  readonly type: number;
  readonly vrid: number;
  readonly priority: number;
  /** 0 in version 3, which has none. */
  readonly authenticationType: number;
  readonly advertisementIntervalMs: number;
  readonly addresses: readonly IpAddress[];
  /** 8 bytes in version 2, else empty. */
  readonly authenticationData: Uint8Array;
  /** The bytes that were read, without what padded the frame. */
  readonly bytes: Uint8Array;
}

/** The advertisement of an instance as its configuration has it. */
export function advertisementOf(config: VrrpInstanceConfig, priority: number): Advertisement {
  return {
    version: config.version,
    vrid: config.vrid,
    priority,
    advertisementIntervalMs: config.advertisementIntervalMs,
    addresses: config.virtualAddresses.map(({ address }) => address),
    authentication: config.authentication,
  };
}

/**
 * RFC 3768 section 5.1; version 3 has no authentication data, and in the word with Auth Type and Adver Int four reserved bits
 * and Max Adver Int in centiseconds (RFC 5798 section 5.1).
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
 * |   Auth Type   |   Adver Int   |          Checksum             |
 * |                         IP Address (1)                        |
 * |                            .  .  .                            |
 * |                         IP Address (n)                        |
 * |                     Authentication Data (1)                   |
 * |                     Authentication Data (2)                   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */
export function encodeAdvertisement(advertisement: Advertisement, path: PacketPath): Uint8Array {
  const { version, vrid, priority, addresses } = advertisement;
  const bytes = Uint8Array.from([
    (version << 4) | typeAdvertisement,
    vrid,
    priority,
    addresses.length,
    ...intervalField(advertisement),
    0,
    0,
    ...addresses.flatMap((address) => [...addressBytes(address)]),
    ...(version === 2 ? authenticationData(advertisement.authentication) : []),
  ]);
  new DataView(bytes.buffer).setUint16(6, checksumOf(version, bytes, path));
  return bytes;
}

/**
 * Reads `payload`, what followed the IP header. Refuses only what has the wrong length for the number of addresses it claims;
 * a frame's padding behind the packet is tolerated. Of a version other than 2 and 3 only the header is read.
 */
export function decodePacket(payload: Uint8Array, family: AddressFamily): Decoded<VrrpPacket, 'length'> {
  if (payload.length < headerBytes) {
    return rejected(
      'length',
      `packet too short, length ${payload.length} and expect at least ${headerBytes}`,
    );
  }
  const [versionAndType = 0, vrid = 0, priority = 0, addressCount = 0] = payload;
  const version = versionAndType >> 4;
  const addressSize = family === 4 ? 4 : 16;
  const addressEnd = headerBytes + (isKnown(version) ? addressCount * addressSize : 0);
  const expected = addressEnd + (version === 2 ? authenticationDataBytes : 0);
  if (isKnown(version) && !lengthFits(payload.length, expected, family)) {
    const word = payload.length < expected ? 'short' : 'long';
    return rejected('length', `packet too ${word}, length ${payload.length} and expect ${expected}`);
  }
  return decoded({
    version,
    type: versionAndType & 0x0f,
    vrid,
    priority,
    authenticationType: version === 2 ? (payload[4] ?? 0) : 0,
    advertisementIntervalMs: intervalMsOf(version, payload),
    addresses: addressesIn(payload.subarray(headerBytes, addressEnd), addressSize),
    authenticationData: payload.subarray(addressEnd, expected),
    bytes: payload.subarray(0, expected),
  });
}

/** Whether the packet's own checksum is right (RFC 3768 section 5.3.8, RFC 5798 section 5.2.8). */
export function hasValidChecksum(packet: VrrpPacket, path: PacketPath): boolean {
  return checksumOf(packet.version, packet.bytes, path) === 0;
}

/** At most 8 bytes, the rest NUL (RFC 2338 section 5.3.10). */
export function authenticationData(authentication: Authentication): Uint8Array {
  const data = new Uint8Array(authenticationDataBytes);
  if (authentication.type === 'PASS') {
    data.set(new TextEncoder().encode(authentication.password).subarray(0, authenticationDataBytes));
  }
  return data;
}

function intervalField({
  version,
  advertisementIntervalMs,
  authentication,
}: Advertisement): readonly number[] {
  if (version === 2) {
    const type = authentication.type === 'PASS' ? authenticationType.simplePassword : authenticationType.none;
    return [type, Math.round(advertisementIntervalMs / 1000)];
  }
  const centiseconds = Math.round(advertisementIntervalMs / 10);
  return [(centiseconds >> 8) & 0x0f, centiseconds & 0xff];
}

function intervalMsOf(version: number, payload: Uint8Array): number {
  const [high = 0, low = 0] = payload.subarray(4, 6);
  return version === 2 ? low * 1000 : (((high & 0x0f) << 8) | low) * 10;
}

/** Version 2 sums the whole message, its authentication data included, as keepalived does; no pseudo-header. */
function checksumOf(version: number, bytes: Uint8Array, { source, destination }: PacketPath): number {
  if (version === 2) return internetChecksum(bytes);
  const header = pseudoHeader({ source, destination, protocol: protocolVrrp, lengthBytes: bytes.length });
  return internetChecksum(header, bytes);
}

function isKnown(version: number): boolean {
  return version === 2 || version === 3;
}

/** An Ethernet frame carries at least 46 bytes, 20 of which are the IPv4 header: a shorter packet arrives padded. */
function lengthFits(actual: number, expected: number, family: AddressFamily): boolean {
  return actual === expected || (family === 4 && actual > expected && actual <= 46 - 20);
}

function addressesIn(bytes: Uint8Array, size: number): readonly IpAddress[] {
  return Array.from({ length: bytes.length / size }, (_, index) =>
    addressFromBytes(bytes.subarray(index * size, (index + 1) * size)),
  );
}
