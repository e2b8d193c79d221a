import { describe, expect, it } from 'vitest';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { blockOf, instanceWith, onlyInstance, parseText, summary } from './parse-helpers.ts';

const peers = (...lines: readonly string[]) => blockOf('unicast_peer', ...lines);
const one = peers('192.0.2.2');
const multicast = { kind: 'multicast', group: '224.0.0.18' } as const;

function unicast(changes: object = {}) {
  const peer = { address: '192.0.2.2', minTtl: 0, maxTtl: 255 };
  return { kind: 'unicast', peers: [peer], ttl: 255, checkSource: false, ...changes };
}

function transportOf(...lines: readonly string[]): VrrpInstanceConfig['transport'] {
  return onlyInstance(instanceWith(...lines)).transport;
}

function told(...lines: readonly string[]): readonly string[] {
  return parseText(instanceWith(...lines)).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

describe('where advertisements go', () => {
  it.each<[string, object]>([
    ['', multicast],
    ['mcast_dst_ip 224.0.0.99', { kind: 'multicast', group: '224.0.0.99' }],
    [one, unicast()],
    [`${one}\nunicast_ttl 0\ncheck_unicast_src`, unicast({ ttl: 0, checkSource: true })],
    [
      peers('192.0.2.2 min_ttl 1 max_ttl 254'),
      unicast({ peers: [{ address: '192.0.2.2', minTtl: 1, maxTtl: 254 }] }),
    ],
    [peers('192.0.2.2', '192.0.2.2 min_ttl 9', '2001:db8::2'), unicast()],
    [`${one}\nmcast_dst_ip 224.0.0.99`, unicast()],
    ['unicast_src_ip 192.0.2.1', multicast],
    ['unicast_src_ip 192.0.2.1\nunicast_fault_no_peer', unicast({ peers: [] })],
    ['unicast_fault_no_peer', multicast],
    [peers('2001:db8::2'), multicast],
  ])('with %j is as it says', (lines, expected) => {
    expect(transportOf(lines)).toEqual(expected);
  });

  it('is checked by the source where global_defs says so', () => {
    const text = `global_defs {\nvrrp_check_unicast_src\n}\n${instanceWith(one)}`;
    expect(onlyInstance(text).transport).toEqual(unicast({ checkSource: true }));
  });

  it.each<[string, readonly string[]]>([
    [one, []],
    ['unicast_ttl 64', ['error unicast-without-peers']],
    ['check_unicast_src\nunicast_fault_no_peer', ['warning unicast-without-peers']],
    [peers('2001:db8::2'), ['error unicast-without-peers', 'error unicast-peer-family']],
    [`${one}\nmcast_dst_ip 224.0.0.99`, ['error mcast-dst-with-unicast']],
    [`${one}\nvrf blue`, ['error vrf-without-unicast']],
  ])('%j is told of', (lines, expected) => {
    expect(told(lines)).toEqual(expected);
  });
});

describe('where advertisements come from', () => {
  it('is the later of unicast_src_ip and mcast_src_ip, which are one thing', () => {
    const both = ['unicast_src_ip 192.0.2.1', 'mcast_src_ip 192.0.2.3'];
    expect(onlyInstance(instanceWith(one, ...both)).sourceAddress).toBe('192.0.2.3');
    expect(onlyInstance(instanceWith(one, ...both.toReversed())).sourceAddress).toBe('192.0.2.1');
  });

  it('is tracked only where it is written', () => {
    expect(onlyInstance(instanceWith('track_src_ip')).trackSourceAddress).toBe(false);
    const given = onlyInstance(instanceWith('track_src_ip', 'mcast_src_ip 192.0.2.1'));
    expect(given.trackSourceAddress).toBe(true);
  });

  it('makes an IPv6 instance of one that holds no address', () => {
    const text = instanceWith('no_virtual_ipaddress', 'mcast_src_ip fe80::1');
    expect(onlyInstance(text.replace(/virtual_ipaddress \{[^}]*\}/, '')).family).toBe(6);
  });
});

