import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddressFamily, address, addressBytes, type IpAddress } from '../../src/net/address.ts';
import { internetChecksum } from '../../src/net/checksum.ts';
import { decodeIcmp, encodeEchoRequest, icmpTypes } from '../../src/net/icmp.ts';

const echo = { identifier: 0x1234, sequence: 7, data: Uint8Array.of(1, 2, 3) };
const target: Readonly<Record<AddressFamily, IpAddress>> = {
  4: address('10.0.0.7'),
  6: address('2001:db8::7'),
};

function withChecksum(family: AddressFamily, bytes: Uint8Array): Uint8Array {
  if (family === 4) {
    const view = new DataView(bytes.buffer);
    view.setUint16(2, 0);
    view.setUint16(2, internetChecksum(bytes));
  }
  return bytes;
}

function reply(family: AddressFamily, request = encodeEchoRequest(family, echo)): Uint8Array {
  const bytes = request.slice();
  bytes[0] = icmpTypes[family].echoReply;
  return withChecksum(family, bytes);
}

/** An IP packet as an error quotes it, `options` bytes longer than its header must be. */
function packet(family: AddressFamily, payload: Uint8Array, options = 0): Uint8Array {
  const headerBytes = family === 4 ? 20 + options : 40;
  const bytes = new Uint8Array(headerBytes + payload.length);
  bytes[0] = family === 4 ? 0x40 | (headerBytes / 4) : 0x60;
  bytes[family === 4 ? 9 : 6] = icmpTypes[family].protocol;
  bytes.set(addressBytes(target[family]), family === 4 ? 16 : 24);
  bytes.set(payload, headerBytes);
  return bytes;
}

function error(family: AddressFamily, type: number, code: number, quoted: Uint8Array): Uint8Array {
  return withChecksum(family, Uint8Array.from([type, code, 0, 0, 0, 0, 0, 0, ...quoted]));
}

describe.each([4, 6] as const)('IPv%i', (family) => {
  const types = icmpTypes[family];
  const request = encodeEchoRequest(family, echo);

  test('a request has its identifier, its sequence and its data', () => {
    expect([...request.subarray(4)]).toEqual([0x12, 0x34, 0, 7, 1, 2, 3]);
    expect(request[0]).toBe(family === 4 ? 8 : 128);
  });

  test('a reply gives them back', () => {
    expect(decodeIcmp(family, reply(family))).toEqual({ ok: true, value: { kind: 'echoReply', ...echo } });
  });

  test('our own request, heard by ourselves, is no reply', () => {
    expect(decodeIcmp(family, request)).toMatchObject({ ok: false, error: { reason: 'type' } });
  });

  test('every code of "destination unreachable" is an error about the request that it quotes', () => {
    for (const [code, meaning] of types.unreachableCodes.entries()) {
      const decoded = decodeIcmp(
        family,
        error(family, types.destinationUnreachable, code, packet(family, request)),
      );
      if (meaning === 'fragmentation needed') expect(decoded.ok).toBe(false);
      else {
        const ids = { identifier: echo.identifier, sequence: echo.sequence };
        const value = { kind: 'error', meaning, destination: target[family], ...ids };
        expect(decoded).toEqual({ ok: true, value });
      }
    }
  });

  test('a code of tomorrow is told by its number', () => {
    const bytes = error(family, types.destinationUnreachable, 99, packet(family, request));
    expect(decodeIcmp(family, bytes)).toMatchObject({
      value: { meaning: 'destination unreachable, code 99' },
    });
  });

  test('exceeded time is an error', () => {
    const bytes = error(family, types.timeExceeded, 0, packet(family, request));
    expect(decodeIcmp(family, bytes)).toMatchObject({ value: { meaning: 'time to live exceeded' } });
  });

  test('eight bytes of the request are enough', () => {
    const bytes = error(family, types.timeExceeded, 0, packet(family, request.subarray(0, 8)));
    expect(decodeIcmp(family, bytes)).toMatchObject({ ok: true, value: { identifier: 0x1234, sequence: 7 } });
    const short = error(family, types.timeExceeded, 0, packet(family, request.subarray(0, 7)));
    expect(decodeIcmp(family, short)).toMatchObject({ ok: false, error: { reason: 'quoted' } });
  });

  test('an error about a reply is not one about a request', () => {
    const bytes = error(family, types.timeExceeded, 0, packet(family, reply(family)));
    expect(decodeIcmp(family, bytes)).toMatchObject({ ok: false, error: { reason: 'quoted' } });
  });

  test('an error about another protocol is not ours', () => {
    const quoted = packet(family, request);
    quoted[family === 4 ? 9 : 6] = 17;
    const bytes = error(family, types.destinationUnreachable, 3, quoted);
    expect(decodeIcmp(family, bytes)).toMatchObject({ ok: false, error: { reason: 'quoted' } });
  });

  test('no bytes make the decoder throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(...Object.values(types)),
        (bytes, type) => {
          const changed = bytes.slice();
          if (typeof type === 'number' && changed.length > 8) changed[0] = type;
          for (const one of [bytes, withChecksumIfLong(family, changed)]) {
            const result = decodeIcmp(family, one);
            if (!result.ok) expect(result.error.detail).not.toBe('');
          }
        },
      ),
    );
  });
});

function withChecksumIfLong(family: AddressFamily, bytes: Uint8Array): Uint8Array {
  return bytes.length < 8 ? bytes : withChecksum(family, bytes);
}

test('the checksum of a request over IPv4 is right, and that of IPv6 is left to the kernel', () => {
  expect(internetChecksum(encodeEchoRequest(4, echo))).toBe(0);
  expect([...encodeEchoRequest(6, echo).subarray(2, 4)]).toEqual([0, 0]);
});

test('a reply over IPv4 with a wrong checksum is rejected', () => {
  const bytes = reply(4);
  bytes[9] = 77;
  expect(decodeIcmp(4, bytes)).toMatchObject({ ok: false, error: { reason: 'checksum' } });
});

test('a quoted IPv4 header with options is passed over as long as it is', () => {
  const bytes = error(4, 3, 1, packet(4, encodeEchoRequest(4, echo), 8));
  expect(decodeIcmp(4, bytes)).toMatchObject({ value: { meaning: 'host unreachable', identifier: 0x1234 } });
});
