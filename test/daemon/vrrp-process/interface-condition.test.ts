import { describe, expect, test } from 'vitest';
import { interfaceCondition } from '../../../src/daemon/vrrp-process/interface-condition.ts';
import type { LinkState } from '../../../src/kernel/link-monitor.ts';
import { address, type IpAddress } from '../../../src/net/address.ts';

const own = address('10.0.0.5');
const vip = address('10.0.0.3');
const none: ReadonlySet<IpAddress> = new Set();

function held(value: IpAddress, more: { isSecondary?: boolean; scope?: number; isTentative?: boolean } = {}) {
  return { address: value, prefixLength: 24, scope: 0, isSecondary: false, isTentative: false, ...more };
}

function link(more: Partial<LinkState> = {}): LinkState {
  return {
    index: 7,
    name: 'eth0',
    mac: new Uint8Array(6),
    mtu: 1500,
    isUp: true,
    isRunning: true,
    supportsMulticast: true,
    isLoopback: false,
    hasArp: true,
    addresses: [held(own)],
    ...more,
  } as LinkState;
}

describe('what an interface means for an instance on it', () => {
  test('an interface that is up, running and has an address lets the instance run from that address', () => {
    expect(interfaceCondition({ family: 4 }, link(), none)).toEqual({
      kind: 'usable',
      interfaceIndex: 7,
      sourceAddress: own,
    });
  });

  test.each([
    ['no interface of that name', undefined, 'interface-missing'],
    ['administratively down', link({ isUp: false }), 'interface-down'],
    ['no carrier', link({ isRunning: false }), 'interface-down'],
    ['no address', link({ addresses: [] }), 'no-source-address'],
  ] as const)('%s is a fault', (_, state, fault) => {
    expect(interfaceCondition({ family: 4 }, state, none)).toEqual({ kind: 'fault', fault });
  });

  test('a virtual address left by a killed run is not taken as the source, even where it comes first', () => {
    const state = link({ addresses: [held(vip), held(own)] });
    expect(interfaceCondition({ family: 4 }, state, new Set([vip]))).toMatchObject({ sourceAddress: own });
  });

  test('a virtual address alone is no source: without an address of its own the instance cannot run', () => {
    const state = link({ addresses: [held(vip)] });
    expect(interfaceCondition({ family: 4 }, state, new Set([vip]))).toMatchObject({
      fault: 'no-source-address',
    });
  });

  test('mcast_src_ip is used only while the interface has it', () => {
    const config = { family: 4, sourceAddress: address('10.0.0.99') } as const;
    expect(interfaceCondition(config, link(), none)).toMatchObject({ fault: 'no-source-address' });
    const both = link({ addresses: [held(own), held(address('10.0.0.99'))] });
    expect(interfaceCondition(config, both, none)).toMatchObject({ sourceAddress: '10.0.0.99' });
  });

  test('an IPv6 instance takes the link-local address, and not while it is tentative', () => {
    const local = address('fe80::5');
    const ready = link({ addresses: [held(own), held(local, { scope: 253 })] });
    expect(interfaceCondition({ family: 6 }, ready, none)).toMatchObject({ sourceAddress: local });
    const tentative = link({ addresses: [held(local, { scope: 253, isTentative: true })] });
    expect(interfaceCondition({ family: 6 }, tentative, none)).toMatchObject({ fault: 'no-source-address' });
  });
});
