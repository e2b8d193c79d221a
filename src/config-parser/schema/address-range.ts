/** keepalived.conf(5): ranges of addresses, as virtual_server_group and local_address_group write them. */
import {
  addressBytes,
  addressFromBytes,
  compareAddresses,
  familyOf,
  type IpAddress,
  parseAddress,
} from '../../net/address.ts';

export interface AddressRange {
  readonly first: IpAddress;
  /** Of the same family, and not below the first. */
  readonly last: IpAddress;
}

/** `end` is an address, or the last octet or group of one. What was expected, in words, where it is neither. */
export function rangeFrom(first: IpAddress, end: string): AddressRange | string {
  const last = parseAddress(end) ?? withLastPart(first, end);
  if (last === undefined) {
    const greatest = familyOf(first) === 4 ? 'a number up to 255' : 'hexadecimal digits up to ffff';
    return `a range that ends with an address or with ${greatest}`;
  }
  if (familyOf(last) !== familyOf(first)) return 'a range of addresses of one family';
  if (compareAddresses(last, first) < 0) return 'a range whose end is not below its start';
  return { first, last };
}

/** The address with its last octet, or its last group, as in `192.0.2.1-9` and `2001:db8::1-ff`. */
function withLastPart(first: IpAddress, part: string): IpAddress | undefined {
  const bytes = Uint8Array.from(addressBytes(first));
  if (familyOf(first) === 4) {
    const octet = /^\d{1,3}$/.test(part) ? Number(part) : Number.NaN;
    if (!(octet <= 255)) return undefined;
    bytes[3] = octet;
  } else {
    if (!/^[\da-f]{1,4}$/i.test(part)) return undefined;
    const group = Number.parseInt(part, 16);
    bytes[14] = group >> 8;
    bytes[15] = group & 0xff;
  }
  return addressFromBytes(bytes);
}
