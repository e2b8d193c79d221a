/**
 * keepalived.conf(5): auth_hmac. The trailer behind an advertisement of version 2 or 3: who has signed it and when. Knows bytes
 * and digests; whether a time is acceptable is `check-trailer.ts`'s to judge.
 */
import type { AddressFamily, IpAddress } from '../../net/address.ts';
import { addressBytes } from '../../net/address.ts';
import type { KeyedHash } from './keyed-hash.ts';
import type { Sequence } from './sequence.ts';

export const trailerBytes = 28;

/** HMAC-SHA-256, the first 16 bytes of it; the only one there is. */
export const trailerTypeHmacSha256 = 1;

const signedTrailerBytes = 12;
const digestBytes = 16;
const checksumOffset = 6;
const pseudoHeaderBytes = 20;

export interface HmacTrailer {
  readonly type: number;
  readonly keyId: number;
  readonly reserved: number;
  readonly sequence: Sequence;
  /** 16 bytes. */
  readonly digest: Uint8Array;
}

/** What the digest covers that is not in the message: an advertisement of one sender or VRID cannot pass for another's. */
export interface TrailerContext {
  readonly family: AddressFamily;
  readonly version: number;
  readonly vrid: number;
  readonly source: IpAddress;
}

/**
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |    Key ID     |           Reserved            |
 * |                   Seconds since 1970, UTC                     |
 * |  Fraction of a second, 2^-16  |            Counter            |
 * |                        HMAC, 16 bytes                         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * `bytes` are 28. It is at the end of the packet, behind the addresses, and in version 2 behind the authentication data.
 */
export function decodeTrailer(bytes: Uint8Array): HmacTrailer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    type: view.getUint8(0),
    keyId: view.getUint8(1),
    reserved: view.getUint16(2),
    sequence: { high: view.getUint32(4), low: view.getUint32(8) },
    digest: bytes.subarray(signedTrailerBytes),
  };
}

/** `message` with its trailer; the checksum of the message does not matter to it. */
export function signedAdvertisement(
  message: Uint8Array,
  options: {
    readonly context: TrailerContext;
    readonly key: KeyedHash;
    readonly keyId: number;
    readonly sequence: Sequence;
  },
): Uint8Array {
  const { context, key, keyId, sequence } = options;
  const signed = new Uint8Array(message.length + trailerBytes);
  const view = new DataView(signed.buffer);
  signed.set(message);
  signed[message.length] = trailerTypeHmacSha256;
  signed[message.length + 1] = keyId;
  view.setUint32(message.length + 4, sequence.high);
  view.setUint32(message.length + 8, sequence.low);
  signed.set(trailerDigest(key, context, signed), message.length + signedTrailerBytes);
  return signed;
}

/**
 * The 16 bytes that the trailer of `packet` (message and trailer) must have: the digest of a pseudo-header, the message with its
 * checksum as zero, and the trailer with the digest as zero. The IP header is not in it, so a copy for each unicast
 * peer has the same.
 */
export function trailerDigest(key: KeyedHash, context: TrailerContext, packet: Uint8Array): Uint8Array {
  const covered = new Uint8Array(pseudoHeaderBytes + packet.length);
  covered[0] = context.family;
  covered[1] = context.version;
  covered[2] = context.vrid;
  covered.set(addressBytes(context.source), 4);
  covered.set(packet, pseudoHeaderBytes);
  covered.fill(0, pseudoHeaderBytes + checksumOffset, pseudoHeaderBytes + checksumOffset + 2);
  covered.fill(0, covered.length - digestBytes);
  return key(covered).subarray(0, digestBytes);
}
