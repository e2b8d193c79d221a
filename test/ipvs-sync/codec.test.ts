/**
 * The fixtures are real: the requests are what ipvsadm 1.31 sent, recorded on an nlmon interface, and the answers what
 * Linux 6.1 (user-mode-linux, x86-64) dumped; each is what follows the generic netlink header.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attribute,
  attributeU32,
  decodeAttributes,
  nestedAttribute,
  readNested,
} from '../../src/ipvs-sync/attributes.ts';
import * as codec from '../../src/ipvs-sync/codec.ts';
import type { Destination, Operation, Service } from '../../src/ipvs-sync/model.ts';
import { address } from '../../src/net/address.ts';
import { anyAddress, destination, service } from './arbitrary.ts';

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** ipvsadm -A -t 10.0.0.3:80 -s wrr -p 50 -M 255.255.255.0 */
const persistent: Service = {
  service: { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 },
  scheduler: 'wrr',
  flags: 1,
  persistenceTimeoutSeconds: 50,
  persistencePrefixLength: 24,
};
/** ipvsadm -A -f 7 -6 -s sh */
const marked: Service = {
  service: { kind: 'fwmark', mark: 7, family: 6 },
  scheduler: 'sh',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 128,
};
/** ipvsadm -A -u [2001:db8::3]:53 -s rr -p 360 -M 64 */
const ipv6: Service = {
  service: { kind: 'address', protocol: 'UDP', address: address('2001:db8::3'), port: 53 },
  scheduler: 'rr',
  flags: 1,
  persistenceTimeoutSeconds: 360,
  persistencePrefixLength: 64,
};
/** ipvsadm -a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 3 -x 100 -y 50 */
const direct: Destination = {
  address: address('10.0.0.11'),
  port: 80,
  forwarding: 'DR',
  weight: 3,
  upperThreshold: 100,
  lowerThreshold: 50,
};
/** ipvsadm -a -f 7 -6 -r [2001:db8::11]:0 -i -w 2 */
const tunnelled: Destination = {
  address: address('2001:db8::11'),
  port: 0,
  forwarding: 'TUN',
  tunnel: { type: 'ipip' },
  weight: 2,
  upperThreshold: 0,
  lowerThreshold: 0,
};

describe('requests are those of ipvsadm', () => {
  test.each<[string, Service, string]>([
    [
      'persistent TCP with granularity',
      persistent,
      '5400018006000100020000000600020006000000140003000a000003000000000000000000000000060004000050000008000600777272000c00070001000000ffffffff080008003200000008000900ffffff00',
    ],
    [
      'a firewall mark for IPv6',
      marked,
      '38000180060001000a000000080005000700000007000600736800000c00070000000000ffffffff08000800000000000800090080000000',
    ],
    [
      'persistent UDP on IPv6',
      ipv6,
      '54000180060001000a00000006000200110000001400030020010db8000000000000000000000003060004000035000007000600727200000c00070001000000ffffffff08000800680100000800090040000000',
    ],
  ])('NEW_SERVICE: %s, byte for byte', (_name, value, hex) => {
    expect(toHex(codec.encodeService(value))).toBe(hex);
  });

  test.each<[string, Service, Destination, string]>([
    [
      'DR with thresholds',
      persistent,
      direct,
      '5400018006000100020000000600020006000000140003000a000003000000000000000000000000060004000050000005000600000000000c00070000000000ffffffff080008000000000008000900ffffffff6000028006000b0002000000140001000a00000b00000000000000000000000006000200005000000800030003000000080004000300000005000d000000000006000e000000000006000f000000000008000500640000000800060032000000',
    ],
    [
      'TUN on a firewall mark, IPv6',
      marked,
      tunnelled,
      '38000180060001000a000000080005000700000005000600000000000c00070000000000ffffffff080008000000000008000900800000006000028006000b000a0000001400010020010db800000000000000000000001106000200000000000800030002000000080004000200000005000d000000000006000e000000000006000f000000000008000500000000000800060000000000',
    ],
  ])(
    'NEW_DEST: %s, save the tunnel attributes that ipvsadm adds also to what is no tunnel',
    (_name, parent, value, hex) => {
      const operation: Operation = { kind: 'createDestination', service: parent.service, destination: value };
      const theirs = decodeAttributes(fromHex(hex)) ?? new Map();
      const ours = decodeAttributes(codec.encodeOperation(operation).attributes) ?? new Map();
      const tunnelAttributes = [13, 14, 15];
      const plain = [...(readNested(theirs, 2) ?? [])].filter(([type]) => !tunnelAttributes.includes(type));
      expect(plain).toHaveLength(7);
      expect([...(readNested(ours, 2) ?? [])].sort(byType)).toEqual(plain.sort(byType));
      // To find the service ipvsadm sends all of it, we only what identifies it.
      for (const [type, data] of readNested(ours, 1) ?? [])
        expect(readNested(theirs, 1)?.get(type)).toEqual(data);
    },
  );

  test('SET_CONFIG: ipvsadm --set 600 60 30', () => {
    const timeouts = { tcpSeconds: 600, tcpFinSeconds: 60, udpSeconds: 30 };
    expect(toHex(codec.encodeTimeouts(timeouts))).toBe('0800040058020000080005003c000000080006001e000000');
  });

  test('a timeout that is not given is not sent', () => {
    expect(toHex(codec.encodeTimeouts({ udpSeconds: 30 }))).toBe('080006001e000000');
  });
});

