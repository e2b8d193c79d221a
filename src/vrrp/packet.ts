/**
 * VRRP packets as bytes. Knows the wire and nothing of instances: what the bytes alone can tell is checked here (the length),
 * whether version, VRID, interval and the rest are what we want is `reception.ts`'s to judge.
 */
import type { Authentication, VrrpInstanceConfig } from '../config-parser/config.ts';
import {
  type AddressFamily,
  address,
  addressBytes,
  addressFromBytes,
  type IpAddress,
} from '../net/address.ts';
import { finishedChecksum, pseudoHeaderSum, sumOfWords } from '../net/checksum.ts';
import { type Decoded, decoded, rejected } from '../net/decoded.ts';

export const protocolVrrp = 112;
export const typeAdvertisement = 1;
/** RFC 2338 section 5.3.6. */
export const authenticationType = { none: 0, simplePassword: 1, ipAuthenticationHeader: 2 } as const;

const headerBytes = 8;
const authenticationDataBytes = 8;
const minimumFramePayloadBytes = 46;
const ipv4HeaderBytes = 20;
const none = new Uint8Array(0);

/** RFC 5798 section 5.1.1.2. */
export const vrrpGroupIpv4 = address('224.0.0.18');

/**
 * What a checksum of version 3 over IPv4 sums along with the message. `standard`: a pseudo-header, as RFC 5798 section 5.2.8.
 * `message`: nothing, as RFC 9568 section 5.2.8 and many vendors (keepalived.conf(5): v3_checksum_as_v2). `group`: a pseudo-header with
 * the multicast group for its destination even in unicast, as keepalived before 1.3.6 (old_unicast_checksum).
 */
export type ChecksumStyle = 'standard' | 'message' | 'group';

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
  /** Version 3 over IPv4 only; `standard` where undefined. */
  readonly checksumStyle?: ChecksumStyle;
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
  /** The bytes that were read, without what padded the frame, and without the trailer. */
  readonly bytes: Uint8Array;
  /** keepalived.conf(5): auth_hmac. Empty where there is none. */
  readonly trailer: Uint8Array;
}

/** What may be around a packet. */
export interface PacketSurroundings {
  /** Length of the trailer that may follow; 0 where undefined. */
  readonly trailerBytes?: number;
  /** Length of what stands between the IP header and the packet; 0 where undefined. */
  readonly precedingBytes?: number;
}

/** What of an instance's configuration is in its advertisements. */
export type AdvertisedConfig = Pick<
  VrrpInstanceConfig,
  'version' | 'vrid' | 'advertisementIntervalMs' | 'virtualAddresses' | 'authentication' | 'v3ChecksumAsV2'
>;

