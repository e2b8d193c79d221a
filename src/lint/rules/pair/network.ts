/** Which addresses share a network: of virtual addresses, and of those of interfaces. */
import { addressBytes, addressFromBytes, familyOf, type IpAddress } from '../../../net/address.ts';
import type { InstanceModel } from '../../model/index.ts';

export interface Prefixed {
  readonly address: IpAddress;
  readonly length: number;
}

/** Both begin with the same `length` bits, and are of one family. */
export function sharePrefix(a: IpAddress, b: IpAddress, length: number): boolean {
  if (familyOf(a) !== familyOf(b)) return false;
  const right = addressBytes(b);
  return addressBytes(a).every((byte, index) => {
    const mask = 0xff & ~(0xff >> Math.min(Math.max(length - index * 8, 0), 8));
    return (byte & mask) === ((right[index] ?? 0) & mask);
  });
}

/** `192.0.2.0/24`, for a Map: two addresses have it in common when they share that prefix. */
export function prefixText(address: IpAddress, length: number): string {
  const kept = addressBytes(address).map((byte, index) => {
    return byte & ~(0xff >> Math.min(Math.max(length - index * 8, 0), 8));
  });
  return `${addressFromBytes(kept)}/${length}`;
}

/** One lies in the network of the other. */
export function areNeighbours(a: Prefixed, b: Prefixed): boolean {
  return sharePrefix(a.address, b.address, Math.min(a.length, b.length));
}

/** Where on the network an instance is, by its virtual addresses and its source. Link-local addresses are everywhere. */
export function placesOf({ addresses, source }: InstanceModel): readonly Prefixed[] {
  const places = addresses.map(({ value }) => prefixedOf(value));
  const all = source === undefined ? places : [...places, prefixedOf({ address: source })];
  return all.filter(({ address }) => !isLinkLocal(address));
}

/** With the length that holds: as written, or that of a single address. */
export function prefixedOf(entry: { readonly address: IpAddress; readonly prefixLength?: number }): Prefixed {
  return { address: entry.address, length: entry.prefixLength ?? (familyOf(entry.address) === 4 ? 32 : 128) };
}

/** fe80::/10 */
export function isLinkLocal(address: IpAddress): boolean {
  const [first = 0, second = 0] = addressBytes(address);
  return familyOf(address) === 6 && first === 0xfe && (second & 0xc0) === 0x80;
}
