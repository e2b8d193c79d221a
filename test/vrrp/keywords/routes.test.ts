/** What each option of a route and of a rule changes in what the kernel is told (linux/rtnetlink.h). */
import { describe, expect, test } from 'vitest';
import { virtualRoute } from '../../../src/config-parser/schema/route-entry.ts';
import { virtualRule } from '../../../src/config-parser/schema/rule-entry.ts';
import { decodeAttributes, readNested } from '../../../src/ipvs-sync/attributes.ts';
import { encodeNewRoute, type RouteContext } from '../../../src/kernel/netlink/encode-route.ts';
import { encodeRule } from '../../../src/kernel/netlink/encode-rule.ts';
import { usualNames } from '../../../src/kernel/netlink/routing-names.ts';
import { wordsOf } from '../../kernel/route-lines.ts';

const links = new Map([
  ['eth0', { index: 2 }],
  ['red', { index: 4, vrfTable: 1000 }],
]);
const context: RouteContext = { names: usualNames, findInterface: (name) => links.get(name) };
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');
const routeBytes = (line: string) => encodeNewRoute(wordsOf(virtualRoute, line), context);
const ruleBytes = (line: string) => encodeRule(wordsOf(virtualRule, line), 10, usualNames);
const attributesOf = (bytes: Uint8Array) => {
  const found = decodeAttributes(bytes.subarray(12));
  if (found === undefined) throw new Error('these are no attributes');
  return found;
};

/** By RTAX_*: the value, and whether its bit in RTAX_LOCK is set. */
function metricOf(line: string, type: number): [string, boolean] {
  const metrics = readNested(attributesOf(routeBytes(`10.1.0.0/16 dev eth0 ${line}`)), 8);
  const locks = Buffer.from(metrics?.get(1) ?? [0, 0, 0, 0]).readUInt32LE();
  return [hex(metrics?.get(type)), (locks & (1 << type)) !== 0];
}

describe('a metric of a route', () => {
  test.each([
    ['mtu', '1400', 2, '78050000'],
    ['window', '5', 3, '05000000'],
    ['rtt', '200ms', 4, '40060000'],
    ['rttvar', '1s', 5, 'a00f0000'],
    ['ssthresh', '7', 6, '07000000'],
    ['cwnd', '10', 7, '0a000000'],
    ['advmss', '9', 8, '09000000'],
    ['reordering', '5', 9, '05000000'],
    ['hoplimit', '9', 10, '09000000'],
    ['rto_min', '40', 13, '28000000'],
    ['congctl', 'reno', 16, `${hex(Buffer.from('reno'))}00`],
  ])('%s is in RTA_METRICS, and locked with lock', (option, value, type, data) => {
    expect(metricOf(`${option} ${value}`, type)).toEqual([data, false]);
    expect(metricOf(`${option} lock ${value}`, type)).toEqual([data, true]);
  });

  test.each([
    ['initcwnd 11', 11, '0b000000'],
    ['features ecn', 12, '01000000'],
    ['initrwnd 12', 14, '0c000000'],
    ['quickack 1', 15, '01000000'],
    ['fastopen_no_cookie 1', 17, '01000000'],
  ])('%s is there', (line, type, data) => {
    expect(metricOf(line, type)).toEqual([data, false]);
  });
});