/** The advertisement of an instance as its configuration has it. */
export function advertisementOf(config: AdvertisedConfig, priority: number): Advertisement {
  return {
    version: config.version,
    vrid: config.vrid,
    priority,
    advertisementIntervalMs: config.advertisementIntervalMs,
    addresses: config.virtualAddresses.map(({ address }) => address),
    authentication: config.authentication,
    ...(config.v3ChecksumAsV2 && { checksumStyle: 'message' }),
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
  writeChecksum(bytes, path, advertisement.checksumStyle ?? 'standard');
  return bytes;
}

/**
 * Puts the checksum into `bytes`, a message and maybe its trailer, of which `messageBytes` are the message. Over IPv6 a trailer is
 * summed along, since there the kernel does the same to all that a socket sends.
 */
export function writeChecksum(
  bytes: Uint8Array,
  path: PacketPath,
  style: ChecksumStyle,
  messageBytes = bytes.length,
): void {
  bytes[6] = 0;
  bytes[7] = 0;
  const sum = checksumOf(bytes.subarray(0, messageBytes), bytes.subarray(messageBytes), path, style);
  bytes[6] = sum >> 8;
  bytes[7] = sum & 0xff;
}

/**
 * Reads `payload`, what followed the IP header and the Authentication Header if there is one. Refuses only what has the wrong
 * length for the number of addresses it claims; a frame's padding behind the packet is tolerated. Of a version other than 2 and 3
 * only the header is read.
 */
export function decodePacket(
  payload: Uint8Array,
  family: AddressFamily,
  { trailerBytes = 0, precedingBytes = 0 }: PacketSurroundings = {},
): Decoded<VrrpPacket, 'length'> {
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
  const messageEnd = addressEnd + (version === 2 ? authenticationDataBytes : 0);
  const hasTrailer = trailerBytes > 0 && payload.length === messageEnd + trailerBytes;
  const mostBytes = family === 4 ? minimumFramePayloadBytes - ipv4HeaderBytes - precedingBytes : 0;
  if (isKnown(version) && !hasTrailer && !lengthFits(payload.length, messageEnd, mostBytes)) {
    const word = payload.length < messageEnd ? 'short' : 'long';
    return rejected('length', `packet too ${word}, length ${payload.length} and expect ${messageEnd}`);
  }
  return decoded({
    version,
    type: versionAndType & 0x0f,
    vrid,
    priority,
    authenticationType: version === 2 ? (payload[4] ?? 0) : 0,
    advertisementIntervalMs: intervalMsOf(version, payload),
    addresses: addressesIn(payload, addressEnd, addressSize),
    authenticationData: payload.subarray(addressEnd, messageEnd),
    bytes: payload.subarray(0, messageEnd),
    trailer: hasTrailer ? payload.subarray(messageEnd) : none,
  });
}

/** Whether the packet's own checksum is right (RFC 3768 section 5.3.8, RFC 5798 section 5.2.8). */
export function hasValidChecksum(
  packet: VrrpPacket,
  path: PacketPath,
  style: ChecksumStyle = 'standard',
): boolean {
  return checksumOf(packet.bytes, packet.trailer, path, style) === 0;
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
  if (version === 2)
    return [authenticationTypeOf(authentication), Math.round(advertisementIntervalMs / 1000)];
  const centiseconds = Math.round(advertisementIntervalMs / 10);
  return [(centiseconds >> 8) & 0x0f, centiseconds & 0xff];
}

/** The number of version 2 for `authentication`. */
export function authenticationTypeOf({ type }: Authentication): number {
  if (type === 'none') return authenticationType.none;
  return type === 'PASS' ? authenticationType.simplePassword : authenticationType.ipAuthenticationHeader;
}

function intervalMsOf(version: number, payload: Uint8Array): number {
  const high = payload[4] ?? 0;
  const low = payload[5] ?? 0;
  return version === 2 ? low * 1000 : (((high & 0x0f) << 8) | low) * 10;
}

/**
 * Version 2 sums the whole message, its authentication data included, as keepalived does; no pseudo-header. A trailer is
 * summed over IPv6 only.
 */
function checksumOf(
  message: Uint8Array,
  trailer: Uint8Array,
  { source, destination }: PacketPath,
  style: ChecksumStyle,
): number {
  const isIpv6 = source.includes(':');
  const sum = sumOfWords(message) + (isIpv6 ? sumOfWords(trailer) : 0);
  const isMessageAlone = (message[0] ?? 0) >> 4 === 2 || (style === 'message' && !isIpv6);
  if (isMessageAlone) return finishedChecksum(sum);
  const header = pseudoHeaderSum({
    source,
    destination: style === 'group' && !isIpv6 ? vrrpGroupIpv4 : destination,
    protocol: protocolVrrp,
    lengthBytes: message.length + (isIpv6 ? trailer.length : 0),
  });
  return finishedChecksum(sum + header);
}

function isKnown(version: number): boolean {
  return version === 2 || version === 3;
}

/** An Ethernet frame carries at least 46 bytes, the IPv4 header among them: a shorter packet arrives padded, up to `mostBytes`. */
function lengthFits(actual: number, expected: number, mostBytes: number): boolean {
  return actual === expected || (actual > expected && actual <= mostBytes);
}

function addressesIn(bytes: Uint8Array, end: number, size: number): readonly IpAddress[] {
  const addresses: IpAddress[] = [];
  for (let offset = headerBytes; offset < end; offset += size) {
    addresses.push(addressFromBytes(bytes.subarray(offset, offset + size)));
  }
  return addresses;
}
