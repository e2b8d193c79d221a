import { describe, expect, test } from 'vitest';
import { placements } from '../../../src/daemon/vrrp-process/instances.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';

/** The links that the instances of a text need. */
function linksOf(text: string): readonly string[] {
  const all = [...placements(parseText(text).config).values()];
  return all.flatMap(({ links }) => links.map(({ link, base }) => `${link.name} on ${base}`));
}

const elsewhere = blockOf('virtual_ipaddress_excluded', '192.0.2.11/24 dev eth7');
const both = instanceWith('use_vmac', 'use_vmac_addr', elsewhere);
const globals = (...lines: readonly string[]) => `${blockOf('global_defs', ...lines)}\n`;

describe('the names of further links', () => {
  test.each([
    ['', ['vrrp.51 on eth0', 'vrrp.51.1 on eth7']],
    ['vmac_prefix ha', ['ha.51 on eth0', 'ha.51.1 on eth7']],
    ['vmac_addr_prefix hfa', ['vrrp.51 on eth0', 'hfa.51.1 on eth7']],
    ['vmac_prefix ha\nvmac_addr_prefix hfa', ['ha.51 on eth0', 'hfa.51.1 on eth7']],
    ['vmac_addr_prefix very-long-words', ['vrrp.51 on eth0', 'very-long-.51.1 on eth7']],
  ])('with %j are %j', (line, expected) => {
    expect(linksOf(globals(line) + both)).toEqual(expected);
  });

  test('begin with vmac_prefix also where the instance has no use_vmac', () => {
    const alone = instanceWith('use_vmac_addr');
    expect(linksOf(globals('vmac_prefix ha') + alone)).toEqual(['ha.51.0 on eth0']);
  });

  test('are those of one instance each, also where several have the same VRID', () => {
    const first = instanceWith('use_vmac_addr');
    const second = first.replace('VI_1', 'VI_2').replace('eth0', 'eth1');
    expect(linksOf(first + second)).toEqual(['vrrp.51.0 on eth0', 'vrrp.51.1 on eth1']);
  });
});

test('the members of a group know it', () => {
  const group = blockOf('vrrp_sync_group G', blockOf('group', 'VI_1'));
  const [placement] = placements(parseText(`${group}\n${instanceWith()}`).config).values();
  expect(placement?.config.syncGroup).toBe('G');
});
