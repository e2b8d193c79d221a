/** The bytes are those of a little-endian machine, which is every one that the project is tested on. */
import { endianness } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  interfaceNameBytes,
  ipMreqn,
  ipOfSocketAddress,
  ipv4SocketAddress,
  ipv6AddressAndInterface,
  ipv6SocketAddress,
  linkSocketAddress,
  unixSocketAddress,
} from '../../src/kernel/socket-address.ts';
import { address } from '../../src/net/address.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe.skipIf(endianness() !== 'LE')('the bytes of', () => {
  it.each([
    ['sockaddr_in', ipv4SocketAddress(address('192.0.2.1'), 80), '02000050c00002010000000000000000'],
    [
      'sockaddr_in6',
      ipv6SocketAddress(address('fe80::1'), 3, 80),
      '0a00005000000000fe80000000000000000000000000000103000000',
    ],
    ['sockaddr_ll', linkSocketAddress(258), '1100000002010000000000000000000000000000'],
    ['sockaddr_ll with a type', linkSocketAddress(2, 0x0806), '1100080602000000000000000000000000000000'],
    ['sockaddr_un with a path', unixSocketAddress('/a'), '01002f6100'],
    ['sockaddr_un with an abstract name', unixSocketAddress('@a'), '01000061'],
    ['ip_mreqn', ipMreqn(address('224.0.0.18'), address('192.0.2.1'), 5), 'e0000012c000020105000000'],
    ['ip_mreqn without address', ipMreqn(address('224.0.0.18'), undefined, 5), 'e00000120000000005000000'],
    ['ipv6_mreq', ipv6AddressAndInterface(address('ff02::12'), 5), `ff02${'00'.repeat(13)}1205000000`],
    ['an interface name', interfaceNameBytes('eth0'), '6574683000'],
  ])('%s', (_name, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });
});

describe('ipOfSocketAddress', () => {
  it('reads back what the builders wrote', () => {
    expect(ipOfSocketAddress(ipv4SocketAddress(address('192.0.2.1'), 80))).toBe('192.0.2.1');
    expect(ipOfSocketAddress(ipv6SocketAddress(address('fe80::1'), 2))).toBe('fe80::1');
  });

  it('knows no address in other or too few bytes', () => {
    expect(ipOfSocketAddress(linkSocketAddress(1))).toBeUndefined();
    expect(ipOfSocketAddress(new Uint8Array(0))).toBeUndefined();
    expect(ipOfSocketAddress(ipv6SocketAddress(address('::1')).subarray(0, 16))).toBeUndefined();
  });
});

it('refuses a path that no Unix socket can have', () => {
  expect(() => unixSocketAddress('')).toThrow('1 to 107 bytes');
  expect(() => unixSocketAddress(`/${'x'.repeat(107)}`)).toThrow('1 to 107 bytes');
  expect(unixSocketAddress(`/${'x'.repeat(106)}`)).toHaveLength(2 + 107 + 1);
});
