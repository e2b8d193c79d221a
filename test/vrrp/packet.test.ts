/** Packets of Debian's keepalived 2.2.7, captured with tcpdump, from behind the IP header on. Each is used both ways. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import {
  type Advertisement,
  advertisementOf,
  decodePacket,
  encodeAdvertisement,
  hasValidChecksum,
  type PacketPath,
  writeChecksum,
} from '../../src/vrrp/packet.ts';
import { bytesOf, hexOf } from '../net/hex.ts';
import { wireConfig } from './reception-fixtures.ts';

interface Fixture {
  readonly what: string;
  readonly advertisement: Advertisement;
  readonly path: PacketPath;
  readonly hex: string;
}

const ipv4Path = { source: address('10.0.0.1'), destination: address('224.0.0.18') };
const ipv6Path = { source: address('fe80::ff:fe00:a'), destination: address('ff02::12') };

const tutorial = advertisementOf(wireConfig({ basePriority: 150 }), 150);
const two: Advertisement = {
  version: 2,
  vrid: 7,
  priority: 100,
  advertisementIntervalMs: 2000,
  addresses: [address('10.0.0.30'), address('10.0.0.31')],
  authentication: { type: 'none' },
};
const half: Advertisement = {
  version: 3,
  vrid: 8,
  priority: 200,
  advertisementIntervalMs: 500,
  addresses: [address('10.0.0.40')],
  authentication: { type: 'none' },
};
const six: Advertisement = {
  version: 3,
  vrid: 9,
  priority: 120,
  advertisementIntervalMs: 1000,
  addresses: [address('fe80::9'), address('2001:db8::9')],
  authentication: { type: 'none' },
};
const sixAddresses = 'fe80 0000 0000 0000 0000 0000 0000 0009 2001 0db8 0000 0000 0000 0000 0000 0009';

const fixtures: readonly Fixture[] = [
  {
    what: "the tutorial's VI_1 on lb01",
    advertisement: tutorial,
    path: ipv4Path,
    hex: '2133 9601 0101 db64 0a00 0003 3131 3131 0000 0000',
  },
  {
    what: 'VI_1 leaving with priority 0',
    advertisement: { ...tutorial, priority: 0 },
    path: ipv4Path,
    hex: '2133 0001 0101 7165 0a00 0003 3131 3131 0000 0000',
  },
  {
    what: 'two addresses without authentication, every 2 s',
    advertisement: two,
    path: ipv4Path,
    hex: '2107 6402 0002 66b7 0a00 001e 0a00 001f 0000 0000 0000 0000',
  },
  {
    what: 'two addresses, priority 0',
    advertisement: { ...two, priority: 0 },
    path: ipv4Path,
    hex: '2107 0002 0002 cab7 0a00 001e 0a00 001f 0000 0000 0000 0000',
  },
  {
    what: 'version 3 over IPv4, every 0.5 s',
    advertisement: half,
    path: ipv4Path,
    hex: '3108 c801 0032 120c 0a00 0028',
  },
  {
    what: 'version 3 over IPv4, priority 0',
    advertisement: { ...half, priority: 0 },
    path: ipv4Path,
    hex: '3108 0001 0032 da0c 0a00 0028',
  },
  {
    what: 'version 3 over IPv6',
    advertisement: six,
    path: ipv6Path,
    hex: `3109 7802 0064 2d0c ${sixAddresses}`,
  },
  {
    what: 'version 3 over IPv6, priority 0',
    advertisement: { ...six, priority: 0 },
    path: ipv6Path,
    hex: `3109 0002 0064 a50c ${sixAddresses}`,
  },
];

describe.each(fixtures)('$what', ({ advertisement, path, hex }) => {
  const family = path === ipv6Path ? 6 : 4;

  test('is encoded byte for byte as keepalived sends it', () => {
    expect(hexOf(encodeAdvertisement(advertisement, path))).toBe(hexOf(bytesOf(hex)));
  });

  test('is decoded to what was meant, with a valid checksum', () => {
    const packet = decodePacket(bytesOf(hex), family);
    if (!packet.ok) throw new Error(packet.error.detail);
    const { version, vrid, priority, advertisementIntervalMs, addresses } = advertisement;
    expect(packet.value).toMatchObject({
      version,
      type: 1,
      vrid,
      priority,
      advertisementIntervalMs,
      addresses,
    });
    expect(hasValidChecksum(packet.value, path)).toBe(true);
  });

  test('has an invalid checksum as soon as any one bit is changed', () => {
    const bytes = bytesOf(hex);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const packet = decodePacket(changed, family);
      // Version and address count change the expected length instead.
      if (packet.ok && packet.value.version === advertisement.version) {
        expect(hasValidChecksum(packet.value, path), `bit ${bit}`).toBe(false);
      }
    }
  });

  test('is refused one byte short and, where no frame pads it, one byte long', () => {
    const bytes = bytesOf(hex);
    expect(decodePacket(bytes.subarray(0, -1), family)).toMatchObject({
      ok: false,
      error: { reason: 'length' },
    });
    const long = Uint8Array.from([...bytes, 0]);
    expect(decodePacket(long, family).ok).toBe(family === 4 && long.length <= 26);
  });
});

describe('RFC2338-5.3.10: the password', () => {
  function authenticationField(password: string): string {
    const bytes = encodeAdvertisement({ ...tutorial, authentication: { type: 'PASS', password } }, ipv4Path);
    return hexOf(bytes.subarray(-8));
  }

  test('is padded with NUL to 8 bytes', () => {
    expect(authenticationField('ab')).toBe('6162000000000000');
  });

  test('of 8 bytes has no NUL, and of more is cut', () => {
    expect(authenticationField('abcdefgh')).toBe('6162636465666768');
    expect(authenticationField('abcdefghij')).toBe('6162636465666768');
  });

  test('is counted in bytes of UTF-8, not in characters', () => {
    expect(authenticationField('ü2345678')).toBe('c3bc323334353637');
  });
});

test('the padding of a minimal Ethernet frame is not part of the packet', () => {
  const padded = bytesOf('2133 9601 0101 db64 0a00 0003 3131 3131 0000 0000 dead beef 0000');
  const packet = decodePacket(padded, 4);
  expect(packet.ok && packet.value.bytes.length).toBe(20);
  expect(packet.ok && hasValidChecksum(packet.value, ipv4Path)).toBe(true);
});

test('a packet of an unknown version is read as far as its header', () => {
  const packet = decodePacket(bytesOf('7133 9603 0101 0000'), 4);
  expect(packet).toMatchObject({ ok: true, value: { version: 7, vrid: 51, addresses: [] } });
});

test('a version 3 checksum covers the addresses of the IP header, a version 2 checksum does not', () => {
  const elsewhere = { ...ipv4Path, source: address('10.0.0.2') };
  const [v2, v3] = [tutorial, half].map((advertisement) => {
    const packet = decodePacket(encodeAdvertisement(advertisement, ipv4Path), 4);
    return packet.ok && hasValidChecksum(packet.value, elsewhere);
  });
  expect([v2, v3]).toEqual([true, false]);
});

test('the largest packet, 255 addresses, survives both ways', () => {
  const addresses = Array.from({ length: 255 }, (_, index) => address(`10.1.0.${index}`));
  const packet = decodePacket(encodeAdvertisement({ ...tutorial, addresses }, ipv4Path), 4);
  expect(packet.ok && packet.value.addresses).toEqual(addresses);
});

describe('a trailer', () => {
  const message = encodeAdvertisement(half, ipv4Path);
  const signed = Uint8Array.from([...message, ...Array<number>(28).fill(7)]);

  test('is read only where one is expected, and only whole', () => {
    const packet = decodePacket(signed, 4, { trailerBytes: 28 });
    expect(packet.ok && [packet.value.bytes.length, hexOf(packet.value.trailer)]).toEqual([
      12,
      '07'.repeat(28),
    ]);
    expect(decodePacket(signed, 4).ok).toBe(false);
    for (const length of [27, 38, 39])
      expect(decodePacket(signed.subarray(0, length), 4, { trailerBytes: 28 }).ok).toBe(false);
    const without = decodePacket(message, 4, { trailerBytes: 28 });
    expect(without.ok && without.value.trailer.length).toBe(0);
  });

  test('is not summed over IPv4, and summed over IPv6, where the kernel does so', () => {
    const packet = decodePacket(signed, 4, { trailerBytes: 28 });
    expect(packet.ok && hasValidChecksum(packet.value, ipv4Path)).toBe(true);
    const six6 = Uint8Array.from([...encodeAdvertisement(six, ipv6Path), ...Array<number>(28).fill(7)]);
    const valid = (): boolean => {
      const read = decodePacket(six6, 6, { trailerBytes: 28 });
      return read.ok && hasValidChecksum(read.value, ipv6Path);
    };
    expect(valid()).toBe(false);
    writeChecksum(six6, ipv6Path, 'standard', six6.length - 28);
    expect(valid()).toBe(true);
  });
});

test('behind an Authentication Header only what a minimal frame lacks may be padding', () => {
  const bytes = encodeAdvertisement(half, ipv4Path);
  const padded = Uint8Array.from([...bytes, ...new Uint8Array(10)]);
  expect(decodePacket(padded, 4).ok).toBe(true);
  expect(decodePacket(padded, 4, { precedingBytes: 24 }).ok).toBe(false);
});
