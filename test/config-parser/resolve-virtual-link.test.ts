import { describe, expect, it } from 'vitest';
import { blockOf, instanceWith, onlyInstance, parseText } from './parse-helpers.ts';

const macvlan = {
  kind: 'macvlan',
  name: 'vrrp.51',
  mac: '00:00:5e:00:01:33',
  transmitsByBase: false,
  netlinkNotify: false,
};

const ipvlan = { kind: 'ipvlan', name: 'vrrp.51', transmitsByBase: false, netlinkNotify: false };

function linkOf(...lines: readonly string[]) {
  return onlyInstance(instanceWith(...lines)).virtualLink;
}

describe('the link of an instance', () => {
  it.each<[string, object | undefined]>([
    ['', undefined],
    ['vmac_xmit_base', undefined],
    ['use_vmac', macvlan],
    ['use_vmac vip0', { ...macvlan, name: 'vip0' }],
    ['use_vmac vip0 2:0:0:0:0:a', { ...macvlan, name: 'vip0', mac: '02:00:00:00:00:0a' }],
    ['use_vmac vip0 02:00:00:00:01', { ...macvlan, name: 'vip0', mac: '02:00:00:00:01:33' }],
    ['use_vmac netlink_notify_msg group 5', { ...macvlan, netlinkNotify: true, group: '5' }],
    ['use_vmac\nvmac_xmit_base', { ...macvlan, transmitsByBase: true }],
    ['use_ipvlan 192.0.2.1', { ...ipvlan, address: '192.0.2.1' }],
    [
      'use_ipvlan ipv 192.0.2.1/24 bridge group 5',
      { ...ipvlan, name: 'ipv', address: '192.0.2.1', prefixLength: 24, mode: 'bridge', group: '5' },
    ],
    ['use_vmac\nuse_ipvlan 192.0.2.1', { ...ipvlan, address: '192.0.2.1' }],
  ])('with %j is what it says', (lines, expected) => {
    expect(linkOf(lines)).toEqual(expected);
  });

  it('of IPv6 has the MAC address of IPv6', () => {
    const text = instanceWith('use_vmac').replace('192.0.2.10/24', 'fe80::1/64');
    expect(onlyInstance(text).virtualLink?.mac).toBe('00:00:5e:00:02:33');
  });

  it('is named after vmac_prefix', () => {
    const text = `global_defs {\nvmac_prefix hf\nvmac_addr_prefix hfa\n}\n${instanceWith('use_vmac')}`;
    const { config } = parseText(text);
    expect(config.vrrpInstances[0]?.virtualLink?.name).toBe('hf.51');
    expect(config.globalDefs.vrrp.vmacAddressPrefix).toBe('hfa');
  });

  it('has a name that the kernel can hold, with the whole number', () => {
    const text = `global_defs {\nvmac_prefix a-very-long-prefix\n}\n${instanceWith('use_vmac')}`;
    expect(onlyInstance(text).virtualLink?.name).toBe('a-very-long-.51');
  });

  it('sends unicast by the interface, and says so where that is not written', () => {
    const peers = blockOf('unicast_peer', '192.0.2.2');
    expect(linkOf('use_vmac', peers)).toEqual({ ...macvlan, transmitsByBase: true });
    const codes = (...lines: readonly string[]) =>
      parseText(instanceWith(...lines)).diagnostics.map(({ code }) => code);
    expect(codes('use_vmac', peers)).toEqual(['unicast-vmac-xmit-base']);
    expect(codes('use_vmac', 'vmac_xmit_base', peers)).toEqual([]);
  });

  it('leaves the addresses on the interface that is written', () => {
    expect(onlyInstance(instanceWith('use_vmac')).virtualAddresses[0]?.interface).toBe('eth0');
  });

  it('over IPv4 without a source address is told of when it is an ipvlan', () => {
    const codes = (line: string) => parseText(instanceWith(line)).diagnostics.map(({ code }) => code);
    expect(codes('use_ipvlan')).toEqual(['ipvlan-without-source']);
    expect(codes('use_ipvlan\nmcast_src_ip 192.0.2.1')).toEqual([]);
  });

  it('has promote_secondaries by itself', () => {
    expect(onlyInstance(instanceWith('promote_secondaries')).promoteSecondaries).toBe(true);
    expect(onlyInstance(instanceWith('promote_secondaries', 'use_vmac')).promoteSecondaries).toBe(false);
  });
});

describe('the names of several links', () => {
  const namesOf = (...texts: readonly string[]) =>
    parseText(texts.join('')).config.vrrpInstances.map(({ virtualLink }) => virtualLink?.name);
  const four = (name: string, line: string) =>
    instanceWith(line).replace('VI_1', name).replace('eth0', `eth_${name}`);
  const six = (name: string, line: string) => four(name, line).replace('192.0.2.10/24', 'fe80::1/64');

  it.each<[readonly string[], readonly string[]]>([
    [
      [four('a', 'use_vmac'), six('b', 'use_vmac')],
      ['vrrp.51', 'vrrp6.51'],
    ],
    [
      [six('a', 'use_vmac'), four('b', 'use_vmac')],
      ['vrrp.51', 'vrrp1.51'],
    ],
    [
      [four('a', 'use_vmac'), six('b', 'use_vmac'), six('c', 'use_vmac')],
      ['vrrp.51', 'vrrp6.51', 'vrrp1.51'],
    ],
    [
      [four('a', 'use_vmac'), four('b', 'use_vmac vrrp.51')],
      ['vrrp1.51', 'vrrp.51'],
    ],
    [
      [four('a', 'use_vmac vip0'), four('b', 'use_vmac vip0')],
      ['vip0', 'vrrp.51'],
    ],
  ])('are all different (%#)', (texts, expected) => {
    expect(namesOf(...texts)).toEqual(expected);
  });

  it('do not run out where six would be the next', () => {
    const many = Array.from({ length: 8 }, (_, index) => four(`n${index}`, 'use_vmac'));
    expect(namesOf(...many).slice(5)).toEqual(['vrrp5.51', 'vrrp7.51', 'vrrp8.51']);
  });
});
