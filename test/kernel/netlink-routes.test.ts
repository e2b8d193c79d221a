/** Lines of virtual_routes and virtual_rules as the bytes that the kernel gets, and back. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { virtualRoute } from '../../src/config-parser/schema/route-entry.ts';
import { virtualRule } from '../../src/config-parser/schema/rule-entry.ts';
import { decodeAttributes, readNested, readU32 } from '../../src/ipvs-sync/attributes.ts';
import { decodeRoute, decodeRule, isRoute, isRule } from '../../src/kernel/netlink/decode-route.ts';
import {
  encodeDeleteRoute,
  encodeNewRoute,
  type RouteContext,
} from '../../src/kernel/netlink/encode-route.ts';
import { encodeRule } from '../../src/kernel/netlink/encode-rule.ts';
import { describeRoute, describeRule } from '../../src/kernel/netlink/route-text.ts';
import { UnknownName, usualNames } from '../../src/kernel/netlink/routing-names.ts';
import { RulePreferences } from '../../src/kernel/netlink/rule-preferences.ts';
import { wordsOf } from './route-lines.ts';

const links = new Map([
  ['eth0', { index: 2 }],
  ['eth1', { index: 3 }],
  ['red', { index: 4, vrfTable: 1000 }],
]);
const context: RouteContext = { names: usualNames, findInterface: (name) => links.get(name) };
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const route = (line: string) => wordsOf(virtualRoute, line);
const rule = (line: string) => wordsOf(virtualRule, line);
const routeBytes = (line: string): string => hex(encodeNewRoute(route(line), context));
const attributesOf = (line: string) => decodeAttributes(encodeNewRoute(route(line), context).subarray(12));

describe('RTM_NEWROUTE', () => {
  test('has header, destination, table, gateway and interface', () => {
    expect(routeBytes('10.50.0.0/16 via 192.0.2.9 dev eth0')).toBe(
      [
        '02100000fe120001',
        '00000000',
        '080001000a320000',
        '08000f00fe000000',
        '08000500c0000209',
        '0800040002000000',
      ].join(''),
    );
  });

  test('of IPv6 by default has the whole of it, and no scope', () => {
    expect(routeBytes('inet6 default via 2001:db8::1 metric 5')).toBe(
      [
        '0a000000fe120001',
        '00000000',
        '08000f00fe000000',
        '0800060005000000',
        '1400050020010db8000000000000000000000001',
      ].join(''),
    );
  });

  test('has a table beyond 255 in its attribute alone, and that of a VRF', () => {
    expect(routeBytes('10.50.0.0/16 dev eth0 table 1000').slice(8, 10)).toBe('00');
    const attributes = attributesOf('10.50.0.0/16 dev eth0 vrf red');
    expect(attributes && readU32(attributes, 15)).toBe(1000);
  });

  test.each([
    ['10.1.0.0/16 dev eth0', 253],
    ['10.1.0.0/16 via 192.0.2.9', 0],
    ['10.1.0.0/16 dev eth0 scope host', 254],
    ['local 10.1.0.0/16 dev eth0', 254],
    ['broadcast 10.1.0.0/16 dev eth0', 253],
    ['blackhole 10.1.0.0/16', 0],
    ['10.1.0.0/16 nexthop via 192.0.2.9 nexthop via 192.0.2.8', 0],
    ['inet6 2001:db8::/32 dev eth0', 0],
  ])('%s has scope %d', (line, scope) => {
    expect(encodeNewRoute(route(line), context)[6]).toBe(scope);
  });

  test('has its locks as bits, and times in units of the kernel', () => {
    const attributes = attributesOf(
      '10.1.0.0/16 dev eth0 mtu lock 1400 rtt 200ms rttvar 1s rto_min 40 features ecn quickack 0',
    );
    const metrics = attributes && readNested(attributes, 8);
    expect([...(metrics ?? [])].map(([type, data]) => [type, hex(data)])).toEqual([
      [1, '04000000'],
      [2, '78050000'],
      [4, '40060000'],
      [5, 'a00f0000'],
      [12, '01000000'],
      [13, '28000000'],
      [15, '00000000'],
    ]);
  });

  test('has each next hop with its length, flags, weight and interface', () => {
    const attributes = attributesOf(
      '10.1.0.0/16 nexthop via 192.0.2.9 dev eth0 weight 3 nexthop dev eth1 onlink realms 1/2',
    );
    expect(hex(attributes?.get(9))).toBe(
      '10000002' + '02000000' + '08000500c0000209' + '10000400' + '03000000' + '08000b0002000100',
    );
  });

  test.each([
    ['mpls 100/200', 1, '0c000100' + '00064000' + '000c8100'],
    [
      'ip id 3 dst 198.51.100.9 ttl 7 tos 4',
      2,
      '0c000100' + '0000000000000003' + '08000200c6336409' + '0500040007000000' + '0500050004000000',
    ],
    ['ila 1:2:3:4', 3, '0c000100' + '0001000200030004'],
  ])('has the tunnel "%s"', (encap, type, bytes) => {
    const attributes = attributesOf(`10.1.0.0/16 encap ${encap} dev eth0`);
    expect(hex(attributes?.get(21))).toBe(`0${type}00`);
    expect(hex(attributes?.get(22))).toBe(bytes);
  });

  test('has a tunnel of IPv6', () => {
    const attributes = attributesOf('2001:db8:9::/64 encap ip6 id 1 dst 2001:db8::1 hoplimit 3 dev eth0');
    expect(hex(attributes?.get(21))).toBe('0400');
    expect(hex(attributes?.get(22))).toBe(
      '0c0001000000000000000001' + '1400020020010db8000000000000000000000001' + '0500040003000000',
    );
  });

  test('has router preference, expiry, realms and what MPLS does with TTL', () => {
    const attributes = attributesOf(
      '2001:db8::/32 dev eth0 pref low expires 600 realms 7 ttl-propagate enabled',
    );
    expect([20, 23, 11, 26].map((type) => hex(attributes?.get(type)))).toEqual([
      '03',
      '58020000',
      '07000000',
      '01',
    ]);
  });

  test.each([
    ['10.1.0.0/16 dev eth9', 'ENODEV', 'there is no interface eth9'],
    ['10.1.0.0/16 vrf eth0', 'ENODEV', 'eth0 is not a VRF'],
    ['10.1.0.0/16 table blue', 'ENOENT', 'no routing table is called "blue" in /etc/iproute2/rt_tables'],
    [
      '10.1.0.0/16 tos ODD dev eth0',
      'ENOENT',
      'no type of service is called "ODD" in /etc/iproute2/rt_dsfield',
    ],
  ])('"%s" is refused', (line, code, message) => {
    const attempt = () => encodeNewRoute(route(line), context);
    expect(attempt).toThrow(UnknownName);
    expect(attempt).toThrow(expect.objectContaining({ code, message }));
  });
});

test('RTM_DELROUTE leaves out metrics, realms, tunnels and expiry, and asks for any scope of IPv4', () => {
  const line = '10.1.0.0/16 via 192.0.2.9 mtu 1400 realms 3 encap mpls 100';
  const bare = encodeDeleteRoute(route(line), context);
  expect([...(decodeAttributes(bare.subarray(12))?.keys() ?? [])]).toEqual([1, 15, 5]);
  expect(bare[6]).toBe(255);
  expect(encodeDeleteRoute(route('2001:db8::/32 dev eth0 expires 9'), context)[6]).toBe(0);
});

describe('RTM_NEWRULE', () => {
  test('has header, preference, ends, table and protocol', () => {
    expect(hex(encodeRule(rule('not from 10.1.0.0/24 to 10.2.0.1 table 100'), 10, usualNames))).toBe(
      [
        '0220180064000001',
        '02000000',
        '080006000a000000',
        '080002000a010000',
        '080001000a020001',
        '08000f0064000000',
        '0500150012000000',
      ].join(''),
    );
  });

  test.each([
    ['l3mdev', 1, 19, '01'],
    ['goto 500', 2, 4, 'f4010000'],
    ['nop', 3, 21, '12'],
    ['blackhole', 6, 21, '12'],
    ['unreachable', 7, 21, '12'],
    ['prohibit', 8, 21, '12'],
    ['table 70000', 1, 15, '70110100'],
    ['iif eth0 nop', 3, 3, '6574683000'],
    ['fwmark 5 nop', 3, 16, 'ffffffff'],
    ['fwmark 5/0xff nop', 3, 16, 'ff000000'],
    ['tunnel-id 77 nop', 3, 12, '000000000000004d'],
    ['uidrange 5-9 nop', 3, 20, '0500000009000000'],
    ['ipproto tcp nop', 3, 22, '06'],
    ['sport 80-90 nop', 3, 23, '50005a00'],
    ['suppress_prefixlength 0 nop', 3, 14, '00000000'],
    ['realms 1/2 nop', 3, 11, '02000100'],
  ])('"%s"', (line, action, type, data) => {
    const bytes = encodeRule(rule(line), 10, usualNames);
    expect(bytes[7]).toBe(action);
    expect(hex(decodeAttributes(bytes.subarray(12))?.get(type))).toBe(data);
  });
});

describe('what is told of as gone', () => {
  const routes = [
    '10.50.0.0/16 via 192.0.2.9 dev eth0',
    '10.50.0.0/16 dev eth1',
    '10.50.0.0/16 via 192.0.2.9 dev eth0 metric 7',
    '10.50.0.0/16 via 192.0.2.9 dev eth0 table 100',
    '10.50.0.0/17 via 192.0.2.9 dev eth0',
    'default via 192.0.2.9 dev eth0',
    'blackhole 10.50.0.0/16',
    'inet6 default dev eth0 metric 1024',
    '2001:db8:50::/48 via 2001:db8::1 dev eth0 metric 3',
  ];
  const rules = [
    'from 10.1.0.0/24 table 100 preference 10',
    'not from 10.1.0.0/24 table 100 preference 10',
    'from 10.1.0.0/24 table 101 preference 10',
    'from 10.1.0.0/25 table 100 preference 10',
    'to 10.1.0.0/24 table 100 preference 10',
    'from 10.1.0.0/24 table 100 preference 11',
    'from 10.1.0.0/24 iif eth0 table 100 preference 10',
    'from 2001:db8::/32 table 100 preference 10',
    'inet6 nop preference 10',
  ];

  test.each(routes)('"%s" is known again, and is none of the others', (line) => {
    const told = decodeRoute(encodeNewRoute(route(line), context));
    const same = routes.filter((other) => told !== undefined && isRoute(route(other), told, context));
    expect(same).toEqual([line]);
  });

  test.each(rules)('"%s" is known again, and is none of the others', (line) => {
    const entry = rule(line);
    const told = decodeRule(encodeRule(entry, entry.preference ?? 0, usualNames));
    const same = rules
      .map(rule)
      .filter((other) => told && isRule(other, other.preference ?? 0, told, usualNames));
    expect(same).toEqual([entry]);
  });

  test('a route of IPv6 without a metric has 1024, and one with names of nothing is no route', () => {
    const told = decodeRoute(encodeNewRoute(route('inet6 default dev eth0 metric 1024'), context));
    if (told === undefined) throw new Error('it was not decoded');
    expect(isRoute(route('inet6 default dev eth0'), told, context)).toBe(true);
    expect(isRoute(route('inet6 default dev eth0 table blue'), told, context)).toBe(false);
  });

  test('random and cut bytes never throw', () => {
    const whole = encodeNewRoute(route('10.50.0.0/16 via 192.0.2.9 dev eth0 mtu 1400'), context);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(whole.length - 1),
        fc.nat(255),
        (bytes, position, value) => {
          const mutated = Uint8Array.from(whole);
          mutated[position] = value;
          for (const body of [bytes, mutated, whole.subarray(0, position)]) {
            decodeRoute(body);
            decodeRule(body);
          }
        },
      ),
    );
  });
});

test('preferences go down from 16384 by family, and equal rules have the same one', () => {
  const preferences = new RulePreferences();
  const of = (line: string) => preferences.of(rule(line));
  expect(of('from 10.1.0.0/24 table 100')).toBe(16384);
  expect(of('from 10.2.0.0/24 table 100 preference 5')).toBe(5);
  expect(of('from 10.3.0.0/24 table 100')).toBe(16383);
  expect(of('from 2001:db8::/32 table 100')).toBe(16384);
  expect(of('from 10.1.0.0/24 table 100')).toBe(16384);
});

test('a route and a rule are told of in the words of their line', () => {
  const line = 'unreachable 10.50.0.0/16 table 100 metric 5';
  expect(describeRoute(route(line))).toBe(line);
  expect(describeRule(rule('not from 10.1.0.0/24 to all iif eth0 goto 500 preference 10'))).toBe(
    'not from 10.1.0.0/24 to all iif eth0 goto 500 preference 10',
  );
});
