import { describe, expect, test } from 'vitest';
import { desiredRules, iptablesFacts, iptablesRemoval, iptablesText } from '../../src/fullnat/index.ts';
import { range, realServer, service, virtualServer } from './virtual-servers.ts';

type Servers = Parameters<typeof virtualServer>;
const rulesOf = (...servers: Servers) => desiredRules({ virtualServers: [virtualServer(...servers)] })[4];
const http = service('10.0.0.3', 80);
const empty = '*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n';
const ours =
  '*nat\n:POSTROUTING ACCEPT [1:2]\n:HOLDFAST_FULLNAT - [0:0]\n:HOLDFAST_FULLNAT_3 - [0:0]\n:THEIRS - [0:0]\n' +
  '-A POSTROUTING -j HOLDFAST_FULLNAT\n-A POSTROUTING -j THEIRS\n-A POSTROUTING -j HOLDFAST_FULLNAT\n' +
  '-A HOLDFAST_FULLNAT -d 10.1.0.7/32 -j HOLDFAST_FULLNAT_3\n-A THEIRS -j MASQUERADE\nCOMMIT\n';

describe('the text for iptables-restore', () => {
  test('makes a chain of our own, entered first of all', () => {
    expect(iptablesText(rulesOf([http], [realServer('10.1.0.7', 8080)]), empty)).toBe(
      [
        '*nat',
        ':HOLDFAST_FULLNAT - [0:0]',
        '-A HOLDFAST_FULLNAT -d 10.1.0.7 -p tcp -m tcp --dport 8080 -m conntrack --ctorigdst 10.0.0.3 --ctorigdstport 80 -j MASQUERADE --random-fully',
        '-I POSTROUTING -j HOLDFAST_FULLNAT',
        'COMMIT\n',
      ].join('\n'),
    );
  });

  test('replaces what is there of ours, and nothing else', () => {
    const text = iptablesText(rulesOf([http], [realServer('10.1.0.7')]), ours);
    expect(text).not.toContain('THEIRS');
    expect(text.match(/^-D POSTROUTING -j HOLDFAST_FULLNAT$/gm)).toHaveLength(2);
    expect(text).toContain('\n-X HOLDFAST_FULLNAT_3\n');
    expect(text).not.toContain('-X HOLDFAST_FULLNAT\n');
  });

  test('takes one of several ranges by chance, each as often as it has addresses', () => {
    const localAddresses = [range('10.0.0.5', '10.0.0.6'), range('10.0.0.8'), range('10.0.0.10')];
    const text = iptablesText(rulesOf([http], [realServer('10.1.0.7')], { localAddresses }), empty);
    const chances = [...text.matchAll(/^-A HOLDFAST_FULLNAT_0 (.*)$/gm)].map((match) => match[1]);
    expect(chances).toEqual([
      '-m statistic --mode random --probability 0.5000000000 -j SNAT --to-source 10.0.0.5-10.0.0.6 --random-fully',
      '-m statistic --mode random --probability 0.5000000000 -j SNAT --to-source 10.0.0.8 --random-fully',
      '-j SNAT --to-source 10.0.0.10 --random-fully',
    ]);
    expect(text).toContain('--ctorigdstport 80 -j HOLDFAST_FULLNAT_0\n');
  });

  test('knows a service of a firewall mark by the mark', () => {
    const mark = { kind: 'fwmark', mark: 5, family: 4 } as const;
    expect(iptablesText(rulesOf([mark], [realServer('10.1.0.7')]), empty)).toContain(
      '-A HOLDFAST_FULLNAT -d 10.1.0.7 -m mark --mark 5 -j MASQUERADE',
    );
    const sctp = service('10.0.0.3', 0, 'SCTP');
    expect(iptablesText(rulesOf([sctp], [realServer('10.1.0.7', 0)]), empty)).toContain(
      '-d 10.1.0.7 -p sctp -m conntrack --ctorigdst 10.0.0.3 -j MASQUERADE',
    );
  });

  test('is a removal where there are no rules, and nothing where nothing is ours', () => {
    expect(iptablesText([], ours)).toBe(iptablesRemoval(ours));
    expect(iptablesRemoval(empty)).toBe('');
    expect(iptablesRemoval(ours)).toContain('\n-X HOLDFAST_FULLNAT\n-X HOLDFAST_FULLNAT_3\nCOMMIT\n');
  });
});

test('of what iptables-save says, our chains, their rules and the way to them are ours', () => {
  expect(iptablesFacts(ours)).toEqual([
    ':HOLDFAST_FULLNAT',
    ':HOLDFAST_FULLNAT_3',
    '-A POSTROUTING -j HOLDFAST_FULLNAT',
    '-A POSTROUTING -j HOLDFAST_FULLNAT',
    '-A HOLDFAST_FULLNAT -d 10.1.0.7/32 -j HOLDFAST_FULLNAT_3',
  ]);
  expect(iptablesFacts(empty)).toEqual([]);
});
