import { describe, expect, test } from 'vitest';
import type { RealServerConfig, VirtualServerConfig } from '../../src/config-parser/config.ts';
import {
  createDesiredTable,
  desiredTable,
  type Health,
  type RealServerHealth,
} from '../../src/ipvs-sync/desired.ts';
import { serverKey } from '../../src/ipvs-sync/service-key.ts';
import { address } from '../../src/net/address.ts';

const real = (last: number, change: Partial<RealServerConfig> = {}): RealServerConfig => ({
  address: address(`10.0.0.${last}`),
  port: 80,
  weight: 3,
  method: { forwarding: 'DR' },
  inhibitOnFailure: false,
  alpha: false,
  upperThreshold: 0,
  lowerThreshold: 0,
  mail: false,
  checkers: [],
  ...change,
});
const virtual = (change: Partial<VirtualServerConfig> = {}): VirtualServerConfig => ({
  name: '[10.0.0.3]:tcp:80',
  services: [{ kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 }],
  scheduler: 'rr',
  schedulerFlags: [],
  onePacket: false,
  method: { forwarding: 'DR' },
  haSuspend: false,
  mail: false,
  localAddresses: [],
  alpha: false,
  omega: false,
  quorum: 1,
  hysteresis: 0,
  realServers: [real(11), real(12)],
  ...change,
});
const sorryServer = {
  address: address('10.0.0.99'),
  port: 80,
  method: { forwarding: 'NAT' },
  inhibit: false,
} as const;

/** Health of one virtual server; of servers by the last byte of their address. */
function health(quorumUp: boolean, states: Record<number, RealServerHealth> = {}): Health {
  const realServers = new Map(
    Object.entries(states).map(([last, state]) => [serverKey(real(Number(last))), state] as const),
  );
  return new Map([[virtual().name, { quorumUp, realServers }]]);
}

/** The destinations of the first service, as `last byte of the address = weight`. */
function weights(server: VirtualServerConfig, state: Health): string[] {
  return (desiredTable([server], state)[0]?.destinations ?? []).map(
    (one) => `${one.address.split('.').at(-1)}=${one.weight}`,
  );
}

describe('desiredTable', () => {
  test('before any check every server stands in the table, save those with alpha', () => {
    expect(weights(virtual({ realServers: [real(11), real(12, { alpha: true })] }), new Map())).toEqual([
      '11=3',
    ]);
  });

  test('a server that is down is left out', () => {
    expect(weights(virtual(), health(true, { 11: { isUp: false } }))).toEqual(['12=3']);
  });

  test('with inhibit_on_failure a server that is down stays with weight 0', () => {
    const servers = [real(11, { inhibitOnFailure: true }), real(12)];
    expect(weights(virtual({ realServers: servers }), health(true, { 11: { isUp: false } }))).toEqual([
      '11=0',
      '12=3',
    ]);
  });

  test('the effective weight counts, also when it is 0', () => {
    expect(
      weights(virtual(), health(true, { 11: { isUp: true, weight: 0 }, 12: { isUp: true, weight: 9 } })),
    ).toEqual(['11=0', '12=9']);
  });

  test('a server configured with weight 0 stands in the table to drain', () => {
    expect(weights(virtual({ realServers: [real(11, { weight: 0 })] }), new Map())).toEqual(['11=0']);
  });

  test('without quorum the sorry server stands alone, also instead of servers that are up', () => {
    expect(weights(virtual({ sorryServer }), health(false, { 11: { isUp: true } }))).toEqual(['99=1']);
  });

  test('without quorum a live server with inhibit_on_failure stays with weight 0 beside the sorry server', () => {
    const servers = [real(11, { inhibitOnFailure: true }), real(12)];
    expect(weights(virtual({ sorryServer, realServers: servers }), health(false))).toEqual(['99=1', '11=0']);
  });

  test('without quorum and without a sorry server the live servers stay', () => {
    expect(weights(virtual(), health(false, { 11: { isUp: false } }))).toEqual(['12=3']);
  });

  test('with quorum the sorry server is absent, or idle with sorry_server_inhibit', () => {
    expect(weights(virtual({ sorryServer }), health(true))).toEqual(['11=3', '12=3']);
    expect(weights(virtual({ sorryServer: { ...sorryServer, inhibit: true } }), health(true))).toEqual([
      '11=3',
      '12=3',
      '99=0',
    ]);
  });

  test('a sorry server that is also a real server stands once: real with quorum, sorry without', () => {
    const server = virtual({
      sorryServer: { ...sorryServer, address: address('10.0.0.11'), inhibit: true },
      realServers: [real(11, { inhibitOnFailure: true })],
    });
    expect(weights(server, health(true))).toEqual(['11=3']);
    expect(weights(server, health(false, { 11: { isUp: false } }))).toEqual(['11=1']);
  });

  test('a service without servers stands in the table, empty', () => {
    expect(weights(virtual(), health(true, { 11: { isUp: false }, 12: { isUp: false } }))).toEqual([]);
    expect(
      desiredTable([virtual()], health(true, { 11: { isUp: false }, 12: { isUp: false } })),
    ).toHaveLength(1);
  });

  test('of a service or a server named twice the first counts', () => {
    const table = desiredTable(
      [virtual({ realServers: [real(11, { weight: 7 }), real(11)] }), virtual({ scheduler: 'wlc' })],
      new Map(),
    );
    expect(
      table.map(({ service, destinations }) => [service.scheduler, destinations.map((one) => one.weight)]),
    ).toEqual([['rr', [7]]]);
  });

  test('persistence sets the flag, the timeout and the granularity', () => {
    const [entry] = desiredTable(
      [virtual({ persistence: { timeoutSeconds: 50, prefixLength: 24, engine: 'sip' } })],
      new Map(),
    );
    expect(entry?.service).toMatchObject({
      flags: 1,
      persistenceTimeoutSeconds: 50,
      persistencePrefixLength: 24,
      persistenceEngine: 'sip',
    });
    expect(desiredTable([virtual()], new Map())[0]?.service).toMatchObject({
      flags: 0,
      persistenceTimeoutSeconds: 0,
    });
  });

  test('the health of one service does not touch another on the same address', () => {
    const udp = virtual({
      name: '[10.0.0.3]:udp:80',
      services: [{ kind: 'address', protocol: 'UDP', address: address('10.0.0.3'), port: 80 }],
    });
    expect(weights(udp, health(true, { 11: { isUp: false } }))).toEqual(['11=3', '12=3']);
  });

  test('a group is one service each, with the same destinations and its own granularity', () => {
    const server = virtual({
      services: [
        { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 },
        { kind: 'address', protocol: 'TCP', address: address('10.0.0.4'), port: 443 },
        { kind: 'fwmark', mark: 5, family: 6 },
      ],
    });
    const table = desiredTable([server], new Map());
    expect(table.map(({ service }) => service.persistencePrefixLength)).toEqual([32, 32, 128]);
    expect(table.map(({ destinations }) => destinations.map((one) => one.address))).toEqual(
      Array(3).fill(['10.0.0.11', '10.0.0.12']),
    );
  });

  test.each([
    [{ onePacket: true }, 0x4],
    [{ schedulerFlags: [1, 3] }, 0x28],
    [{ schedulerFlags: [2], persistence: { timeoutSeconds: 5, prefixLength: 32 } }, 0x11],
  ] as const)('%j are the flags %i', (change, flags) => {
    expect(desiredTable([virtual(change)], new Map())[0]?.service.flags).toBe(flags);
  });

  test('FULLNAT is NAT to the kernel, and a tunnel without words is plain ipip', () => {
    const realServers = [
      real(11, { method: { forwarding: 'FULLNAT' } }),
      real(12, { method: { forwarding: 'TUN' } }),
      real(13, { method: { forwarding: 'TUN', tunnel: { type: 'gue', port: 5555 } } }),
    ];
    const [entry] = desiredTable([virtual({ realServers })], new Map());
    expect(entry?.destinations.map(({ forwarding, tunnel }) => [forwarding, tunnel])).toEqual([
      ['NAT', undefined],
      ['TUN', { type: 'ipip' }],
      ['TUN', { type: 'gue', port: 5555 }],
    ]);
  });

  test('a drained server stays with weight 0 while it is up, and goes when it is down', () => {
    const drained = (isUp: boolean) => health(true, { 11: { isUp, weight: 7, isDrained: true } });
    expect(weights(virtual(), drained(true))).toEqual(['11=0', '12=3']);
    expect(weights(virtual(), drained(false))).toEqual(['12=3']);
  });
});

