import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BfdPacket, decodePacket, encodePacket } from '../../src/bfd/index.ts';
import { packetFrom } from './sessions.ts';

/** Taken with tcpdump from Debian's keepalived: Up, 50 ms, multiplier 3. */
const fromKeepalived = '20c00318263f506e1a2b3c4d0000c3500000c35000000000';

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function withByte(index: number, value: number, base: Uint8Array = bytes(fromKeepalived)): Uint8Array {
  const changed = Uint8Array.from(base);
  changed[index] = value;
  return changed;
}

function reasonOf(payload: Uint8Array): string {
  const result = decodePacket(payload);
  return result.ok ? 'accepted' : result.error.reason;
}

describe('RFC 5880 section 4.1: the Control packet', () => {
  it('is read from what keepalived sends', () => {
    expect(decodePacket(bytes(fromKeepalived))).toEqual({
      ok: true,
      value: {
        diagnostic: 0,
        state: 'Up',
        isPoll: false,
        isFinal: false,
        hasAuthentication: false,
        isDemand: false,
        detectMultiplier: 3,
        myDiscriminator: 0x263f506e,
        yourDiscriminator: 0x1a2b3c4d,
        desiredMinTxMs: 50,
        requiredMinRxMs: 50,
        requiredMinEchoRxMs: 0,
      } satisfies BfdPacket,
    });
  });

  it('is written byte for byte as keepalived writes it', () => {
    const packet = decodePacket(bytes(fromKeepalived));
    expect(packet.ok && Buffer.from(encodePacket(packet.value)).toString('hex')).toBe(fromKeepalived);
  });

  it('has each flag in its bit', () => {
    const second = (changes: Partial<BfdPacket>) =>
      encodePacket(packetFrom({ state: 'AdminDown', ...changes }))[1];
    expect(second({})).toBe(0);
    expect(second({ isPoll: true })).toBe(0x20);
    expect(second({ isFinal: true })).toBe(0x10);
    expect(second({ isDemand: true })).toBe(0x02);
    expect(second({ state: 'Down' })).toBe(0x40);
    expect(second({ state: 'Init' })).toBe(0x80);
    expect(second({ state: 'Up' })).toBe(0xc0);
  });

  it('holds an interval to the microsecond, and cuts one that is too long for its field', () => {
    const packet = decodePacket(
      encodePacket(packetFrom({ desiredMinTxMs: 3.312, requiredMinRxMs: 2 ** 31 })),
    );
    expect(packet).toMatchObject({ value: { desiredMinTxMs: 3.312, requiredMinRxMs: 4_294_967.295 } });
  });

  it('comes out of decoding as it went into encoding', () => {
    const word = fc.integer({ min: 1, max: 0xffff_ffff });
    const arbitrary = fc.record({
      diagnostic: fc.integer({ min: 0, max: 31 }),
      state: fc.constantFrom('AdminDown', 'Down', 'Init', 'Up'),
      isPoll: fc.boolean(),
      isFinal: fc.boolean(),
      isDemand: fc.boolean(),
      hasAuthentication: fc.constant(false),
      detectMultiplier: fc.integer({ min: 1, max: 255 }),
      myDiscriminator: word,
      yourDiscriminator: word,
      desiredMinTxMs: word.map((us) => us / 1000),
      requiredMinRxMs: word.map((us) => us / 1000),
      requiredMinEchoRxMs: word.map((us) => us / 1000),
    });
    fc.assert(
      fc.property(arbitrary, (packet) => {
        expect(decodePacket(encodePacket(packet))).toEqual({ ok: true, value: packet });
      }),
    );
  });
});

describe('RFC 5880 section 6.8.6: a packet is discarded', () => {
  it.each([0, 2, 3, 7])('if its version is %i and not 1', (version) => {
    expect(reasonOf(withByte(0, version << 5))).toBe('versionErr');
  });

  it('if its Length is less than 24 without the A bit', () => {
    expect(reasonOf(withByte(3, 23))).toBe('lengthErr');
    expect(reasonOf(withByte(3, 24))).toBe('accepted');
  });

  it('if its Length is less than 26 with the A bit', () => {
    const long = Uint8Array.from([...withByte(1, 0xc4), 1, 2, 0, 0]);
    expect(reasonOf(withByte(3, 25, long))).toBe('lengthErr');
    expect(reasonOf(withByte(3, 26, long))).toBe('accepted');
  });

  it('if its Length is greater than the payload', () => {
    expect(reasonOf(withByte(3, 25))).toBe('lengthErr');
    expect(reasonOf(bytes(fromKeepalived).subarray(0, 23))).toBe('lengthErr');
    expect(reasonOf(new Uint8Array(0))).toBe('lengthErr');
  });

  it('but not for bytes behind its Length', () => {
    expect(reasonOf(Uint8Array.from([...bytes(fromKeepalived), 0, 0, 0]))).toBe('accepted');
  });

  it('if its Detect Mult is zero', () => {
    expect(reasonOf(withByte(2, 0))).toBe('detectMultErr');
  });

  it('if its Multipoint bit is set', () => {
    expect(reasonOf(withByte(1, 0xc1))).toBe('multipointErr');
  });

  it('if its My Discriminator is zero', () => {
    expect(reasonOf(encodePacket(packetFrom({ myDiscriminator: 0 })))).toBe('myDiscriminatorErr');
  });

  it.each([
    ['AdminDown', 'accepted'],
    ['Down', 'accepted'],
    ['Init', 'yourDiscriminatorErr'],
    ['Up', 'yourDiscriminatorErr'],
  ] as const)('or not, if its Your Discriminator is zero and its State is %s: %s', (state, reason) => {
    expect(reasonOf(encodePacket(packetFrom({ state, yourDiscriminator: 0 })))).toBe(reason);
  });

  it('for the first reason in the order of the section', () => {
    // Everything is wrong: version 0, Length 0, Detect Mult 0, Multipoint, both discriminators 0.
    const wrong = withByte(1, 0x01, new Uint8Array(24));
    expect(reasonOf(wrong)).toBe('versionErr');
    wrong[0] = 0x20;
    expect(reasonOf(wrong)).toBe('lengthErr');
    wrong[3] = 24;
    expect(reasonOf(wrong)).toBe('detectMultErr');
    wrong[2] = 1;
    expect(reasonOf(wrong)).toBe('multipointErr');
    wrong[1] = 0xc0;
    expect(reasonOf(wrong)).toBe('myDiscriminatorErr');
    wrong[7] = 1;
    expect(reasonOf(wrong)).toBe('yourDiscriminatorErr');
    wrong[11] = 1;
    expect(reasonOf(wrong)).toBe('accepted');
  });
});
