/** auth_type AH: keepalived's own packets both ways, and everything that must not pass for one. */
import { describe, expect, test } from 'vitest';
import { address } from '../../../src/net/address.ts';
import {
  authenticationHeaderKey,
  decodeAuthenticationHeader,
  encodeAuthenticatedDatagram,
  verifyAuthenticationHeader,
} from '../../../src/vrrp/authentication/authentication-header.ts';
import { bytesOf, hexOf } from '../../net/hex.ts';
import {
  multicastAuthenticated,
  multicastAuthenticatedSuccessor,
  unicastAuthenticated,
} from '../captured-packets.ts';
import {
  authenticated,
  fromIpv4,
  newYearMs,
  Receiver,
  Sender,
  unicastTo,
  us,
  virtualAddress,
  wireConfig,
} from '../reception-fixtures.ts';

const key = authenticationHeaderKey(authenticated.authentication);
const ours = { virtualAddresses: [virtualAddress('10.9.0.3')], ...authenticated };
const multicast = wireConfig(ours);
const unicast = wireConfig({ ...ours, transport: unicastTo(address('10.9.0.1')) });

const captures = [
  {
    what: 'multicast',
    bytes: multicastAuthenticated,
    source: '10.9.0.1',
    destination: '224.0.0.18',
    identification: 2,
    sequenceNumber: 2,
  },
  {
    what: 'multicast, from the next Master',
    bytes: multicastAuthenticatedSuccessor,
    source: '10.9.0.2',
    destination: '224.0.0.18',
    identification: 1,
    sequenceNumber: 7,
  },
  {
    what: 'unicast',
    bytes: unicastAuthenticated,
    source: '10.9.0.1',
    destination: '10.9.0.2',
    identification: 1,
    sequenceNumber: 1,
  },
] as const;

describe.each(captures)(
  'a packet of keepalived, $what',
  ({ what, bytes, source, destination, identification, sequenceNumber }) => {
    const isUnicast = what === 'unicast';

    test('is written byte for byte as keepalived sends it', () => {
      const written = encodeAuthenticatedDatagram({
        source: address(source),
        destination: address(destination),
        timeToLive: 255,
        identification,
        sequenceNumber,
        key,
        payload: bytes.subarray(44),
        isUnicast,
      });
      expect(hexOf(written)).toBe(hexOf(bytes));
    });

    test('is accepted, with the number and the SPI that it has', () => {
      const verified = verifyAuthenticationHeader({
        headers: bytes.subarray(0, 44),
        payload: bytes.subarray(44),
        key,
        isUnicast,
      });
      expect(verified).toMatchObject({ ok: true, value: { sequenceNumber } });
      expect(new Receiver(isUnicast ? unicast : multicast).hears(fromIpv4(bytes))).toBe('accepted');
    });

    test('is refused with any bit changed that routers must leave alone, and accepted with the others changed', () => {
      // RFC 2402 section 3.3.3.1.1.1: type of service, flags and fragment offset, checksum; the TTL as keepalived has it.
      const mutable = new Set([1, 6, 7, 10, 11, ...(isUnicast ? [8] : [])]);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        // Version and length of the IP header: the kernel has judged them before.
        if (bit < 8) continue;
        const changed = bytes.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const verified = verifyAuthenticationHeader({
          headers: changed.subarray(0, 44),
          payload: changed.subarray(44),
          key,
          isUnicast,
        });
        // Next header, and the length field beside it, decide before the digest does; the reserved bytes are signed.
        expect(verified.ok, `bit ${bit}`).toBe(mutable.has(bit >> 3));
      }
    });
  },
);

test('another password, and one that only begins alike, are refused', () => {
  for (const password of ['s3cs', 's3c', 's3cr1', '']) {
    const receiver = new Receiver({ ...multicast, authentication: { type: 'AH', key: password } });
    expect(receiver.hears(fromIpv4(multicastAuthenticated)), password).toBe('authFailure');
  }
});

test('of a password only the first 8 bytes count, as keepalived cuts it', () => {
  const eight = wireConfig({ authentication: { type: 'AH', key: 'abcdefgh' } });
  const longer = new Receiver({ ...eight, authentication: { type: 'AH', key: 'abcdefghij' } });
  expect(longer.hears(new Sender(eight).says(150, newYearMs))).toBe('accepted');
});

test('a right digest under a foreign SPI is refused', () => {
  const bytes = encodeAuthenticatedDatagram({
    source: address('10.9.0.1'),
    destination: address('224.0.0.18'),
    timeToLive: 255,
    identification: 1,
    sequenceNumber: 9,
    key: (...parts) => {
      for (const part of parts) part[23] = 99;
      return key(...parts);
    },
    payload: multicastAuthenticated.subarray(44),
    isUnicast: false,
  });
  bytes[27] = 99;
  expect(new Receiver(multicast).hears(fromIpv4(bytes))).toBe('authFailure');
});

