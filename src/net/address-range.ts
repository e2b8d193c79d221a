/** Addresses that follow each other. */
import { addressBytes, addressFromBytes, type IpAddress } from './address.ts';

/** From `first` to `last`, both included, of one family; no more than `most`, from the first on. */
export function addressesOfRange(first: IpAddress, last: IpAddress, most: number): readonly IpAddress[] {
  const addresses = [first];
  for (let next = first; next !== last && addresses.length < most; addresses.push(next))
    next = addressAfter(next);
  return addresses;
}

/** The next one of its family; after the last comes the first. */
export function addressAfter(address: IpAddress): IpAddress {
  const bytes = addressBytes(address).slice();
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const value = ((bytes[index] ?? 0) + 1) & 0xff;
    bytes[index] = value;
    if (value !== 0) break;
  }
  return addressFromBytes(bytes);
}
