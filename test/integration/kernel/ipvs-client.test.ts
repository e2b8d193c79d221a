/**
 * The client against a kernel's real IPVS, judged by ipvsadm. It fills and empties the table, so it refuses to run where
 * the table is somebody's: an embedded kernel or a namespace of its own is the place.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Scheduler, VirtualService } from '../../../src/config-parser/config.ts';
import {
  type Destination,
  diff,
  type IpvsClient,
  reconcile,
  type Service,
  type ServiceKey,
  serviceKey,
  type Table,
} from '../../../src/ipvs-sync/index.ts';
import { IpvsError, openIpvsClient } from '../../../src/kernel/ipvs-client.ts';
import { NETLINK_GENERIC } from '../../../src/kernel/netlink/constants.ts';
import { requestTransport } from '../../../src/kernel/netlink/index.ts';
import { address } from '../../../src/net/address.ts';

const ipvsadm = (...options: string[]): string => execFileSync('ipvsadm', options, { encoding: 'utf8' });
/** The table as ipvsadm would have to be told it, a line each. */
const saved = (): string[] =>
  ipvsadm('-Sn')
    .split('\n')
    .filter((line) => line !== '');

const tcp = (host: string, port: number): VirtualService => ({
  kind: 'address',
  protocol: 'TCP',
  address: address(host),
  port,
});
const service = (identity: VirtualService, change: Partial<Service> = {}): Service => ({
  service: identity,
  scheduler: 'rr',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 32,
  ...change,
});
const server = (host: string, change: Partial<Destination> = {}): Destination => ({
  address: address(host),
  port: 80,
  forwarding: 'DR',
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  ...change,
});
const http = service(tcp('10.0.0.3', 80));
/** More than one netlink datagram holds, of services and of destinations. */
const manyServices: Table = Array.from({ length: 60 }, (_, index) => ({
  service: service(tcp('10.0.0.3', 1000 + index)),
  destinations: Array.from({ length: index === 0 ? 100 : 2 }, (_, host) => server(`10.0.1.${host + 1}`)),
}));
const nobody: ReadonlySet<ServiceKey> = new Set();

let client: IpvsClient;

async function put(...table: Table): Promise<ReadonlySet<ServiceKey>> {
  const { failures, owned } = await reconcile({ client, desired: table, owned: nobody });
  expect(failures).toEqual([]);
  expect(diff(table, await client.observe(), owned)).toEqual([]);
  return owned;
}

beforeAll(async () => {
  client = await openIpvsClient();
  const present = await client.observe();
  if (present.length > 0)
    throw new Error('this IPVS table is in use: run these tests in a namespace of their own');
});
beforeEach(async () => client.flush());
afterAll(() => client?.close());