/** IPVS_SVC_ATTR_STATS64, and IPVS_DEST_ATTR_STATS64 is the same number: 5 connections, 2^40 bytes. */
const wideStatistics = nestedAttribute(
  12,
  attribute(1, Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0)),
  attribute(4, Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0)),
);

describe('answers of the kernel', () => {
  const dumpedService =
    '5401010006000100020000000600020006000000140003000a000003000000000000000000000000060004000050000008000600777272000c00070003000000ffffffff080008003200000008000900ffffff0060000a000800010000000000080002000000000008000300000000000c000400000000000000000004000b000c0005000000000000000000080006000000000008000700000000000800080000000000080009000000000008000a0000000000a0000c000c000100000000000000000004000b000c000200000000000000000004000b000c000300000000000000000004000b000c000400000000000000000004000b000c000500000000000000000004000b000c000600000000000000000004000b000c000700000000000000000004000b000c000800000000000000000004000b000c000900000000000000000004000b000c000a000000000000000000';
  const dumpedDestination =
    '7c010200140001000a00000b00000000000000000000000006000200005000000800030003000000080004000300000005000d000000000006000e000000000006000f00000000000800050064000000080006003200000008000700000000000800080000000000080009000000000006000b000200000064000a0008000100000000000800020000000000080003000000000004000b000c000400000000000000000004000b000c0005000000000000000000080006000000000008000700000000000800080000000000080009000000000008000a0000000000a0000c000c000100000000000000000004000b000c000200000000000000000004000b000c000300000000000000000004000b000c000400000000000000000004000b000c000500000000000000000004000b000c000600000000000000000004000b000c000700000000000000000004000b000c000800000000000000000004000b000c000900000000000000000004000b000c000a000000000000000000';

  test('a service is understood, without the flag that the kernel sets itself', () => {
    expect(codec.decodeService(fromHex(dumpedService))?.service).toEqual(persistent);
  });

  test('a destination is understood', () => {
    expect(codec.decodeDestination(fromHex(dumpedDestination), 4)).toMatchObject({
      ...direct,
      activeConnections: 0,
      inactiveConnections: 0,
      persistentConnections: 0,
    });
  });

  test('GET_CONFIG and GET_INFO are understood', () => {
    expect(codec.decodeTimeouts(fromHex('08000400840300000800050078000000080006002c010000'))).toEqual({
      tcpSeconds: 900,
      tcpFinSeconds: 120,
      udpSeconds: 300,
    });
    expect(codec.decodeInfo(fromHex('08000100010201000800020000100000'))).toEqual({
      version: '1.2.1',
      connectionTableSize: 4096,
    });
  });

  test('counters of 64 bits are read whole, and where there are none those of 32', () => {
    const body = codec.encodeService(persistent).subarray(4);
    const narrow = nestedAttribute(
      10,
      attributeU32(1, 7),
      attribute(4, Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0)),
    );
    const both = codec.decodeService(nestedAttribute(1, body, narrow, wideStatistics));
    expect(both?.statistics).toMatchObject({ connections: 5n, inBytes: 1n << 40n });
    expect(codec.decodeService(nestedAttribute(1, body, narrow))?.statistics).toMatchObject({
      connections: 7n,
      inBytes: 9n,
    });
  });

  test('a destination without a family has that of its service, as on kernels before 3.18', () => {
    const bytes = fromHex(dumpedDestination);
    const all = readNested(decodeAttributes(bytes) ?? new Map(), 2) ?? new Map<number, Uint8Array>();
    const old = nestedAttribute(
      2,
      ...[...all].filter(([type]) => type !== 11).map(([type, data]) => attribute(type, data)),
    );
    expect(codec.decodeDestination(old, 4)?.address).toBe('10.0.0.11');
    expect(codec.decodeDestination(old, 6)?.address).toBe('a00:b::');
  });

  test('an answer cut short anywhere is refused, never misread', () => {
    for (const hex of [dumpedService, dumpedDestination]) {
      const bytes = fromHex(hex);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(codec.decodeService(bytes.subarray(0, length))).toBeUndefined();
        expect(codec.decodeDestination(bytes.subarray(0, length), 4)).toBeUndefined();
      }
    }
  });

  test('random bytes are refused or understood, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        codec.decodeService(bytes);
        codec.decodeDestination(bytes, 6);
        codec.decodeTimeouts(bytes);
        codec.decodeInfo(bytes);
      }),
    );
  });
});

describe('round trip', () => {
  test('of services', () => {
    fc.assert(
      fc.property(service(anyAddress), (value) => {
        const body = codec.encodeService(value).subarray(4);
        expect(codec.decodeService(nestedAttribute(1, body, wideStatistics))?.service).toEqual(value);
      }),
    );
  });

  test('of destinations, whatever the family of the service', () => {
    fc.assert(
      fc.property(destination(anyAddress), fc.constantFrom(4 as const, 6 as const), (value, family) => {
        const body = codec.encodeDestination(value).subarray(4);
        expect(codec.decodeDestination(nestedAttribute(2, body, wideStatistics), family)).toMatchObject(
          value,
        );
      }),
    );
  });
});

describe('attributes', () => {
  test('data longer than a length of 16 bits can say is our mistake', () => {
    expect(() => attribute(1, new Uint8Array(65532))).toThrow('65531');
    expect(attribute(1, new Uint8Array(65531))).toHaveLength(65536);
  });

  test('an attribute that claims less than its own header is malformed', () => {
    expect(decodeAttributes(Uint8Array.of(3, 0, 1, 0))).toBeUndefined();
  });
});

function byType(a: [number, Uint8Array], b: [number, Uint8Array]): number {
  return a[0] - b[0];
}