describe('createDesiredTable', () => {
  const other = virtual({
    name: '[10.0.0.4]:tcp:80',
    services: [{ kind: 'address', protocol: 'TCP', address: address('10.0.0.4'), port: 80 }],
  });
  const servers = [virtual(), other];

  test('an entry whose configuration and health are as before is the same object, the others are new', () => {
    const make = createDesiredTable();
    const first = make(servers, health(true, { 11: { isUp: true } }));
    const second = make(servers, health(true, { 11: { isUp: false } }));
    expect(second).toEqual(desiredTable(servers, health(true, { 11: { isUp: false } })));
    expect([second[0] === first[0], second[1] === first[1]]).toEqual([false, true]);
    const third = make(servers, health(true, { 11: { isUp: false } }));
    expect(third.map((entry, index) => entry === second[index])).toEqual([true, true]);
  });

  test('of a service named twice the first counts in every call', () => {
    const make = createDesiredTable();
    const twice = [virtual(), virtual({ name: 'again', scheduler: 'wlc' })];
    for (const state of [new Map(), health(false), health(true)]) {
      expect(make(twice, state).map(({ service }) => service.scheduler)).toEqual(['rr']);
    }
    make([virtual()], new Map());
    expect(make(twice, new Map())).toHaveLength(1);
  });

  test('another configuration of the same name is not overlooked', () => {
    const make = createDesiredTable();
    make([virtual()], new Map());
    expect(make([virtual({ scheduler: 'wlc' })], new Map())[0]?.service.scheduler).toBe('wlc');
  });

  test.each<[string, Health]>([
    ['the quorum', health(false)],
    ['a weight', health(true, { 11: { isUp: true, weight: 9 } })],
    ['a drain', health(true, { 11: { isUp: true, isDrained: true } })],
    ['what has not been checked', new Map()],
  ])('%s is compared', (_what, state) => {
    const make = createDesiredTable();
    const server = virtual({ sorryServer, realServers: [real(11), real(12, { alpha: true })] });
    make([server], health(true, { 11: { isUp: true, weight: 3 } }));
    make([server], health(true, { 11: { isUp: true }, 12: { isUp: true } }));
    expect(make([server], state)).toEqual(desiredTable([server], state));
  });
});
