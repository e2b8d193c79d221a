/**
 * Every way to say a service or a destination, put into a kernel's real IPVS, read back and shown by ipvsadm; and the
 * connection synchronization. It empties the table: an embedded kernel or a namespace of its own is the place.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Scheduler, Tunnel, VirtualService } from '../../../src/config-parser/config.ts';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import {
  type Destination,
  desiredTable,
  diff,
  diffSyncDaemons,
  type IpvsClient,
  reconcile,
  type Service,
  type ServiceEntry,
  type SyncDaemon,
} from '../../../src/ipvs-sync/index.ts';
import { openIpvsClient } from '../../../src/kernel/ipvs-client.ts';
import { address } from '../../../src/net/address.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';

const ipvsadm = (...options: string[]): string => execFileSync('ipvsadm', options, { encoding: 'utf8' });
const saved = (): string[] =>
  ipvsadm('-Sn')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const tcp: VirtualService = { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 };
const plain: Service = {
  service: tcp,
  scheduler: 'rr',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 32,
};
const server: Destination = {
  address: address('10.0.0.11'),
  port: 80,
  forwarding: 'DR',
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
};

let client: IpvsClient;

/** Writes it, and proves that the kernel has it: what is read back does not differ. */
async function put(entry: ServiceEntry): Promise<void> {
  const { failures } = await reconcile({ client, desired: [entry], owned: new Set() });
  expect(failures.map(({ error }) => error.message)).toEqual([]);
  expect(diff([entry], await client.observe(), new Set())).toEqual([]);
}

beforeAll(async () => {
  loadEmbeddedModules('ip_vs_pe_sip', 'ip_vs_mh', 'ip_vs_fo', 'ip_vs_ovf');
  client = await openIpvsClient();
  if ((await client.observe()).length > 0) throw new Error('this IPVS table is in use');
});
beforeEach(async () => client.flush());
afterAll(() => client?.close());

describe('a service', () => {
  // twos is missing in the embedded kernel, as Debian builds it.
  const known: readonly Scheduler[] = [
    'rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'mh', 'fo', 'ovf', 'sed', 'nq',
  ]; // biome-ignore format: one list
  test.each(known)('with the scheduler %s', async (scheduler) => {
    await put({ service: { ...plain, scheduler }, destinations: [server] });
    expect(saved()).toEqual([
      `-A -t 10.0.0.3:80 -s ${scheduler}`,
      '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 1',
    ]);
  });

  test.each<[string, Partial<Service>, string]>([
    ['flag-1 of sh', { scheduler: 'sh', flags: 0x8 }, '-s sh -b sh-fallback'],
    ['flag-2 of sh', { scheduler: 'sh', flags: 0x10 }, '-s sh -b sh-port'],
    ['both of mh', { scheduler: 'mh', flags: 0x18 }, '-s mh -b mh-fallback,mh-port'],
    ['flag-3', { flags: 0x20 }, '-s rr -b flag-3'],
    ['persistence', { flags: 1, persistenceTimeoutSeconds: 77 }, '-s rr -p 77'],
    [
      'granularity',
      { flags: 1, persistenceTimeoutSeconds: 77, persistencePrefixLength: 20 },
      '-s rr -p 77 -M 255.255.240.0',
    ],
  ])('with %s', async (_name, change, words) => {
    await put({ service: { ...plain, ...change }, destinations: [] });
    expect(saved()).toEqual([`-A -t 10.0.0.3:80 ${words}`]);
    await put({ service: plain, destinations: [] });
    expect(saved()).toEqual(['-A -t 10.0.0.3:80 -s rr']);
  });

  test('with ops and with a persistence engine, both for UDP', async () => {
    const udp: VirtualService = { ...tcp, protocol: 'UDP', port: 5060 };
    await put({ service: { ...plain, service: udp, flags: 4 }, destinations: [] });
    expect(saved()).toEqual(['-A -u 10.0.0.3:5060 -s rr -o']);
    const persistent = { ...plain, service: udp, flags: 1, persistenceTimeoutSeconds: 60 };
    await put({ service: { ...persistent, persistenceEngine: 'sip' }, destinations: [] });
    expect(saved()).toEqual(['-A -u 10.0.0.3:5060 -s rr -p 60 --pe sip']);
    await put({ service: persistent, destinations: [] });
    expect(saved()).toEqual(['-A -u 10.0.0.3:5060 -s rr -p 60']);
  });

  test('of SCTP, of a firewall mark in either family, and of all ports', async () => {
    await put({ service: { ...plain, service: { ...tcp, protocol: 'SCTP' } }, destinations: [server] });
    expect(saved()).toContain('-A --sctp-service 10.0.0.3:80 -s rr');
    for (const family of [4, 6] as const) {
      await client.flush();
      const marked: VirtualService = { kind: 'fwmark', mark: 0x7fff_fffe, family };
      const prefix = { persistencePrefixLength: family === 4 ? 32 : 128 };
      await put({ service: { ...plain, ...prefix, service: marked }, destinations: [] });
      expect(saved()).toEqual([`-A -f 2147483646${family === 6 ? ' -6' : ''} -s rr`]);
    }
    await client.flush();
    const allPorts: Service = {
      ...plain,
      service: { ...tcp, port: 0 },
      flags: 1,
      persistenceTimeoutSeconds: 60,
    };
    await put({ service: allPorts, destinations: [{ ...server, port: 0 }] });
    expect(saved()).toEqual(['-A -t 10.0.0.3:0 -s rr -p 60', '-a -t 10.0.0.3:0 -r 10.0.0.11:0 -g -w 1']);
  });
});