describe('an instance without an interface', () => {
  const without = (...lines: readonly string[]) =>
    instanceWith(...lines)
      .replace('interface eth0', '')
      .replace('/24', '/24 dev eth1');

  it('may be in a VRF, and speaks to its peers from its source address', () => {
    const given = onlyInstance(without('unicast_src_ip 192.0.2.1', 'vrf blue', one));
    expect(given).not.toHaveProperty('interface');
    expect(given).toMatchObject({ vrf: 'blue', sourceAddress: '192.0.2.1', transport: unicast() });
    expect(given.virtualAddresses[0]?.interface).toBe('eth1');
  });

  it.each(['use_vmac', 'use_ipvlan 192.0.2.1'])('has nothing for %s to be on', (line) => {
    const text = without('unicast_src_ip 192.0.2.1', one, line);
    expect(onlyInstance(text)).not.toHaveProperty('virtualLink');
    expect(summary(parseText(text))).toEqual([`error invalid-value: ${line}`]);
  });

  it('drops an address that names no interface', () => {
    const text = without('unicast_src_ip 192.0.2.1', one).replace(' dev eth1', '');
    expect(summary(parseText(text))).toContain('error vip-without-interface: 192.0.2.10/24');
  });

  it.each<[string, ...(readonly string[])]>([
    ['speaks multicast', ''],
    ['has no source address', one],
    ['has a source address of the other family', one, 'unicast_src_ip 2001:db8::1'],
    ['has only peers of the other family', peers('2001:db8::2'), 'unicast_src_ip 192.0.2.1'],
    ['has a link-local source address', peers('fe80::2'), 'unicast_src_ip fe80::1'],
  ])('cannot run when it %s', (_why, ...lines) => {
    const { config, diagnostics } = parseText(without(...lines));
    expect(config.vrrpInstances).toEqual([]);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'fatal', code: 'missing-keyword' }),
    );
  });
});

describe('the checksum', () => {
  it.each([
    ['', 'auto'],
    ['old_unicast_checksum', 'always'],
    ['old_unicast_checksum never', 'never'],
  ])('of unicast with %j is %s', (line, expected) => {
    expect(onlyInstance(instanceWith(one, line)).oldUnicastChecksum).toBe(expected);
  });

  it.each([
    ['', 'version 3', false],
    ['', 'version 3\nv3_checksum_as_v2', true],
    ['v3_checksum_as_v2', 'version 3', true],
    ['v3_checksum_as_v2', 'version 3\nv3_checksum_as_v2 off', false],
  ])('of version 3 with %j and %j leaves the pseudo-header out: %s', (globals, lines, expected) => {
    const text = `global_defs {\n${globals}\n}\n${instanceWith(lines)}`;
    expect(onlyInstance(text).v3ChecksumAsV2).toBe(expected);
  });

  it('of IPv6 always has the pseudo-header', () => {
    const text = instanceWith('v3_checksum_as_v2').replace('192.0.2.10/24', 'fe80::1/64');
    expect(onlyInstance(text).v3ChecksumAsV2).toBe(false);
  });
});

describe('one virtual_router_id on one interface', () => {
  const two = (first: string, second: string) =>
    summary(parseText(instanceWith(first) + instanceWith(second).replace('VI_1', 'VI_2')));

  it.each([
    ['other groups', 'mcast_dst_ip 224.0.0.18', 'mcast_dst_ip 224.0.0.19'],
    ['other peers', one, peers('192.0.2.3')],
    ['a group and peers', '', one],
    ['links of their own', 'use_vmac', 'use_vmac vip0'],
    ['a link of its own and the interface', 'use_vmac', ''],
  ])('may be that of two instances with %s', (_what, first, second) => {
    expect(two(first, second)).toEqual([]);
  });

  it.each([
    ['one group', '', ''],
    ['one peer', one, peers('192.0.2.3', '192.0.2.2')],
    ['links that send by the interface', 'use_vmac\nvmac_xmit_base', 'use_vmac vip0\nvmac_xmit_base'],
  ])('may not be that of two instances with %s', (_what, first, second) => {
    expect(two(first, second)).toEqual(['fatal duplicate-virtual-router-id: 51']);
  });
});
