/** The Internet checksum (RFC 1071) and the pseudo-headers that some protocols sum along. */
import { addressBytes, familyOf, type IpAddress } from './address.ts';

/**
 * The ones' complement of the ones' complement sum of 16-bit words over all parts in a row; an odd last byte is padded with
 * zero (RFC 1071 section 1). Over data that holds its own correct checksum the result is 0. Every part but the last must
 * have an even length.
 */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) sum += sumOfWords(part);
  return finishedChecksum(sum);
}

/** The checksum for a sum of 16-bit words: its carries folded in, and complemented. */
export function finishedChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The sum of the pseudo-header's words, without its bytes. */
export function pseudoHeaderSum(options: {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly lengthBytes: number;
}): number {
  const addresses = sumOfWords(addressBytes(options.source)) + sumOfWords(addressBytes(options.destination));
  const { lengthBytes } = options;
  return addresses + options.protocol + (lengthBytes >> 16) + (lengthBytes & 0xffff);
}

/** IPv4: RFC 793 section 3.1 (source, destination, 0, protocol, length). IPv6: RFC 8200 section 8.1. */
export function pseudoHeader(options: {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly lengthBytes: number;
}): Uint8Array {
  const addresses = [...addressBytes(options.source), ...addressBytes(options.destination)];
  const length = [(options.lengthBytes >> 8) & 0xff, options.lengthBytes & 0xff];
  return familyOf(options.source) === 4
    ? Uint8Array.from([...addresses, 0, options.protocol, ...length])
    : Uint8Array.from([...addresses, 0, 0, ...length, 0, 0, 0, options.protocol]);
}

/** The sum of the 16-bit words, an odd last byte padded with zero; carries are not folded in. */
export function sumOfWords(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) {
    sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
  }
  return sum;
}
