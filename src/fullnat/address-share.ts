/** How connections are divided among several ranges of local addresses: by how many addresses each has. */
import type { LocalAddressRange } from '../config-parser/config.ts';
import { addressBytes, type IpAddress } from '../net/address.ts';

/** What a range of IPv6 addresses is cut down to: neither nft nor iptables divides more finely. */
const most = 1 << 16;

/** A whole number from 1 to 65536 for each range, in their order. */
export function shares(ranges: readonly LocalAddressRange[]): readonly number[] {
  return ranges.map(({ first, last }) => {
    const size = numberOf(last) - numberOf(first) + 1n;
    if (size < 1n) return 1;
    return size > BigInt(most) ? most : Number(size);
  });
}

/** `10.0.0.1-10.0.0.9`, or the one address. */
export function rangeText({ first, last }: LocalAddressRange): string {
  return first === last ? first : `${first}-${last}`;
}

function numberOf(address: IpAddress): bigint {
  return addressBytes(address).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
