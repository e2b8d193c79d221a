import { describe, expect, test } from 'vitest';
import { desiredRules, nftFacts, nftRemoval, nftText } from '../../src/fullnat/index.ts';
import { range, realServer, service, virtualServer } from './virtual-servers.ts';

type Servers = Parameters<typeof virtualServer>;
const rulesOf = (...servers: Servers) => desiredRules({ virtualServers: [virtualServer(...servers)] })[4];
const textOf = (...servers: Servers) => nftText(4, rulesOf(...servers));
const http = service('10.0.0.3', 80);

describe('the text for nft', () => {
  test('replaces the table in one transaction, and compares what the connection was made to and where it goes', () => {
    expect(textOf([http], [realServer('10.1.0.7', 8080)])).toBe(
      [
        'table ip holdfast_fullnat',
        'delete table ip holdfast_fullnat',
        'table ip holdfast_fullnat {',
        '\tset servers_0_0 {',
        '\t\ttype ipv4_addr . inet_service . ipv4_addr . inet_service',
        '\t\telements = { 10.0.0.3 . 80 . 10.1.0.7 . 8080 }',
        '\t}',
        '\tchain postrouting {',
        '\t\ttype nat hook postrouting priority srcnat - 1; policy accept;',
        '\t\tmeta l4proto tcp ct original ip daddr . ct original proto-dst . ip daddr . tcp dport @servers_0_0 masquerade fully-random',
        '\t}',
        '}\n',
      ].join('\n'),
    );
  });

  test('has IPv6 in a table of its own', () => {
    const servers = virtualServer([service('2001:db8::3', 80, 'UDP')], [realServer('2001:db8:1::7')]);
    const text = nftText(6, desiredRules({ virtualServers: [servers] })[6]);
    expect(text).toContain('table ip6 holdfast_fullnat {');
    expect(text).toContain('type ipv6_addr . inet_service . ipv6_addr . inet_service');
    expect(text).toContain(
      'meta l4proto udp ct original ip6 daddr . ct original proto-dst . ip6 daddr . udp dport @',
    );
  });

  test('translates to the one range that there is', () => {
    const localAddresses = [range('10.0.0.5', '10.0.0.6')];
    expect(textOf([http], [realServer('10.1.0.7')], { localAddresses })).toContain(
      '@servers_0_0 snat to 10.0.0.5-10.0.0.6 fully-random\n',
    );
    expect(textOf([http], [realServer('10.1.0.7')], { localAddresses: [range('10.0.0.5')] })).toContain(
      '@servers_0_0 snat to 10.0.0.5 fully-random\n',
    );
  });

  test('takes one of several ranges by chance, each as often as it has addresses', () => {
    const localAddresses = [range('10.0.0.5', '10.0.0.6'), range('10.0.0.9')];
    const text = textOf([http], [realServer('10.1.0.7')], { localAddresses });
    expect(text).toContain('numgen random mod 3 vmap { 0-1 : goto local_0_0, 2 : goto local_0_1 }');
    expect(text).toContain('\tchain local_0_1 {\n\t\tsnat to 10.0.0.9 fully-random\n\t}');
  });

  test('compares no port that the configuration leaves open', () => {
    expect(textOf([service('10.0.0.3', 0)], [realServer('10.1.0.7', 0)])).toContain(
      'meta l4proto tcp ct original ip daddr . ip daddr @servers_0_0',
    );
  });

  test('knows a service of a firewall mark by the mark, and each real server once, whatever its ports', () => {
    const mark = { kind: 'fwmark', mark: 5, family: 4 } as const;
    const text = textOf(
      [mark],
      [realServer('10.1.0.7'), realServer('10.1.0.7', 81), realServer('10.1.0.8', 0)],
    );
    expect(text).toContain('type mark . ipv4_addr\n\t\telements = { 5 . 10.1.0.7, 5 . 10.1.0.8 }');
    expect(text).toContain('\t\tmeta mark . ip daddr @servers_0_0 masquerade');
  });

  test('has one rule for a thousand servers', () => {
    const servers = Array.from({ length: 1000 }, (_, index) =>
      realServer(`10.1.${index >> 8}.${index & 255}`),
    );
    const text = textOf([http], servers);
    expect(text.match(/masquerade/g)).toHaveLength(1);
    expect(nftFacts(text).filter((fact) => fact.includes(' . 10.1.'))).toHaveLength(1000);
  });

  test('is a removal where there are no rules', () => {
    expect(nftText(4, [])).toBe(nftRemoval(4));
    expect(nftRemoval(6)).toBe('table ip6 holdfast_fullnat\ndelete table ip6 holdfast_fullnat\n');
  });
});

test('a listing says the same however nft breaks and orders its elements', () => {
  const one =
    'table ip holdfast_fullnat {\n\tset s {\n\t\ttype mark . ipv4_addr\n\t\telements = { 0x00000005 . 10.1.0.7,\n' +
    '\t\t\t     0x00000006 . 10.1.0.8 }\n\t}\n\n\tchain c {\n\t\tmeta mark . ip daddr @s masquerade\n\t}\n}\n';
  const other =
    'table ip holdfast_fullnat {\n\tset s {\n\t\ttype mark . ipv4_addr\n\t\telements = { 0x00000006 . 10.1.0.8, 0x00000005 . 10.1.0.7 }\n' +
    '\t}\n\tchain c {\n\t\tmeta mark . ip daddr @s masquerade\n\t}\n}\n';
  expect([...nftFacts(one)].sort()).toEqual([...nftFacts(other)].sort());
  expect(nftFacts(one)).toContain('set s: 0x00000006 . 10.1.0.8');
  expect(nftFacts(one)).toContain('chain c: meta mark . ip daddr @s masquerade');
});
