import { expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { encodeIpv4Header, parseIpv4Header } from '../../src/net/ipv4.ts';
import { bytesOf, hexOf } from './hex.ts';

/** An advertisement of Debian's keepalived 2.2.7 from the IP header on, captured with tcpdump. */
const captured =
  '45c0 0028 0001 0000 ff70 d091 0a00 0001 e000 0012 2133 9601 0101 db64 0a00 0003 3131 3131 0000 0000';

test('reads what keepalived sent', () => {
  expect(parseIpv4Header(bytesOf(captured))).toEqual({
    ok: true,
    value: {
      source: '10.0.0.1',
      destination: '224.0.0.18',
      timeToLive: 255,
      protocol: 112,
      totalLengthBytes: 40,
      headerLengthBytes: 20,
    },
  });
});

test('a header with options is longer than 20 bytes, and the payload begins behind them', () => {
  // Router alert (RFC 2113): 94 04 00 00.
  const packet = bytesOf(`46c0 002c 0001 0000 ff70 0000 0a00 0001 e000 0012 9404 0000 ${captured.slice(50)}`);
  const header = parseIpv4Header(packet);
  expect(header.ok && header.value).toMatchObject({
    headerLengthBytes: 24,
    totalLengthBytes: 44,
    source: '10.0.0.1',
  });
});

test('reads a packet that lies somewhere inside a larger buffer', () => {
  const buffer = bytesOf(`ffff ff${captured} ffff`);
  const header = parseIpv4Header(buffer.subarray(3, -2));
  expect(header.ok && header.value.destination).toBe('224.0.0.18');
});

test.each([
  ['nothing', '', 'length'],
  ['19 bytes', captured.replace(/\s/g, '').slice(0, 38), 'length'],
  ['a header length of 16', `44${captured.slice(2)}`, 'length'],
  ['a header length beyond the packet', `4f${captured.slice(2)}`, 'length'],
  ['IP version 6', `65${captured.slice(2)}`, 'version'],
])('refuses %s', (_what, hex, reason) => {
  expect(parseIpv4Header(bytesOf(hex))).toMatchObject({ ok: false, error: { reason } });
});

test('no cut of a packet makes it throw', () => {
  const packet = bytesOf(captured);
  for (let length = 0; length <= packet.length; length += 1) {
    expect(parseIpv4Header(packet.subarray(0, length)).ok).toBe(length >= 20);
  }
});

const header = {
  source: address('10.0.0.1'),
  destination: address('224.0.0.18'),
  timeToLive: 255,
  protocol: 112,
  typeOfService: 0xc0,
  identification: 1,
  payloadBytes: 20,
};

test('writes the header that keepalived sent, its checksum too', () => {
  expect(hexOf(encodeIpv4Header(header))).toBe(hexOf(bytesOf(captured).subarray(0, 20)));
});

test('writes no header for IPv6 addresses', () => {
  expect(() => encodeIpv4Header({ ...header, source: address('fe80::1') })).toThrow('IPv4 addresses');
  expect(() => encodeIpv4Header({ ...header, destination: address('ff02::12') })).toThrow('IPv4 addresses');
});
