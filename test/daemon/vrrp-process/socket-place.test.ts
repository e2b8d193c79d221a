/** Where the keywords of the configuration let an instance send and receive, on a host with eth0 and eth1. */
import { describe, expect, test } from 'vitest';
import { HostInterfaces } from '../../../src/daemon/vrrp-process/host-interfaces.ts';
import { interfaceCondition } from '../../../src/daemon/vrrp-process/interface-condition.ts';
import { address } from '../../../src/net/address.ts';
import { blockOf, instanceWith, onlyInstance } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, hostAddress, link } from './fakes.ts';

const held = (text: string) => ({
  address: address(text),
  prefixLength: 24,
  scope: 0,
  isSecondary: false,
  isTentative: false,
});
const links = [
  link('eth0', { addresses: [held('10.0.0.10'), held('10.0.0.11')] }),
  link('eth1', { index: 8, addresses: [held('10.0.1.10')] }),
  link('vrrp.51', { index: 9, addresses: [] }),
  link('ipv0', { index: 10, addresses: [] }),
  link('blue', { index: 11, addresses: [] }),
];

function conditionOf(text: string, ...changed: readonly ReturnType<typeof link>[]) {
  const monitor = new FakeMonitor(...links, ...changed);
  const interfaces = new HostInterfaces(monitor, () => undefined);
  return interfaceCondition(onlyInstance(text), interfaces);
}

const placeOf = (...lines: readonly string[]) => conditionOf(instanceWith(...lines)).place;
const faultsOf = (...lines: readonly string[]) =>
  conditionOf(instanceWith(...lines)).faults.map(({ reason }) => reason);

const peers = blockOf('unicast_peer', '10.0.0.2');
const down = link('eth0', { isUp: false });

describe('the place of an instance', () => {
  test('is its interface, the group, and the first address', () => {
    expect(placeOf()).toEqual({
      kind: 'multicast',
      interface: { name: 'eth0', index: 7 },
      group: '224.0.0.18',
      source: hostAddress,
      authenticationHeader: false,
    });
  });

  test.each([
    ['mcast_dst_ip 224.0.0.99', { group: '224.0.0.99' }],
    ['mcast_src_ip 10.0.0.11', { source: '10.0.0.11' }],
    ['mcast_src_ip 10.0.1.10', { source: '10.0.1.10' }],
    ['kernel_rx_buf_size 65536', { receiveBufferBytes: 65_536 }],
    [blockOf('authentication', 'auth_type AH', 'auth_pass x'), { authenticationHeader: true }],
    ['use_vmac', { interface: { name: 'vrrp.51', index: 9 }, source: '10.0.0.10' }],
    ['use_vmac\nvmac_xmit_base', { interface: { name: 'eth0', index: 7 } }],
    ['use_ipvlan ipv0 10.0.0.77', { interface: { name: 'ipv0', index: 10 }, source: '10.0.0.77' }],
    [peers, { kind: 'unicast', source: '10.0.0.10', ttl: 255 }],
    [`${peers}\nunicast_ttl 9`, { kind: 'unicast', ttl: 9 }],
    [`${peers}\nunicast_src_ip 10.0.0.11`, { kind: 'unicast', source: '10.0.0.11' }],
  ])('with %j is another one', (lines, expected) => {
    expect(placeOf(lines)).toMatchObject(expected);
  });

  test('may be a VRF without an interface', () => {
    const text = instanceWith(peers, 'unicast_src_ip 10.0.0.11', 'vrf blue')
      .replace('interface eth0', '')
      .replace('/24', '/24 dev eth1');
    expect(conditionOf(text)).toMatchObject({ faults: [], place: { vrf: 'blue', source: '10.0.0.11' } });
  });
});

describe('a fault', () => {
  test.each([
    ['track_src_ip\nmcast_src_ip 10.0.1.10', ['no-source-address']],
    ['track_src_ip\nmcast_src_ip 10.0.0.11', []],
    ['unicast_src_ip 10.0.0.11\nunicast_fault_no_peer', ['no-unicast-peer']],
    ['use_vmac vip7', ['interface-missing']],
  ])('with %j: %j', (lines, expected) => {
    expect(faultsOf(lines)).toEqual(expected);
  });

  test('is an interface that is down, unless dont_track_primary', () => {
    const of = (line: string) => conditionOf(instanceWith(line), down).faults.map(({ reason }) => reason);
    expect([of(''), of('dont_track_primary\nmcast_src_ip 10.0.1.10')]).toEqual([['interface-down'], []]);
  });
});
