/**
 * The kernel's structures that hold addresses, as bytes: sockaddr of each family, and what joins and sends to multicast
 * groups. Ports and addresses are in network order, the other numbers in the machine's own.
 */
import { endianness } from 'node:os';
import { addressBytes, addressFromBytes, type IpAddress } from '../net/address.ts';
import { AF_INET, AF_INET6, AF_PACKET, AF_UNIX } from './socket-constants.ts';

const littleEndian = endianness() === 'LE';

/** sockaddr_in. */
export function ipv4SocketAddress(host: IpAddress, port = 0): Uint8Array {
  const { bytes, view } = structure(16, AF_INET);
  view.setUint16(2, port);
  bytes.set(addressBytes(host), 4);
  return bytes;
}

/** sockaddr_in6; `scopeId` is the interface's index, for link-local addresses. */
export function ipv6SocketAddress(host: IpAddress, scopeId = 0, port = 0): Uint8Array {
  const { bytes, view } = structure(28, AF_INET6);
  view.setUint16(2, port);
  bytes.set(addressBytes(host), 8);
  view.setUint32(24, scopeId, littleEndian);
  return bytes;
}

/** sockaddr_ll for whole frames of an interface. `etherType` is what to receive when it is bound to; 0 is nothing. */
export function linkSocketAddress(interfaceIndex: number, etherType = 0): Uint8Array {
  const { bytes, view } = structure(20, AF_PACKET);
  view.setUint16(2, etherType);
  view.setInt32(4, interfaceIndex, littleEndian);
  return bytes;
}

/** sockaddr_un; a leading `@` means a name in the abstract name space. Throws when the path is empty or too long. */
export function unixSocketAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  const maximum = 107;
  if (name.length === 0 || name.length > maximum) {
    throw new Error(`the path of a Unix socket has 1 to ${maximum} bytes, "${path}" has ${name.length}`);
  }
  const abstract = path.startsWith('@');
  const { bytes } = structure(2 + name.length + (abstract ? 0 : 1), AF_UNIX);
  bytes.set(name, 2);
  if (abstract) bytes[2] = 0;
  return bytes;
}

/** The IP address in a sockaddr_in or sockaddr_in6; undefined for any other bytes. */
export function ipOfSocketAddress(bytes: Uint8Array): IpAddress | undefined {
  if (bytes.length < 16) return undefined;
  const family = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, littleEndian);
  if (family === AF_INET) return addressFromBytes(bytes.subarray(4, 8));
  if (family === AF_INET6 && bytes.length >= 24) return addressFromBytes(bytes.subarray(8, 24));
  return undefined;
}

/** ip_mreqn: a group and an interface by index, or, for IP_MULTICAST_IF, the source address and the interface. */
export function ipMreqn(group: IpAddress, local: IpAddress | undefined, interfaceIndex: number): Uint8Array {
  const bytes = new Uint8Array(12);
  bytes.set(addressBytes(group), 0);
  if (local !== undefined) bytes.set(addressBytes(local), 4);
  new DataView(bytes.buffer).setInt32(8, interfaceIndex, littleEndian);
  return bytes;
}

/** ipv6_mreq and in6_pktinfo, which have the same form: an address, then an interface's index. */
export function ipv6AddressAndInterface(value: IpAddress, interfaceIndex: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes.set(addressBytes(value), 0);
  new DataView(bytes.buffer).setUint32(16, interfaceIndex, littleEndian);
  return bytes;
}

/** The C string of an interface's name. */
export function interfaceNameBytes(name: string): Uint8Array {
  return new TextEncoder().encode(`${name}\0`);
}

function structure(size: number, family: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, family, littleEndian);
  return { bytes, view };
}
