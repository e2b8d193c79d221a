/** Arithmetic on address prefixes: what is inside, and which addresses of it are free. */
import { addressBytes, addressFromBytes, familyOf, type IpAddress } from '../../net/address.ts';

/** `base` has no bits beyond `length`. */
export interface Prefix {
  readonly base: IpAddress;
  readonly length: number;
}

/** The prefix of that length that the address lies in. */
export function prefixOf(address: IpAddress, length: number): Prefix {
  const free = BigInt(bitsOf(address) - length);
  return { base: toAddress((toNumber(address) >> free) << free, address), length };
}

export function contains(prefix: Prefix, address: IpAddress): boolean {
  if (familyOf(prefix.base) !== familyOf(address)) return false;
  return prefixOf(address, prefix.length).base === prefix.base;
}

export function formatPrefix({ base, length }: Prefix): string {
  return `${base}/${length}`;
}

/** Undefined for anything that is not an address with a length, whose bits beyond the length are ignored. */
export function parsePrefix(
  text: string,
  parse: (text: string) => IpAddress | undefined,
): Prefix | undefined {
  const found = /^([^/]+)\/(\d+)$/.exec(text);
  const address = found && parse(found[1] ?? '');
  if (!address || Number(found[2]) > bitsOf(address)) return undefined;
  return prefixOf(address, Number(found[2]));
}

/**
 * The first address of the prefix from host number `from` on that is not in `taken`, and neither the network's nor the
 * broadcast address. Undefined where there is none among the next few thousand.
 */
export function freeAddress(prefix: Prefix, taken: ReadonlySet<string>, from: number): IpAddress | undefined {
  const size = 1n << BigInt(bitsOf(prefix.base) - prefix.length);
  const hosts = size > 2n ? size - 2n : 0n;
  const limit = hosts < 4096n ? hosts : 4096n;
  for (let tried = 0n; tried < limit; tried += 1n) {
    const host = ((BigInt(from) - 1n + tried) % hosts) + 1n;
    const candidate = toAddress(toNumber(prefix.base) + host, prefix.base);
    if (!taken.has(candidate)) return candidate;
  }
  return undefined;
}

function bitsOf(address: IpAddress): number {
  return familyOf(address) === 4 ? 32 : 128;
}

function toNumber(address: IpAddress): bigint {
  return addressBytes(address).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toAddress(number: bigint, like: IpAddress): IpAddress {
  const bytes = new Uint8Array(bitsOf(like) / 8);
  let rest = number;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return addressFromBytes(bytes);
}
