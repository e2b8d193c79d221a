import { describe, expect, test } from 'vitest';
import type { VrrpInstanceConfig } from '../../../src/config-parser/config.ts';
import { type HostLinks, interfaceCondition } from '../../../src/daemon/vrrp-process/interface-condition.ts';
import type { LinkState } from '../../../src/kernel/link-monitor.ts';
import { address, type IpAddress } from '../../../src/net/address.ts';
import { instanceConfig } from '../../vrrp/instances.ts';

const own = address('10.0.0.5');
const vip = address('10.0.0.3');

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

function host(links: readonly LinkState[], ...virtualAddresses: readonly IpAddress[]): HostLinks {
  return {
    find: (name) => links.find((one) => one.name === name),
    isUp: ({ isUp, isRunning }) => isUp && isRunning,
    virtualAddresses: new Set(virtualAddresses),
    hasAddress: (wanted) => links.some(({ addresses }) => addresses.some((one) => one.address === wanted)),
  };
}

/** What an instance with these changes finds on a host with these interfaces. */
function condition(
  changes: Partial<VrrpInstanceConfig>,
  links: readonly LinkState[],
  ...virtualAddresses: readonly IpAddress[]
) {
  return interfaceCondition(instanceConfig(changes), host(links, ...virtualAddresses));
}

const unicast = {
  kind: 'unicast',
  ttl: 255,
  checkSource: false,
  peers: [{ address: address('10.0.0.6'), minTtl: 0, maxTtl: 255 }],
} as const;

describe('what an interface means for an instance on it', () => {
  test('an interface that is up, running and has an address lets the instance run from that address', () => {
    expect(condition({}, [link()])).toEqual({
      faults: [],
      sourceAddress: own,
      place: {
        kind: 'multicast',
        interface: { name: 'eth0', index: 7 },
        group: '224.0.0.18',
        source: own,
        authenticationHeader: false,
      },
    });
  });

  test.each([
    ['no interface of that name', [], { reason: 'interface-missing', subject: 'eth0' }],
    ['administratively down', [link({ isUp: false })], { reason: 'interface-down', subject: 'eth0' }],
    ['no carrier', [link({ isRunning: false })], { reason: 'interface-down', subject: 'eth0' }],
    ['no address', [link({ addresses: [] })], { reason: 'no-source-address' }],
  ] as const)('%s is a fault', (_, links, fault) => {
    expect(condition({}, links).faults).toEqual([fault]);
  });

  test('an interface that is down keeps its socket, for a last word when it comes back', () => {
    expect(condition({}, [link({ isUp: false })]).place).toBeDefined();
    expect(condition({}, []).place).toBeUndefined();
  });

  test('a virtual address left by a killed run is not taken as the source, even where it comes first', () => {
    const state = link({ addresses: [held(vip), held(own)] });
    expect(condition({}, [state], vip)).toMatchObject({ sourceAddress: own });
    expect(condition({}, [link({ addresses: [held(vip)] })], vip).faults).toEqual([
      { reason: 'no-source-address' },
    ]);
  });

  test('mcast_src_ip may be on any interface, and with track_src_ip on this one alone', () => {
    const sourceAddress = address('10.0.0.99');
    const other = link({ name: 'eth1', index: 8, addresses: [held(sourceAddress)] });
    expect(condition({ sourceAddress }, [link()]).faults).toEqual([{ reason: 'no-source-address' }]);
    expect(condition({ sourceAddress }, [link(), other])).toMatchObject({ faults: [], sourceAddress });
    const tracked = { sourceAddress, trackSourceAddress: true };
    expect(condition(tracked, [link(), other]).faults).toEqual([{ reason: 'no-source-address' }]);
  });

  test('an IPv6 instance takes the link-local address, and not while it is tentative', () => {
    const local = address('fe80::5');
    const ready = link({ addresses: [held(own), held(local, { scope: 253 })] });
    expect(condition({ family: 6 }, [ready])).toMatchObject({ sourceAddress: local });
    const tentative = link({ addresses: [held(local, { scope: 253, isTentative: true })] });
    expect(condition({ family: 6 }, [tentative]).faults).toEqual([{ reason: 'no-source-address' }]);
  });

  test('with dont_track_primary an interface that is down is no fault, and one that is missing is', () => {
    const changes = { dontTrackPrimary: true };
    expect(condition(changes, [link({ isUp: false })]).faults).toEqual([]);
    expect(condition(changes, []).faults).toEqual([{ reason: 'interface-missing', subject: 'eth0' }]);
  });
});

describe('unicast', () => {
  test('needs no interface, only its source address somewhere on this host', () => {
    const { interface: _, ...config } = instanceConfig({ transport: unicast, sourceAddress: own });
    expect(interfaceCondition(config, host([link()]))).toEqual({
      faults: [],
      sourceAddress: own,
      place: { kind: 'unicast', source: own, ttl: 255, authenticationHeader: false },
    });
    expect(interfaceCondition(config, host([])).faults).toEqual([{ reason: 'no-source-address' }]);
  });

  test('without any peer is a fault', () => {
    const transport = { ...unicast, peers: [] };
    expect(condition({ transport }, [link()]).faults).toEqual([{ reason: 'no-unicast-peer' }]);
  });
});

describe('a virtual link', () => {
  const virtualLink = {
    kind: 'macvlan',
    name: 'vrrp.51',
    mac: '00:00:5e:00:01:33',
    transmitsByBase: false,
    netlinkNotify: false,
  } as const;
  const macvlan = link({ name: 'vrrp.51', index: 9, addresses: [] });

  test('is what advertisements leave by, from the address of the interface below', () => {
    expect(condition({ virtualLink }, [link(), macvlan])).toMatchObject({
      faults: [],
      sourceAddress: own,
      place: { interface: { name: 'vrrp.51', index: 9 } },
    });
    const byBase = { ...virtualLink, transmitsByBase: true };
    expect(condition({ virtualLink: byBase }, [link(), macvlan]).place?.interface?.name).toBe('eth0');
  });

  test('that is missing is a fault', () => {
    expect(condition({ virtualLink }, [link()]).faults).toEqual([
      { reason: 'interface-missing', subject: 'vrrp.51' },
    ]);
  });
});
