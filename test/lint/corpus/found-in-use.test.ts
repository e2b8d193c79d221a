/** What configurations in use showed, in small: these are there also where those are not. */
import { describe, expect, it } from 'vitest';
import { allRules } from '../../../src/lint/rules/index.ts';
import { findingsOf } from '../rule-harness.ts';

function messages(name: string, text: string): readonly string[] {
  const rule = allRules.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  const found = findingsOf(rule, text).filter((finding) => finding.rule === name);
  return found.map(({ message }) => message);
}

function instance(name: string, device: string, ...lines: readonly string[]): string {
  return `vrrp_instance ${name} {\ninterface ${device}\nvirtual_router_id 7\n${lines.join('\n')}\n}\n`;
}

const addresses = 'virtual_ipaddress {\n192.0.2.10/24\n}';

describe('a source address of the other family', () => {
  it('behind the addresses is skipped', () => {
    expect(
      messages('vrrp/unicast-peer-family', instance('A', 'eth0', addresses, 'mcast_src_ip 2001:db8::1')),
    ).toEqual([
      'A speaks IPv4 and cannot send from 2001:db8::1: the line is skipped, and advertisements come from whatever IPv4 address the interface has',
    ]);
  });

  it('before the addresses makes keepalived leave out those', () => {
    const [message] = messages(
      'vrrp/unicast-peer-family',
      instance('A', 'eth0', 'mcast_src_ip 2001:db8::1', addresses),
    );
    expect(message).toContain('keepalived takes A for an IPv6 instance by this line');
  });

  it('is not reported where the families are the same', () => {
    expect(
      messages('vrrp/unicast-peer-family', instance('A', 'eth0', 'mcast_src_ip 192.0.2.1', addresses)),
    ).toEqual([]);
  });
});

describe('a sync group that tracks an interface', () => {
  const rule = 'vrrp/track-interface-on-instance-and-group';
  const group = (device: string) =>
    `vrrp_sync_group G {\ngroup {\nA\nB\n}\ntrack_interface {\n${device}\n}\n}\n`;
  const members = (...lines: readonly string[]) =>
    instance('A', 'eth0', addresses, ...lines) +
    instance('B', 'eth1', 'virtual_ipaddress {\n198.51.100.10/24\n}');

  it('is reported when a member runs on it', () => {
    expect(messages(rule, members() + group('eth0'))).toEqual([
      'eth0 is the own interface of A, which tracks it anyway, and its sync group G tracks it too: only one of the two counts',
    ]);
  });

  it.each([
    ['no member runs on it', '', 'eth2'],
    ['the member does not track its own', 'dont_track_primary', 'eth0'],
  ])('is not when %s', (_, line, device) => {
    expect(messages(rule, members(line) + group(device))).toEqual([]);
  });
});
