/** How a network is written. */
import { addressBytes, addressFromBytes } from '../../../../net/address.ts';
import type { Prefixed } from '../../pair/network.ts';

/** The network that an address lies in: `192.0.2.10`, 24 -> `192.0.2.0/24`. */
export function networkText({ address, length }: Prefixed): string {
  const bytes = addressBytes(address).map((byte, index) => {
    const kept = Math.min(Math.max(length - index * 8, 0), 8);
    return byte & (0xff << (8 - kept));
  });
  return `${addressFromBytes(bytes)}/${length}`;
}
