/** Which instances of two directors are compared. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchInstances } from '../../src/lint/rules/pair/match-instances.ts';
import { messagesOf, pairFindings, router, rulesThatSpeak } from './pair-harness.ts';
import { modelsOf } from './rule-harness.ts';

function matched(...nodes: readonly string[]): readonly string[] {
  const files = Object.fromEntries(nodes.map((text, index) => [`lb0${index + 1}.conf`, text]));
  const { routers } = matchInstances(modelsOf({ kind: 'pair' }, files));
  return routers.map((members) =>
    members.map(({ node, instance }) => `${node.name} ${instance.name}`).join(', '),
  );
}

describe('instances are counterparts', () => {
  it('by VRID and interface, whatever their names', () => {
    const nodes = [router({ name: 'VI_A' }), router({ name: 'VI_B', priority: 90 })];
    expect(matched(...nodes)).toEqual(['lb01.conf VI_A, lb02.conf VI_B']);
    expect(rulesThatSpeak(...nodes)).toEqual([]);
  });

  it('by VRID and network, where the interfaces have other names', () => {
    const other = router({ name: 'VI_B', device: 'ens3', addresses: ['192.0.2.11/24'] });
    expect(matched(router(), other)).toEqual(['lb01.conf VI_1, lb02.conf VI_B']);
  });

  it('by name, where nothing else agrees', () => {
    const other = router({ vrid: 8, device: 'ens3', addresses: ['198.51.100.10/24'] });
    expect(matched(router(), other)).toEqual(['lb01.conf VI_1, lb02.conf VI_1']);
  });

  it('by what is on the wire rather than by name', () => {
    const first =
      router({ name: 'A', vrid: 1 }) + router({ name: 'B', vrid: 2, addresses: ['192.0.2.20/24'] });
    const second =
      router({ name: 'B', vrid: 1 }) + router({ name: 'A', vrid: 2, addresses: ['192.0.2.20/24'] });
    expect(matched(first, second)).toEqual(['lb01.conf A, lb02.conf B', 'lb01.conf B, lb02.conf A']);
  });

  it('by name and address rather than by VRID, so that exchanged VRIDs are told as such', () => {
    const text = (a: number, b: number) =>
      router({ name: 'A', vrid: a }) + router({ name: 'B', vrid: b, addresses: ['192.0.2.20/24'] });
    expect(messagesOf('pair/vrid-mismatch', text(1, 2), text(2, 1))).toHaveLength(2);
  });

  it('on three directors at once', () => {
    const nodes = [router({ priority: 150 }), router({ priority: 100 }), router({ priority: 50 })];
    expect(matched(...nodes)).toEqual(['lb01.conf VI_1, lb02.conf VI_1, lb03.conf VI_1']);
    expect(rulesThatSpeak(...nodes)).toEqual([]);
  });
});

describe('a link-local address', () => {
  const linked = (name: string, vrid: number, device: string) =>
    router({ name, vrid, device, addresses: ['fe80::1/64'] });

  it('that two instances on other links have says nothing', () => {
    expect(matched(linked('A', 1, 'eth0'), linked('B', 2, 'eth1'))).toEqual(['lb01.conf A', 'lb02.conf B']);
  });

  it('leaves name, or VRID and interface, to go by', () => {
    expect(matched(linked('A', 1, 'eth0'), linked('B', 1, 'eth0'))).toEqual(['lb01.conf A, lb02.conf B']);
    expect(matched(linked('A', 1, 'eth0'), linked('A', 2, 'eth1'))).toEqual(['lb01.conf A, lb02.conf A']);
  });

  it('of a thousand instances does not make the comparison slow', () => {
    const text = Array.from({ length: 1000 }, (_, index) =>
      linked(`I${index}`, (index % 255) + 1, `eth${index}`),
    ).join('');
    expect(matched(text, text)).toHaveLength(1000);
  });
});

describe('instances are strangers', () => {
  const stranger = router({ name: 'other', addresses: ['198.51.100.10/24'] });

  it('with one VRID on interfaces of one name, and nothing else in common', () => {
    expect(matched(router(), stranger)).toEqual(['lb01.conf VI_1', 'lb02.conf other']);
    expect(rulesThatSpeak(router(), stranger)).toEqual(['pair/vrid-collision-other-cluster']);
  });

  it('and not, when one names the other as its peer', () => {
    const first = router({ lines: ['unicast_src_ip 203.0.113.1', 'unicast_peer {', '203.0.113.2', '}'] });
    const second = router({
      name: 'other',
      addresses: ['198.51.100.10/24'],
      lines: ['unicast_src_ip 203.0.113.2', 'unicast_peer {', '203.0.113.1', '}'],
    });
    expect(matched(first, second)).toHaveLength(1);
  });

  it('and not, when neither says where it is', () => {
    const [first, second] = [router(), stranger].map((text) => text.replace('interface eth0\n', ''));
    expect(rulesThatSpeak(first ?? '', second ?? '')).not.toContain('pair/vrid-collision-other-cluster');
  });

  it('without a word about the VRID, when their interfaces have other names too', () => {
    const nodes = [router(), router({ name: 'other', device: 'eth1', addresses: ['198.51.100.10/24'] })];
    expect(rulesThatSpeak(...nodes)).toEqual(['pair/instance-missing', 'pair/instance-missing']);
  });
});

it('says why two instances of different names are compared', () => {
  const nodes = [router({ name: 'A', priority: 150 }), router({ name: 'B', addresses: ['192.0.2.10/25'] })];
  const [finding] = pairFindings(...nodes);
  expect(finding?.rule).toBe('pair/vip-mask-mismatch');
  expect(finding?.notes?.map(({ message }) => message)).toEqual([
    '192.0.2.10/24, in A; the two are compared because both have virtual_router_id 7 on eth0',
  ]);
});

describe('the pair of two instances that share the load', () => {
  it('has nothing to be told', () => {
    const read = (name: string) => readFileSync(`examples/${name}-two-instances.conf`, 'utf8');
    expect(rulesThatSpeak(read('lb01'), read('lb02'))).toEqual([]);
  });
});
