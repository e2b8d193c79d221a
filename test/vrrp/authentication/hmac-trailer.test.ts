/** auth_hmac: the example packets of its specification, every way to be refused, rotation, modes, and time. */
import { describe, expect, test } from 'vitest';
import type { AuthHmacConfig } from '../../../src/config-parser/config.ts';
import { address } from '../../../src/net/address.ts';
import { decodeTrailer, signedAdvertisement } from '../../../src/vrrp/authentication/hmac-trailer.ts';
import { keyedHashOf } from '../../../src/vrrp/authentication/keyed-hash.ts';
import { encodeAdvertisement, writeChecksum } from '../../../src/vrrp/packet.ts';
import { bytesOf, hexOf } from '../../net/hex.ts';
import {
  authHmac,
  group,
  newYearMs,
  noAuthentication,
  overIpv6,
  Receiver,
  Sender,
  them,
  unicastTo,
  us,
  version3,
  virtualAddress,
  type WireConfig,
  wireConfig,
} from '../reception-fixtures.ts';

/** The examples: key 00 01 .. 1f, VRID 51, priority 200, every second, sequence 6800000080000000. */
const exampleKey = authHmac({
  keys: [{ id: 1, form: 'hex', value: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f' }],
  antiReplay: 'monotonic',
});
const sequence = { high: 0x6800_0000, low: 0x8000_0000 };

const examples = [
  {
    what: 'IPv4, with a checksum over the message alone',
    config: wireConfig({
      ...version3,
      v3ChecksumAsV2: true,
      authHmac: exampleKey,
      virtualAddresses: [virtualAddress('192.0.2.100')],
    }),
    path: { source: address('198.51.100.10'), destination: group },
    hex: '3133c80100644402c0000264 010100006800000080000000 1b84bc4e8e43892dc6d98448f8ee2265',
  },
  {
    what: 'IPv6 unicast, with a checksum over the trailer too',
    config: wireConfig({
      ...overIpv6,
      transport: unicastTo(address('fe80::10')),
      authHmac: exampleKey,
      virtualAddresses: [virtualAddress('fe80::100')],
    }),
    path: { source: address('fe80::10'), destination: address('fe80::20') },
    hex: '3133c8010064a2e9 fe800000000000000000000000000100 010100006800000080000000 c8c56146ebfd66ee10ec4d8186461b78',
  },
] as const;

describe.each(examples)('the example over $what', ({ config, path, hex }) => {
  const { family, version, vrid } = config;

  test('is what we write', () => {
    const key = keyedHashOf(exampleKey, 1);
    if (key === undefined) throw new Error('the key is missing');
    const checksumStyle = family === 4 ? 'message' : 'standard';
    const addresses = config.virtualAddresses.map((one) => one.address);
    const message = encodeAdvertisement(
      {
        version,
        vrid,
        priority: 200,
        advertisementIntervalMs: 1000,
        addresses,
        ...noAuthentication,
        checksumStyle,
      },
      path,
    );
    const signed = signedAdvertisement(message, {
      context: { family, version, vrid, source: path.source },
      key,
      keyId: 1,
      sequence,
    });
    if (family === 6) writeChecksum(signed, path, 'standard', message.length);
    expect(hexOf(signed)).toBe(hexOf(bytesOf(hex)));
  });

  test('is accepted, and with any bit changed it is not', () => {
    const datagram = { ...path, hopLimit: 255, payload: bytesOf(hex) };
    expect(new Receiver(config).hears(datagram, newYearMs)).toBe('accepted');
    for (let bit = 0; bit < datagram.payload.length * 8; bit += 1) {
      const payload = bytesOf(hex);
      payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
      expect(new Receiver(config).hears({ ...datagram, payload }, newYearMs), `bit ${bit}`).not.toBe(
        'accepted',
      );
    }
  });

  test('says nothing about another source or another VRID', () => {
    const datagram = { ...path, hopLimit: 255, payload: bytesOf(hex) };
    const source = family === 4 ? address('198.51.100.11') : address('fe80::11');
    expect(new Receiver(config).hears({ ...datagram, source }, newYearMs)).toBe('authExtInvalidHmac');
    const payload = bytesOf(hex);
    payload[1] = 52;
    expect(new Receiver({ ...config, vrid: 52 }).hears({ ...datagram, payload }, newYearMs)).toBe(
      'authExtInvalidHmac',
    );
  });
});

function signing(changes: Partial<AuthHmacConfig> = {}, base: Partial<WireConfig> = version3): WireConfig {
  return wireConfig({ ...base, authHmac: authHmac(changes) });
}

const bases = [
  ['version 2', noAuthentication],
  ['version 3', version3],
  ['version 3 over IPv6', overIpv6],
  ['version 3 unicast', { ...version3, transport: unicastTo(them) }],
] as const;

describe.each(bases)('%s', (_what, base) => {
  const config = signing({}, base);

  test('what a peer of the same keys sends is accepted, with 28 bytes behind the message', () => {
    const said = new Sender(config).says(150, newYearMs);
    const { result } = new Receiver(config).receives(said, newYearMs);
    expect(result).toMatchObject({ ok: true, value: { priority: 150 } });
    expect(result.ok && result.value.trailer.length).toBe(28);
  });

  test('no counter of auth_hmac is wrong about what it counts', () => {
    const said = new Sender(config).says(150, newYearMs);
    const trailerAt = said.payload.length - 28;
    const hears = (changes: Readonly<Record<number, number>>, atMs = newYearMs): string => {
      const payload = said.payload.slice();
      for (const [offset, byte] of Object.entries(changes)) payload[trailerAt + Number(offset)] = byte;
      return new Receiver(config).hears({ ...said, payload }, atMs);
    };
    expect(
      new Receiver(config).hears({ ...said, payload: said.payload.subarray(0, trailerAt) }, newYearMs),
    ).toBe('authExtMissing');
    expect([hears({ 0: 2 }), hears({ 2: 1 }), hears({ 3: 1 })]).toEqual(Array(3).fill('authExtMalformed'));
    expect(hears({ 1: 3 })).toBe('authExtUnknownKey');
    expect([
      hears({ 1: 2 }),
      hears({ 12: 0 }, newYearMs),
      hears({ 27: (said.payload.at(-1) ?? 0) ^ 1 }),
    ]).toEqual(Array(3).fill('authExtInvalidHmac'));
    expect([hears({}, newYearMs + 6000), hears({}, newYearMs - 6000)]).toEqual(Array(2).fill('authExtStale'));
    const receiver = new Receiver(config);
    expect([receiver.hears(said, newYearMs), receiver.hears(said, newYearMs + 1)]).toEqual([
      'accepted',
      'authExtReplay',
    ]);
  });

  test('a trailer cut or lengthened is a wrong length', () => {
    const said = new Sender(config).says(150, newYearMs);
    for (const length of [said.payload.length - 1, said.payload.length - 13, said.payload.length + 1]) {
      const payload = Uint8Array.from({ length }, (_, index) => said.payload[index] ?? 0);
      expect(new Receiver(config).hears({ ...said, payload }, newYearMs), `${length}`).toBe('packetLenErr');
    }
  });

  test('whoever has no auth_hmac hears only that the packet is too long', () => {
    const { authHmac: _, ...without } = config;
    expect(new Receiver(without).hears(new Sender(config).says(150, newYearMs), newYearMs)).toBe(
      'packetLenErr',
    );
  });
});

describe('keys', () => {
  test('each key that is configured is accepted, whichever signs here', () => {
    for (const activeKeyId of [1, 2]) {
      const said = new Sender(signing({ activeKeyId })).says(150, newYearMs);
      expect(new Receiver(signing()).hears(said, newYearMs)).toBe('accepted');
      expect(decodeTrailer(said.payload.subarray(-28)).keyId).toBe(activeKeyId);
    }
  });

  test('a rotation is heard through, and a recording under the old key is not', () => {
    const receiver = new Receiver(signing());
    const before = new Sender(signing()).says(150, newYearMs);
    expect(receiver.hears(before, newYearMs)).toBe('accepted');
    expect(
      receiver.hears(new Sender(signing({ activeKeyId: 2 })).says(150, newYearMs + 10), newYearMs + 10),
    ).toBe('accepted');
    expect(receiver.hears(before, newYearMs + 20)).toBe('authExtReplay');
  });

  test('what is signed with another key of the same number is invalid', () => {
    const other = signing({ keys: [{ id: 1, form: 'text', value: 'another-example-of-32-characters' }] });
    expect(new Receiver(signing()).hears(new Sender(other).says(150, newYearMs), newYearMs)).toBe(
      'authExtInvalidHmac',
    );
  });

  test('a key that is still in its file is our mistake, and never an unsigned packet', () => {
    const unread = signing({ keys: [{ id: 1, form: 'file', value: '/etc/keepalived/key' }] });
    expect(() => new Sender(unread).says(150, newYearMs)).toThrow('has not been read');
    expect(() => new Sender(signing({ activeKeyId: 9 })).says(150, newYearMs)).toThrow('no key 9');
  });
});

describe('modes', () => {
  const unsigned = new Sender(wireConfig(version3)).says(150, newYearMs);

  test.each(['permissive', 'receive-only'] as const)(
    '%s accepts the unsigned and the wrongly signed, and says what was wrong',
    (mode) => {
      const wrong = new Sender(
        signing({ keys: [{ id: 1, form: 'text', value: 'another-example-of-32-characters' }] }),
      ).says(150, newYearMs);
      for (const [said, counter] of [
        [unsigned, 'authExtMissing'],
        [wrong, 'authExtInvalidHmac'],
      ] as const) {
        const { result, tolerated } = new Receiver(signing({ mode })).receives(said, newYearMs);
        expect(result.ok).toBe(true);
        expect(tolerated).toMatchObject({ counter });
      }
      const good = new Receiver(signing({ mode })).receives(
        new Sender(signing()).says(150, newYearMs),
        newYearMs,
      );
      expect(good.result.ok).toBe(true);
      expect(good.tolerated).toBeUndefined();
    },
  );

  test('permissive tolerates no other fault', () => {
    const { payload } = unsigned;
    const broken = { ...unsigned, payload: payload.with(7, (payload[7] ?? 0) ^ 1) };
    expect(new Receiver(signing({ mode: 'permissive' })).hears(broken, newYearMs)).toBe('checksumErr');
  });

  test('receive-only sends unsigned packets, permissive signs them', () => {
    expect(new Sender(signing({ mode: 'receive-only' })).says(150, newYearMs)).toEqual(unsigned);
    expect(new Sender(signing({ mode: 'permissive' })).says(150, newYearMs).payload.length).toBe(
      unsigned.payload.length + 28,
    );
  });

  test('enforce accepts nothing unsigned', () => {
    expect(new Receiver(signing()).hears(unsigned, newYearMs)).toBe('authExtMissing');
  });
});

describe('anti_replay time', () => {
  test('the whole window counts as fresh, and no second more', () => {
    const said = new Sender(signing()).says(150, newYearMs);
    expect(
      [-5000, 5000].map((passedMs) => new Receiver(signing()).hears(said, newYearMs + passedMs)),
    ).toEqual(['accepted', 'accepted']);
    expect(
      [-5001, 6000].map((passedMs) => new Receiver(signing()).hears(said, newYearMs + passedMs)),
    ).toEqual(['authExtStale', 'authExtStale']);
  });

  test('where the time is not known nothing is accepted', () => {
    expect(new Receiver(signing()).hears(new Sender(signing()).says(150, newYearMs))).toBe('authExtStale');
  });

  test('a peer that restarts is heard at once', () => {
    const receiver = new Receiver(signing());
    expect(receiver.hears(new Sender(signing()).says(150, newYearMs), newYearMs)).toBe('accepted');
    expect(receiver.hears(new Sender(signing()).says(150, newYearMs + 1), newYearMs + 1)).toBe('accepted');
  });

  test('when all clocks were ahead and are put right, the peer is heard again, and its recordings are not', () => {
    const receiver = new Receiver(signing());
    const sender = new Sender(signing());
    const wrongMs = newYearMs + 86_400_000;
    const recording = sender.says(150, wrongMs);
    expect(receiver.hears(recording, wrongMs)).toBe('accepted');
    const corrected = sender.says(150, newYearMs);
    expect(receiver.hears(corrected, newYearMs)).toBe('accepted');
    expect(receiver.hears(corrected, newYearMs + 1)).toBe('authExtReplay');
    expect(receiver.hears(recording, newYearMs + 2)).toBe('authExtStale');
  });
});

describe('anti_replay monotonic', () => {
  const monotonic = signing({ antiReplay: 'monotonic' });

  test('clocks need not agree', () => {
    const receiver = new Receiver(monotonic);
    const sender = new Sender(monotonic);
    for (const senderMs of [newYearMs - 9e8, newYearMs - 9e8 + 1, newYearMs + 9e8]) {
      expect(receiver.hears(sender.says(150, senderMs), newYearMs)).toBe('accepted');
    }
    expect(new Receiver(monotonic).hears(sender.says(150, newYearMs))).toBe('accepted');
  });

  test('the number may not go back', () => {
    const receiver = new Receiver(monotonic);
    const [first, second] = [
      new Sender(monotonic).says(150, newYearMs),
      new Sender(monotonic).says(150, newYearMs + 1),
    ];
    expect(receiver.hears(second, newYearMs)).toBe('accepted');
    expect(receiver.hears(first, newYearMs)).toBe('authExtReplay');
  });

  test('a sender never goes back, even when its clock does', () => {
    const receiver = new Receiver(monotonic);
    const sender = new Sender(monotonic);
    for (const atMs of [newYearMs, newYearMs - 3_600_000, newYearMs - 3_600_000, newYearMs + 1]) {
      expect(receiver.hears(sender.says(150, atMs), newYearMs)).toBe('accepted');
    }
  });

  test('a peer whose clock was years ahead is heard after its restart, and what it signed then never again', () => {
    const receiver = new Receiver(monotonic);
    const wrong = new Sender(monotonic);
    const wrongMs = newYearMs + 9e10;
    const recordings = [0, 1000, 2000].map((passedMs) => wrong.says(200, wrongMs + passedMs));
    expect(recordings.map((packet) => receiver.hears(packet, newYearMs))).toEqual(Array(3).fill('accepted'));
    const restarted = new Sender(monotonic);
    expect(receiver.hears(restarted.says(150, newYearMs + 3000), newYearMs + 3000)).toBe('accepted');
    expect(recordings.map((packet) => receiver.hears(packet, newYearMs + 3500))).toEqual(
      Array(3).fill('authExtReplay'),
    );
    expect(receiver.hears(restarted.says(150, newYearMs + 4000), newYearMs + 4000)).toBe('accepted');
  });

  test('a peer whose clock fell behind is heard again when it has caught up', () => {
    const receiver = new Receiver(monotonic);
    expect(receiver.hears(new Sender(monotonic).says(150, newYearMs), newYearMs)).toBe('accepted');
    const restarted = new Sender(monotonic);
    expect(receiver.hears(restarted.says(150, newYearMs - 60_000), newYearMs + 1000)).toBe('authExtReplay');
    expect(receiver.hears(restarted.says(150, newYearMs + 2000), newYearMs + 62_000)).toBe('accepted');
  });
});

test('nobody without a key can fill or move the memory', () => {
  const config = signing();
  const receiver = new Receiver(config);
  expect(receiver.hears(new Sender(config).says(150, newYearMs), newYearMs)).toBe('accepted');
  const { memory } = receiver;
  const forger = signing({ keys: [{ id: 1, form: 'text', value: 'another-example-of-32-characters' }] });
  for (let host = 1; host < 50; host += 1) {
    const said = new Sender(forger, address(`10.0.0.${host}`)).says(255, newYearMs + 1000);
    expect(receiver.hears(said, newYearMs + 1000)).toBe('authExtInvalidHmac');
  }
  expect(receiver.memory).toBe(memory);
});

test('of many senders with a key the last eight are remembered', () => {
  const config = signing();
  const receiver = new Receiver(config);
  for (let host = 1; host < 50; host += 1) {
    expect(
      receiver.hears(new Sender(config, address(`10.0.0.${host}`)).says(150, newYearMs), newYearMs),
    ).toBe('accepted');
  }
  expect(receiver.memory.senders.map(({ source }) => source)).toEqual(
    [49, 48, 47, 46, 45, 44, 43, 42].map((host) => `10.0.0.${host}`),
  );
});

test('a signed packet that fails a later check moves no mark', () => {
  const config = signing({}, noAuthentication);
  const receiver = new Receiver(config);
  const said = new Sender(config).says(150, newYearMs);
  expect(receiver.hears({ ...said, destination: us }, newYearMs)).toBe('addrListErr');
  expect(receiver.hears(said, newYearMs)).toBe('accepted');
});