describe('services', () => {
  test.each<Scheduler>(['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'sed', 'nq'])(
    'scheduler %s: the kernel has it after one pass, and a second pass does nothing',
    async (scheduler) => {
      await put({ service: { ...http, scheduler }, destinations: [server('10.0.0.11', { weight: 3 })] });
      expect(saved()).toEqual([
        `-A -t 10.0.0.3:80 -s ${scheduler}`,
        '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 3',
      ]);
    },
  );

  test('persistence has its timeout and its granularity', async () => {
    const change = { flags: 1, persistenceTimeoutSeconds: 50, persistencePrefixLength: 24 };
    await put({ service: service(http.service, change), destinations: [] });
    expect(saved()).toEqual(['-A -t 10.0.0.3:80 -s rr -p 50 -M 255.255.255.0']);
  });

  test('UDP, a firewall mark and IPv6 are services too', async () => {
    const ipv6 = { persistencePrefixLength: 128 };
    await put(
      {
        service: service({ kind: 'address', protocol: 'UDP', address: address('10.0.0.3'), port: 53 }),
        destinations: [server('10.0.0.11', { port: 53 })],
      },
      { service: service({ kind: 'fwmark', mark: 7, family: 4 }), destinations: [server('10.0.0.11')] },
      { service: service({ kind: 'fwmark', mark: 7, family: 6 }, ipv6), destinations: [] },
      {
        service: service(tcp('2001:db8::3', 443), ipv6),
        destinations: [server('2001:db8::11', { port: 443 })],
      },
    );
    expect(saved().sort()).toEqual(
      [
        '-A -f 7 -6 -s rr',
        '-A -f 7 -s rr',
        '-A -t [2001:db8::3]:443 -s rr',
        '-A -u 10.0.0.3:53 -s rr',
        '-a -f 7 -r 10.0.0.11:80 -g -w 1',
        '-a -t [2001:db8::3]:443 -r [2001:db8::11]:443 -g -w 1',
        '-a -u 10.0.0.3:53 -r 10.0.0.11:53 -g -w 1',
      ].sort(),
    );
  });

  test('scheduler and persistence change in place, and go again', async () => {
    await put({ service: http, destinations: [server('10.0.0.11')] });
    await put({
      service: { ...http, scheduler: 'wlc', flags: 1, persistenceTimeoutSeconds: 360 },
      destinations: [server('10.0.0.11')],
    });
    expect(saved()[0]).toBe('-A -t 10.0.0.3:80 -s wlc -p 360');
    await put({ service: http, destinations: [server('10.0.0.11')] });
    expect(saved()[0]).toBe('-A -t 10.0.0.3:80 -s rr');
  });
});

describe('destinations', () => {
  test('DR, TUN and NAT, the last with a port of its own', async () => {
    await put({
      service: http,
      destinations: [
        server('10.0.0.11'),
        server('10.0.0.12', { forwarding: 'TUN', tunnel: { type: 'ipip' } }),
        server('10.0.0.13', { forwarding: 'NAT', port: 8080 }),
      ],
    });
    expect(saved().slice(1).sort()).toEqual([
      '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 1',
      expect.stringMatching(/^-a -t 10\.0\.0\.3:80 -r 10\.0\.0\.12:80 -i -w 1 --tun-type ipip ?$/),
      '-a -t 10.0.0.3:80 -r 10.0.0.13:8080 -m -w 1',
    ]);
  });

  test('thresholds', async () => {
    await put({
      service: http,
      destinations: [server('10.0.0.11', { upperThreshold: 100, lowerThreshold: 50 })],
    });
    expect(ipvsadm('-Ln', '--thresholds')).toMatch(/10\.0\.0\.11:80\s+100\s+50\s/);
  });

  test('weight, forwarding and thresholds change in place', async () => {
    await put({
      service: http,
      destinations: [server('10.0.0.11', { upperThreshold: 100, lowerThreshold: 50 })],
    });
    const changed = server('10.0.0.11', { forwarding: 'NAT', weight: 0 });
    const { performed } = await reconcile({
      client,
      desired: [{ service: http, destinations: [changed] }],
      owned: nobody,
    });
    expect(performed.map((operation) => operation.kind)).toEqual(['updateDestination']);
    expect(saved()[1]).toBe('-a -t 10.0.0.3:80 -r 10.0.0.11:80 -m -w 0');
    expect(ipvsadm('-Ln', '--thresholds')).toMatch(/10\.0\.0\.11:80\s+0\s+0\s/);
  });

  test('an IPv6 destination of an IPv4 service, by tunnel', async () => {
    await put({
      service: http,
      destinations: [server('2001:db8::11', { forwarding: 'TUN', tunnel: { type: 'ipip' } })],
    });
    expect(saved()[1]).toContain('-r [2001:db8::11]:80 -i');
  });

  test('a local address of this host is a destination like any other', async () => {
    await put({ service: http, destinations: [server('127.0.0.1')] });
  });
});

describe('repair', () => {
  test('after ipvsadm -C the next pass makes the table anew', async () => {
    const table: Table = [
      { service: http, destinations: [server('10.0.0.11'), server('10.0.0.12', { weight: 2 })] },
    ];
    const owned = await put(...table);
    const before = saved().sort();
    ipvsadm('-C');
    await reconcile({ client, desired: table, owned });
    expect(saved().sort()).toEqual(before);
  });

  test('a destination that somebody added, removed or weighed differently is put right', async () => {
    const table: Table = [{ service: http, destinations: [server('10.0.0.11'), server('10.0.0.12')] }];
    const owned = await put(...table);
    ipvsadm('-d', '-t', '10.0.0.3:80', '-r', '10.0.0.11:80');
    ipvsadm('-e', '-t', '10.0.0.3:80', '-r', '10.0.0.12:80', '-g', '-w', '9');
    ipvsadm('-a', '-t', '10.0.0.3:80', '-r', '10.0.0.66:80', '-g');
    const { performed } = await reconcile({ client, desired: table, owned });
    expect(performed.map((operation) => operation.kind)).toEqual([
      'createDestination',
      'updateDestination',
      'removeDestination',
    ]);
    expect(saved().slice(1).sort()).toEqual([
      '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 1',
      '-a -t 10.0.0.3:80 -r 10.0.0.12:80 -g -w 1',
    ]);
  });

  test("an operator's service stays when ours go", async () => {
    ipvsadm('-A', '-t', '10.0.0.200:25', '-s', 'lc');
    const owned = await put({ service: http, destinations: [server('10.0.0.11')] });
    expect([...owned]).toEqual([serviceKey(http.service)]);
    await reconcile({ client, desired: [], owned });
    expect(saved()).toEqual(['-A -t 10.0.0.200:25 -s lc']);
  });
});

describe('refusals', () => {
  test('creating what exists updates it', async () => {
    ipvsadm('-A', '-t', '10.0.0.3:80', '-s', 'wlc');
    await client.perform({ kind: 'createService', service: http });
    await client.perform({
      kind: 'createDestination',
      service: http.service,
      destination: server('10.0.0.11'),
    });
    await client.perform({
      kind: 'createDestination',
      service: http.service,
      destination: server('10.0.0.11', { weight: 4 }),
    });
    expect(saved()).toEqual(['-A -t 10.0.0.3:80 -s rr', '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 4']);
  });

  test('removing what is absent succeeds, service or destination', async () => {
    const gone = {
      kind: 'removeDestination',
      service: http.service,
      address: address('10.0.0.11'),
      port: 80,
    } as const;
    await client.perform({ kind: 'removeService', service: http.service });
    await client.perform(gone);
    await client.perform({ kind: 'createService', service: http });
    await client.perform(gone);
    expect(saved()).toEqual(['-A -t 10.0.0.3:80 -s rr']);
  });

  test('a scheduler the kernel lacks is named with its module', async () => {
    const unknown = { ...http, scheduler: 'nosuch' };
    await expect(client.perform({ kind: 'createService', service: unknown })).rejects.toThrow(
      'IPVS_CMD_NEW_SERVICE 10.0.0.3:80/tcp: ENOENT (the kernel has no scheduler nosuch: `modprobe ip_vs_nosuch` says why)',
    );
  });

  test('a destination without its service is refused with both names', async () => {
    const operation = {
      kind: 'createDestination',
      service: http.service,
      destination: server('10.0.0.11'),
    } as const;
    await expect(client.perform(operation)).rejects.toThrow(
      'IPVS_CMD_NEW_DEST 10.0.0.11:80 of 10.0.0.3:80/tcp: ESRCH (the service is not in the kernel)',
    );
  });

  test('a service that is refused does not stop the rest', async () => {
    const { failures } = await reconcile({
      client,
      desired: [
        {
          service: { ...service(tcp('10.0.0.4', 80)), scheduler: 'nosuch' },
          destinations: [server('10.0.0.11')],
        },
        { service: http, destinations: [server('10.0.0.11')] },
      ],
      owned: nobody,
    });
    expect(failures.map(({ operation }) => operation.kind)).toEqual(['createService', 'createDestination']);
    expect(saved()).toEqual(['-A -t 10.0.0.3:80 -s rr', '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 1']);
  });
});

describe('the rest', () => {
  test('info says what ipvsadm says', async () => {
    const { version, connectionTableSize } = await client.info();
    expect(ipvsadm('-Ln')).toContain(`IP Virtual Server version ${version} (size=${connectionTableSize})`);
  });

  test('timeouts are set one by one, and what is not given stays', async () => {
    const before = await client.timeouts();
    try {
      await client.setTimeouts({ tcpSeconds: 601, udpSeconds: 31 });
      expect(ipvsadm('-L', '--timeout')).toContain(`: 601 ${before.tcpFinSeconds} 31`);
      expect(await client.timeouts()).toEqual({ ...before, tcpSeconds: 601, udpSeconds: 31 });
    } finally {
      await client.setTimeouts(before);
    }
  });

  test('many services and destinations are observed whole', async () => {
    await put(...manyServices);
    const observed = await client.observe();
    expect(observed).toHaveLength(60);
    expect(observed.reduce((sum, entry) => sum + entry.destinations.length, 0)).toBe(218);
  });

  test('requests made at once are all answered, each with its own', async () => {
    await put(...manyServices);
    const [table, info, again, timeouts] = await Promise.all([
      client.observe(),
      client.info(),
      client.observe(),
      client.timeouts(),
    ]);
    expect(table).toHaveLength(60);
    expect(again).toEqual(table);
    expect(info.version).toMatch(/^1\./);
    expect(timeouts.tcpSeconds).toBeGreaterThan(0);
  });

  test('a closed client refuses instead of waiting', async () => {
    const another = await openIpvsClient();
    another.close();
    await expect(another.observe()).rejects.toThrow('IPVS_CMD_GET_SERVICE: ECANCELED');
  });
});

describe('what goes wrong on the way', () => {
  test('a receive buffer too small for the answers fails what was asked, and the next request is answered', async () => {
    await put({ service: http, destinations: [server('10.0.0.11')] });
    const small = await openIpvsClient({ open: requestTransport(NETLINK_GENERIC, 8192) });
    const missing = Array.from({ length: 90 }, (_, index) => ({
      kind: 'updateDestination' as const,
      service: http.service,
      destination: server(`10.0.2.${index + 1}`),
    }));
    const codes = (await small.performAll(missing)).map((error) => error instanceof IpvsError && error.code);
    expect(new Set(codes)).toContain('ENOBUFS');
    expect([...new Set(codes)].filter((code) => code !== 'ENOBUFS' && code !== 'ENOENT')).toEqual([]);
    expect(await small.observeServices()).toHaveLength(1);
    small.close();
  });

  test('a process without CAP_NET_ADMIN is told so', () => {
    const program = fileURLToPath(new URL('./programs/observe-ipvs.ts', import.meta.url));
    const runner = fileURLToPath(new URL('../network/run-typescript.mjs', import.meta.url));
    const unprivileged = ['--bounding-set=-net_admin', '--inh-caps=-net_admin'];
    const { stdout, stderr } = spawnSync('setpriv', [...unprivileged, process.execPath, runner, program], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(`${stdout}${stderr}`).toContain(
      'IPVS_CMD_GET_SERVICE: EPERM (this process may not: it needs CAP_NET_ADMIN)',
    );
  });
});