describe('the header is demanded exactly when auth_type is AH', () => {
  test('without it the packet is dropped', () => {
    const { authenticationHeader: _, ...bare } = fromIpv4(multicastAuthenticated);
    expect(new Receiver(multicast).hears(bare)).toBe('authtypeMismatch');
  });

  test('with it, where no AH is configured, too', () => {
    for (const authentication of [{ type: 'none' }, { type: 'PASS', password: '1111' }] as const) {
      expect(new Receiver({ ...multicast, authentication }).hears(fromIpv4(multicastAuthenticated))).toBe(
        'authtypeMismatch',
      );
    }
  });

  test('and headers of another length are dropped', () => {
    const good = fromIpv4(multicastAuthenticated);
    for (const length of [0, 20, 43, 45]) {
      const authenticationHeader = Uint8Array.from(
        { length },
        (_, index) => multicastAuthenticated[index] ?? 0,
      );
      expect(new Receiver(multicast).hears({ ...good, authenticationHeader }), `${length}`).toBe(
        'packetLenErr',
      );
    }
  });

  test("the length that the IP header claims for the packet must be the packet's", () => {
    const good = fromIpv4(multicastAuthenticated);
    expect(good.claimedPayloadBytes).toBe(20);
    expect(new Receiver(multicast).hears({ ...good, claimedPayloadBytes: 44 })).toBe('packetLenErr');
  });
});

describe('decodeAuthenticationHeader', () => {
  const header = multicastAuthenticated.subarray(20, 44);

  test('reads number, SPI and digest', () => {
    const read = decodeAuthenticationHeader(multicastAuthenticated.subarray(20));
    expect(read.ok && read.value.securityParametersIndex).toBe(0x0a09_0001);
    expect(read.ok && read.value.sequenceNumber).toBe(2);
    expect(read.ok && hexOf(read.value.integrityCheckValue)).toBe('905c7a1df90fa12fa4b7ca3a');
  });

  test.each([
    ['23 bytes', header.subarray(0, 23), 'length'],
    ['nothing', new Uint8Array(0), 'length'],
    ['another claimed length', bytesOf(`7005${hexOf(header).slice(4)}`), 'length'],
    ['a header of IPsec around TCP', bytesOf(`06${hexOf(header).slice(2)}`), 'protocol'],
  ])('refuses %s', (_what, bytes, reason) => {
    expect(decodeAuthenticationHeader(bytes)).toMatchObject({ ok: false, error: { reason } });
  });
});

test('an identification of 0 is our mistake: the kernel would replace it behind the digest', () => {
  const options = {
    source: us,
    destination: us,
    timeToLive: 255,
    sequenceNumber: 1,
    key,
    payload: new Uint8Array(20),
    isUnicast: true,
  };
  for (const identification of [0, 0x1_0000]) {
    expect(() => encodeAuthenticatedDatagram({ ...options, identification })).toThrow('from 1 to 65535');
  }
});

describe('RFC 2402 section 3.4.3: a number is heard once', () => {
  test('a repeated and an older one are dropped, a later one is accepted', () => {
    const sender = new Sender(multicast);
    const [first, second, third] = [0, 1000, 2000].map((passedMs) => sender.says(150, newYearMs + passedMs));
    const receiver = new Receiver(multicast);
    expect([first, first, third, second, third].map((packet) => packet && receiver.hears(packet))).toEqual([
      'accepted',
      'authFailure',
      'accepted',
      'authFailure',
      'authFailure',
    ]);
  });

  test('each sender counts for itself, so that one that counts behind another is heard', () => {
    const receiver = new Receiver(multicast);
    expect(receiver.hears(fromIpv4(multicastAuthenticatedSuccessor))).toBe('accepted');
    expect(receiver.hears(fromIpv4(multicastAuthenticated))).toBe('accepted');
    expect(receiver.hears(fromIpv4(multicastAuthenticated))).toBe('authFailure');
  });

  test('a sender that restarts is heard at once, since it goes on above its clock', () => {
    const receiver = new Receiver(multicast);
    const before = new Sender(multicast);
    for (let second = 0; second < 100; second += 1)
      expect(receiver.hears(before.says(150, newYearMs + second * 1000))).toBe('accepted');
    expect(receiver.hears(new Sender(multicast).says(150, newYearMs + 100_000))).toBe('accepted');
  });

  test('a keepalived that restarts counts from 1 and is heard again as soon as it has heard us, and counts on from there', () => {
    // keepalived: a Master that hears a lower priority takes over the number; a Backup has it from whom it hears.
    const receiver = new Receiver(multicast);
    expect(receiver.hears(fromIpv4(multicastAuthenticatedSuccessor))).toBe('accepted');
    const other = {
      source: address('10.9.0.2'),
      timeToLive: 255,
      key,
      isUnicast: false,
      identification: 1,
      payload: multicastAuthenticatedSuccessor.subarray(44),
      destination: address('224.0.0.18'),
    };
    const restarted = encodeAuthenticatedDatagram({ ...other, sequenceNumber: 1 });
    expect(receiver.hears(fromIpv4(restarted))).toBe('authFailure');
    const said = new Sender(multicast).says(100, newYearMs, receiver.memory);
    const read = decodeAuthenticationHeader(said.authenticationHeader?.subarray(20) ?? new Uint8Array(0));
    const heard = read.ok ? read.value.sequenceNumber : 0;
    expect(heard).toBeGreaterThan(7);
    expect(
      receiver.hears(fromIpv4(encodeAuthenticatedDatagram({ ...other, sequenceNumber: heard + 1 }))),
    ).toBe('accepted');
  });

  test('a dropped packet moves no mark', () => {
    const receiver = new Receiver(multicast);
    const late = new Sender(multicast).says(150, newYearMs + 1_000_000);
    expect(receiver.hears({ ...late, destination: us })).toBe('addrListErr');
    expect(receiver.memory.senders).toEqual([]);
    expect(receiver.hears(new Sender(multicast).says(150, newYearMs))).toBe('accepted');
  });
});
