import { describe, expect, it } from 'vitest';
import { readIpv4WithAuthenticationHeader } from '../../src/kernel/vrrp-socket-datagram.ts';
import { bytesOf, hexOf } from '../net/hex.ts';

const ipHeader = '45c0004012340000ff330000c0000201e0000012';
const authentication = `7004000000000007${'00000001'}${'aa'.repeat(12)}`;
const vrrp = '210764020001b8ebc000020a0000000000000000';

function read(hex: string) {
  return readIpv4WithAuthenticationHeader(bytesOf(hex));
}

describe('an IPv4 packet with an Authentication Header', () => {
  it('is split into both headers and the VRRP packet', () => {
    const datagram = read(ipHeader + authentication + vrrp);
    if (typeof datagram === 'string') throw new Error(datagram);
    expect(datagram).toMatchObject({ source: '192.0.2.1', destination: '224.0.0.18', hopLimit: 255 });
    expect(hexOf(datagram.payload)).toBe(vrrp);
    expect(hexOf(datagram.authenticationHeader ?? new Uint8Array())).toBe(ipHeader + authentication);
  });

  it('claims for the VRRP packet what the total length leaves after both headers', () => {
    expect(read(ipHeader + authentication + vrrp)).toMatchObject({ claimedPayloadBytes: 20 });
    // Padding to the least size of a frame does not count.
    expect(read(`${ipHeader}${authentication}${vrrp}0000`)).toMatchObject({ claimedPayloadBytes: 20 });
  });

  it('keeps IP options with the headers', () => {
    const withOptions = `46c0004412340000ff330000c0000201e000001201010101`;
    const datagram = read(withOptions + authentication + vrrp);
    expect(datagram).toMatchObject({ payload: bytesOf(vrrp), claimedPayloadBytes: 20 });
    expect(datagram).toMatchObject({ authenticationHeader: bytesOf(withOptions + authentication) });
  });

  it.each([
    [
      'another protocol inside',
      `06${authentication.slice(2)}${vrrp}`,
      'carries protocol 6 and must carry 112',
    ],
    ['a length beyond the packet', `70ff${authentication.slice(4)}${vrrp}`, 'of 1028 bytes does not fit'],
    ['a length below the least', `7000${authentication.slice(4)}${vrrp}`, 'of 8 bytes does not fit'],
    ['a cut header', '70040000000000', 'has at least 12 bytes, here are 7'],
    ['nothing', '', 'has at least 12 bytes, here are 0'],
  ])('with %s is malformed', (_, rest, reason) => {
    expect(read(ipHeader + rest)).toContain(reason);
  });

  it('is malformed where the IP header is', () => {
    expect(read('45c00040')).toContain('an IPv4 packet has at least 20 bytes');
  });
});