describe('a destination by tunnel', () => {
  test.each<[Tunnel, string]>([
    [{ type: 'ipip' }, '--tun-type ipip'],
    [{ type: 'gue', port: 6080 }, '--tun-type gue --tun-port 6080 --tun-nocsum'],
    [{ type: 'gue', port: 6080, checksum: 'csum' }, '--tun-type gue --tun-port 6080 --tun-csum'],
    [{ type: 'gue', port: 6080, checksum: 'remcsum' }, '--tun-type gue --tun-port 6080 --tun-remcsum'],
    [{ type: 'gre' }, '--tun-type gre --tun-nocsum'],
    [{ type: 'gre', checksum: 'csum' }, '--tun-type gre --tun-csum'],
  ])('%o', async (tunnel, words) => {
    await put({ service: plain, destinations: [{ ...server, forwarding: 'TUN', tunnel }] });
    expect(saved()[1]).toBe(`-a -t 10.0.0.3:80 -r 10.0.0.11:80 -i -w 1 ${words}`);
    const back: Destination = { ...server, forwarding: 'TUN', tunnel: { type: 'ipip' } };
    await put({ service: plain, destinations: [back] });
    expect(saved()[1]).toContain('--tun-type ipip');
  });

  test('of the other family than its service, in both directions', async () => {
    const tunnel: Tunnel = { type: 'ipip' };
    const ipv6: VirtualService = { ...tcp, address: address('2001:db8::3') };
    await put({
      service: { ...plain, service: ipv6, persistencePrefixLength: 128 },
      destinations: [{ ...server, forwarding: 'TUN', tunnel }],
    });
    expect(saved()[1]).toContain('-t [2001:db8::3]:80 -r 10.0.0.11:80 -i');
    await expect(
      client.perform({ kind: 'createDestination', service: ipv6, destination: { ...server, port: 81 } }),
    ).rejects.toThrow('must be reached by a tunnel');
  });
});

test('what a configuration asks for stands in the kernel as it says: mixed ways, a drained server, thresholds', async () => {
  const health = {
    quorumUp: true,
    realServers: new Map([['10.0.0.12:80', { isUp: true, isDrained: true }]]),
  };
  const [entry] = desiredTable(
    [
      virtualServer('10.0.0.3', {
        realServers: [
          realServer('10.0.0.11', { method: { forwarding: 'FULLNAT' }, port: 8080 }),
          realServer('10.0.0.12'),
          realServer('10.0.0.13', { upperThreshold: 9, lowerThreshold: 5, weight: 0 }),
        ],
      }),
    ],
    new Map([['[10.0.0.3]:tcp:80', health as never]]),
  );
  if (entry === undefined) throw new Error('there is one');
  await put(entry);
  expect(saved().sort()).toEqual([
    '-A -t 10.0.0.3:80 -s wrr',
    '-a -t 10.0.0.3:80 -r 10.0.0.11:8080 -m -w 1',
    '-a -t 10.0.0.3:80 -r 10.0.0.12:80 -g -w 0',
    '-a -t 10.0.0.3:80 -r 10.0.0.13:80 -g -w 0',
  ]);
  expect(ipvsadm('-Ln', '--thresholds')).toMatch(/10\.0\.0\.13:80\s+9\s+5\s/);
});

describe('the connection synchronization', () => {
  const master: SyncDaemon = { state: 'master', interface: 'lo', syncId: 51 };
  const shown = () => ipvsadm('-l', '--daemon').trim();

  test('starts, is seen by ipvsadm and by us, and stops; stopping it again is a success', async () => {
    await client.startSyncDaemon(master);
    expect(shown()).toContain('master sync daemon (mcast=lo, syncid=51');
    expect(await client.syncDaemons()).toEqual([expect.objectContaining(master)]);
    await client.stopSyncDaemon('master');
    await client.stopSyncDaemon('master');
    expect([shown(), await client.syncDaemons()]).toEqual(['', []]);
  });

  test('has its port, ttl, length and group as told, of either family', async () => {
    const told = { maxLengthBytes: 1000, port: 9000, ttl: 3, group: address('224.0.0.90') };
    const other = { ...told, group: address('ff02::90') };
    await client.startSyncDaemon({ ...master, ...told });
    await client.startSyncDaemon({ ...master, state: 'backup', ...other });
    const wanted: SyncDaemon[] = [
      { ...master, ...told },
      { ...master, state: 'backup', ...other },
    ];
    const found = await client.syncDaemons();
    // The kernel takes no less than 1024 bytes for the half that listens.
    expect(found.map(({ maxLengthBytes }) => maxLengthBytes)).toEqual([1000, 1024]);
    expect(found.map((one) => ({ ...one, maxLengthBytes: 1000 }))).toEqual(wanted);
    expect(diffSyncDaemons(wanted, found)).toEqual({ stop: [], start: [] });
    expect(shown()).toContain('maxlen=1000, group=224.0.0.90, port=9000, ttl=3');
    await client.stopSyncDaemon('master');
    await client.stopSyncDaemon('backup');
  });

  test('on an interface that is not there is refused with the reason', async () => {
    await expect(client.startSyncDaemon({ ...master, interface: 'nosuch0' })).rejects.toThrow(
      'IPVS_CMD_NEW_DAEMON master on nosuch0: ENODEV (there is no such interface)',
    );
  });
});
