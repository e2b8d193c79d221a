/**
 * keepalived.conf(5): auth_type AH. The IP Authentication Header (RFC 2402) with HMAC-MD5-96 (RFC 2403) around version 2, as
 * keepalived has it. Where keepalived and RFC 2402 differ this does what keepalived does, for nobody else speaks it.
 */
import type { Authentication } from '../../config-parser/config.ts';
import { addressBytes, type IpAddress } from '../../net/address.ts';
import { type Decoded, decoded, rejected } from '../../net/decoded.ts';
import { encodeIpv4Header, minimumHeaderBytes } from '../../net/ipv4.ts';
import { equalBytes } from './equal-bytes.ts';
import { hmacMd5, type KeyedHash } from './keyed-hash.ts';

export const protocolAuthenticationHeader = 51;
export const authenticationHeaderBytes = 24;

const protocolVrrp = 112;
const digestOffset = 12;
const digestBytes = 12;
/** RFC 791 section 3.1: precedence 6, Internetwork Control. */
const internetworkControl = 0xc0;

export interface AuthenticationHeader {
  /** SPI: keepalived has the sender's IPv4 address there, as a number. */
  readonly securityParametersIndex: number;
  readonly sequenceNumber: number;
  /** ICV, 12 bytes. */
  readonly integrityCheckValue: Uint8Array;
}

/**
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * | Next Header   |  Payload Len  |          RESERVED             |
 * |                 Security Parameters Index (SPI)               |
 * |                    Sequence Number Field                      |
 * +                Authentication Data (variable)                 |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * RFC 2402 section 2. `bytes` is what follows the IP header; behind the first 24 of it is the VRRP packet. Refuses a header of
 * another length, and one that has another protocol behind it: other programs of this host may use the header too.
 */
export function decodeAuthenticationHeader(
  bytes: Uint8Array,
): Decoded<AuthenticationHeader, 'length' | 'protocol'> {
  if (bytes.length < authenticationHeaderBytes) {
    return rejected(
      'length',
      `an Authentication Header has ${authenticationHeaderBytes} bytes, this has ${bytes.length}`,
    );
  }
  const claimedBytes = ((bytes[1] ?? 0) + 2) * 4;
  if (claimedBytes !== authenticationHeaderBytes) {
    return rejected(
      'length',
      `an Authentication Header with HMAC-MD5-96 has ${authenticationHeaderBytes} bytes, this claims ${claimedBytes}`,
    );
  }
  if (bytes[0] !== protocolVrrp) {
    return rejected('protocol', `protocol ${bytes[0]} is behind the Authentication Header, and not VRRP`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return decoded({
    securityParametersIndex: view.getUint32(4),
    sequenceNumber: view.getUint32(8),
    integrityCheckValue: bytes.subarray(digestOffset, digestOffset + digestBytes),
  });
}

/**
 * The whole IPv4 datagram for a socket with IP_HDRINCL, since the digest covers the header. `identification` must not be 0,
 * else the kernel would put in a number of its own that the digest does not know.
 */
export function encodeAuthenticatedDatagram(options: {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly timeToLive: number;
  readonly identification: number;
  readonly sequenceNumber: number;
  readonly key: KeyedHash;
  /** The encoded advertisement. */
  readonly payload: Uint8Array;
  readonly isUnicast: boolean;
}): Uint8Array {
  const { identification, payload } = options;
  if (identification < 1 || identification > 0xffff) {
    throw new Error(
      `the identification of a signed datagram is a number from 1 to 65535, not ${identification}`,
    );
  }
  const header = encodeIpv4Header({
    ...options,
    protocol: protocolAuthenticationHeader,
    typeOfService: internetworkControl,
    payloadBytes: authenticationHeaderBytes + payload.length,
  });
  const datagram = new Uint8Array(header.length + authenticationHeaderBytes + payload.length);
  datagram.set(header);
  datagram.set(payload, header.length + authenticationHeaderBytes);
  datagram.set(encodeHeader(options.source, options.sequenceNumber), header.length);
  const digestAt = header.length + digestOffset;
  datagram.set(digestOf(options.key, datagram, options.isUnicast).subarray(0, digestBytes), digestAt);
  return datagram;
}

/** What `headers` (the IP header and the Authentication Header) and the VRRP packet behind them say, if the digest is right. */
export function verifyAuthenticationHeader(options: {
  readonly headers: Uint8Array;
  readonly payload: Uint8Array;
  readonly key: KeyedHash;
  readonly isUnicast: boolean;
}): Decoded<AuthenticationHeader> {
  const { headers, payload } = options;
  const header = decodeAuthenticationHeader(headers.subarray(ipHeaderBytes(headers)));
  if (!header.ok) return header;
  const signed = new Uint8Array(headers.length + payload.length);
  signed.set(headers);
  signed.set(payload, headers.length);
  const digest = digestOf(options.key, signed, options.isUnicast).subarray(0, digestBytes);
  if (!equalBytes(digest, header.value.integrityCheckValue)) {
    return rejected(
      'digest',
      'authentication failed: another password, or the packet was changed on its way',
    );
  }
  const view = new DataView(headers.buffer, headers.byteOffset, headers.byteLength);
  if (view.getUint32(12) !== header.value.securityParametersIndex) {
    return rejected('spi', 'authentication failed: the SPI is not the address of the sender');
  }
  return header;
}

/** Length of the IPv4 header at the start of `bytes`, at least 20 whatever it claims. */
export function ipHeaderBytes(bytes: Uint8Array): number {
  return Math.max(minimumHeaderBytes, ((bytes[0] ?? 0) & 0x0f) * 4);
}

const keys = new WeakMap<Authentication, KeyedHash>();

/** The key of `auth_pass`. At most 8 bytes, as keepalived cuts it. */
export function authenticationHeaderKey(authentication: Extract<Authentication, { type: 'AH' }>): KeyedHash {
  const known = keys.get(authentication);
  if (known !== undefined) return known;
  const key = hmacMd5(new TextEncoder().encode(authentication.key).subarray(0, 8));
  keys.set(authentication, key);
  return key;
}

function encodeHeader(source: IpAddress, sequenceNumber: number): Uint8Array {
  const header = new Uint8Array(authenticationHeaderBytes);
  header[0] = protocolVrrp;
  header[1] = authenticationHeaderBytes / 4 - 2;
  header.set(addressBytes(source), 4);
  new DataView(header.buffer).setUint32(8, sequenceNumber);
  return header;
}

/**
 * RFC 2402 section 3.3.3.1.1.1: what may change on the way counts as zero: type of service, flags and fragment offset, header
 * checksum, and the digest itself. The RFC has the TTL among them; keepalived signs it along in multicast, where it is always
 * 255, and zeroes it in unicast.
 */
function digestOf(key: KeyedHash, datagram: Uint8Array, isUnicast: boolean): Uint8Array {
  const signed = datagram.slice();
  const digestAt = ipHeaderBytes(signed) + digestOffset;
  signed[1] = 0;
  signed.fill(0, 6, 8);
  if (isUnicast) signed[8] = 0;
  signed.fill(0, 10, 12);
  signed.fill(0, digestAt, digestAt + digestBytes);
  return key(signed);
}