describe('an option of a route', () => {
  test.each([
    ['src 192.0.2.1', 7, 'c0000201'],
    ['via 192.0.2.9', 5, 'c0000209'],
    ['gw 192.0.2.9', 5, 'c0000209'],
    ['metric 7', 6, '07000000'],
    ['table 1000', 15, 'e8030000'],
    ['vrf red', 15, 'e8030000'],
    ['realms 1/2', 11, '02000100'],
    ['ttl-propagate disabled', 26, '00'],
    ['encap ip id 1 src 198.51.100.9', 22, '0c0001000000000000000001080003 00c6336409'.replace(' ', '')],
  ])('%s is an attribute', (line, type, data) => {
    expect(hex(attributesOf(routeBytes(`10.1.0.0/16 dev eth0 ${line}`)).get(type))).toBe(data);
  });

  test.each([
    ['dev eth0', 4, '02000000'],
    ['dev eth0 expires 600', 23, '58020000'],
    ['dev eth0 pref low', 20, '03'],
  ])('of IPv6, %s, is an attribute', (line, type, data) => {
    expect(hex(attributesOf(routeBytes(`2001:db8::/32 ${line}`)).get(type))).toBe(data);
  });

  test.each([
    ['unicast', 1],
    ['local', 2],
    ['broadcast', 3],
    ['anycast', 4],
    ['multicast', 5],
    ['blackhole', 6],
    ['unreachable', 7],
    ['prohibit', 8],
    ['throw', 9],
  ])('%s is the type %i', (type, number) => {
    expect(routeBytes(`${type} 10.1.0.0/16 dev eth0`)[7]).toBe(number);
  });

  test.each([
    ['tos 0x10', 3, 0x10],
    ['scope host', 6, 254],
    ['protocol 99 no_track', 5, 99],
    ['onlink', 8, 4],
  ])('%s is in the header', (line, at, value) => {
    expect(routeBytes(`10.1.0.0/16 dev eth0 ${line}`)[at]).toBe(value);
  });

  test.each([
    ['inet default dev eth0', 2],
    ['inet6 default dev eth0', 10],
    ['to 10.1.0.0/16 dev eth0', 2],
    ['to 2001:db8::/32 dev eth0', 10],
  ])('%s is of the family %i', (line, family) => {
    expect(routeBytes(line)[0]).toBe(family);
  });

  test('or is a further next hop', () => {
    const bytes = hex(attributesOf(routeBytes('10.1.0.0/16 via 192.0.2.9 or 192.0.2.8')).get(9));
    expect(bytes).toContain('c0000209');
    expect(bytes).toContain('c0000208');
  });

  test.each([
    ['encap mpls 100', '0100'],
    ['encap ip id 1', '0200'],
    ['encap ila 1:2:3:4', '0300'],
    ['encap ip6 id 1', '0400'],
  ])('%s is a tunnel of its type', (line, type) => {
    expect(hex(attributesOf(routeBytes(`10.1.0.0/16 dev eth0 ${line}`)).get(21))).toBe(type);
  });

  test.each([
    ['ip', 'id 5', 1, '0000000000000005'],
    ['ip', 'dst 198.51.100.9', 2, 'c6336409'],
    ['ip', 'src 198.51.100.8', 3, 'c6336408'],
    ['ip', 'ttl 7', 4, '07'],
    ['ip', 'tos 4', 5, '04'],
    ['ip', 'flags 1', 6, '0001'],
    ['ip6', 'id 5', 1, '0000000000000005'],
    ['ip6', 'dst 2001:db8::9', 2, '20010db8000000000000000000000009'],
    ['ip6', 'src 2001:db8::8', 3, '20010db8000000000000000000000008'],
    ['ip6', 'hoplimit 7', 4, '07'],
    ['ip6', 'tc 4', 5, '04'],
    ['ip6', 'flags 1', 6, '0001'],
  ])('encap %s %s is in the tunnel', (kind, option, type, data) => {
    const needed = option.startsWith('dst') || option.startsWith('id') ? '' : 'id 1 ';
    const bytes = routeBytes(`10.1.0.0/16 dev eth0 encap ${kind} ${needed}${option}`);
    expect(hex(readNested(attributesOf(bytes), 22)?.get(type))).toBe(data);
  });
});

describe('a next hop', () => {
  const nexthop = (options: string) =>
    hex(attributesOf(routeBytes(`10.1.0.0/16 nexthop via 192.0.2.9${options}`)).get(9));
  const bare = `1000000000000000` + `08000500c0000209`;

  test('has its gateway by via, or by the old word gw', () => {
    expect(nexthop('')).toBe(bare);
    const bytes = routeBytes('10.1.0.0/16 nexthop gw 192.0.2.9 nexthop via 192.0.2.8');
    expect(hex(attributesOf(bytes).get(9))).toContain('08000500c0000209');
  });

  test.each([
    ['dev eth0', '1000000002000000'],
    ['weight 3', '1000000200000000'],
    ['onlink', '1000040000000000'],
  ])('with %s has it in its header', (options, header) => {
    expect(nexthop(` ${options}`).slice(0, 16)).toBe(header);
  });

  test.each([
    ['realms 1/2', '08000b0002000100'],
    ['encap mpls 100', '0600150001000000'],
  ])('with %s has an attribute more', (options, attribute) => {
    expect(nexthop(` ${options}`)).toContain(attribute);
  });
});

describe('an option of a rule', () => {
  test.each([
    ['from 10.1.0.0/24', 2, '0a010000'],
    ['to 10.2.0.0/24', 1, '0a020000'],
    ['fwmark 5/0xff', 10, '05000000'],
    ['iif eth0', 3, '6574683000'],
    ['oif eth1', 17, '6574683100'],
    ['realms 1/2', 11, '02000100'],
    ['suppress_prefixlength 8', 14, '08000000'],
    ['suppress_ifgroup 3', 13, '03000000'],
    ['tunnel-id 77', 12, '000000000000004d'],
    ['uidrange 5-9', 20, '0500000009000000'],
    ['ipproto tcp', 22, '06'],
    ['sport 80-90', 23, '50005a00'],
    ['dport 80-90', 24, '50005a00'],
    ['protocol 99 no_track', 21, '63'],
    ['preference 11', 6, '0a000000'],
  ])('%s is an attribute', (line, type, data) => {
    expect(hex(attributesOf(ruleBytes(`${line} table 100`)).get(type))).toBe(data);
  });

  test.each([
    ['table 100', 1],
    ['goto 500', 2],
    ['nop', 3],
    ['blackhole', 6],
    ['unreachable', 7],
    ['prohibit', 8],
    ['l3mdev', 1],
  ])('%s is the action %i', (line, action) => {
    expect(ruleBytes(`from 10.1.0.0/24 ${line}`)[7]).toBe(action);
  });

  test('inet, inet6, tos and not are in the header', () => {
    expect(ruleBytes('inet nop')[0]).toBe(2);
    expect(ruleBytes('inet6 nop')[0]).toBe(10);
    expect(ruleBytes('from all tos 0x10 nop')[3]).toBe(0x10);
    expect(ruleBytes('not from 10.1.0.0/24 nop')[8]).toBe(2);
  });
});
