/**
 * What a client gets: each way of forwarding, both families, each scheduler that the tutorial names, through the daemon's own table
 * of a real kernel; and what the kernel counted of it.
 */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import {
  portOf,
  type Scheduler,
  schedulers,
  shortTimeouts,
  virtualServerText,
  type Wanted,
} from './lvs-configuration.ts';
import { LvsDirector, until } from './lvs-director.ts';
import {
  clientAddress,
  createLvsNetwork,
  directorAddress,
  type Family,
  families,
  LineProgram,
  type Mode,
  modes,
  removeLvsNetwork,
  run,
  serverAddress,
  servers,
  virtualAddress,
} from './lvs-network.ts';

const modules = [
  'ipip', 'ip6_tunnel', 'tunnel6', 'nf_conntrack', 'iptable_nat', 'ip6table_nat', 'xt_nat', 'xt_MASQUERADE', 'xt_conntrack',
  'xt_mark', 'xt_tcpudp', 'iptable_mangle', 'nf_nat',
]; // biome-ignore format: one list

const requests = 8;
const startLimitMs = 90_000;
const persistentPort = 8101;
const datagramPort = 8102;
const onePacketPort = 8103;
const ports = [...schedulers.map(portOf), persistentPort, datagramPort, onePacketPort];

/** With these weights the schedulers that know weights must show them. */
const weights: Readonly<Partial<Record<Scheduler, readonly [number, number]>>> = { wrr: [3, 1] };

const combinations: readonly Wanted[] = modes.flatMap((mode) =>
  families.flatMap((family) =>
    schedulers.map((scheduler) => ({
      mode,
      family,
      scheduler,
      port: portOf(scheduler),
      ...(weights[scheduler] && { weights: weights[scheduler] }),
    })),
  ),
);

const others: readonly Wanted[] = families.flatMap((family) => [
  { mode: 'DR', family, scheduler: 'rr', port: persistentPort, persistenceSeconds: 3 } as const,
  { mode: 'NAT', family, scheduler: 'rr', port: datagramPort, protocol: 'UDP' } as const,
  { mode: 'DR', family, scheduler: 'rr', port: onePacketPort, protocol: 'UDP', more: 'ops' } as const,
]);

const bracketed = (host: string, port: number) =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
const serviceOf = ({ mode, family, port }: Pick<Wanted, 'mode' | 'family' | 'port'>) =>
  bracketed(virtualAddress(mode, family), port);

const methods: Readonly<Record<Mode, string>> = { DR: 'Route', NAT: 'Masq', TUN: 'Tunnel', FULLNAT: 'Masq' };
/** From whom a real server is asked. */
const askedFrom = (mode: Mode, family: Family) =>
  (mode === 'FULLNAT' ? directorAddress : clientAddress)[family];

/** How `requests` of one client are shared, the larger share first; a destination alone has them all. */
const shares: Readonly<Partial<Record<Scheduler, readonly number[]>>> = {
  rr: [4, 4],
  wrr: [6, 2],
  sh: [8],
  dh: [8],
  lblc: [8],
  lblcr: [8],
};

const asVirtual = families.flatMap((family) => ['--as', virtualAddress('DR', family), String(onePacketPort)]);

let director: LvsDirector;
let client: LineProgram;
const realServers: LineProgram[] = [];

async function ask(
  wanted: Pick<Wanted, 'mode' | 'family' | 'port' | 'protocol'>,
  times: number,
): Promise<readonly string[]> {
  const host = virtualAddress(wanted.mode, wanted.family);
  const { answers } = await client.ask({
    host,
    port: wanted.port,
    times,
    protocol: wanted.protocol ?? 'TCP',
  });
  return answers as readonly string[];
}

function countByServer(answers: readonly string[]): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  for (const answer of answers) {
    const [name = ''] = answer.split(' ');
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return counted;
}

describe.skipIf(!existsSync('/proc/net/ip_vs'))('traffic through the director', () => {
  beforeAll(async () => {
    loadEmbeddedModules(...modules);
    createLvsNetwork();
    realServers.push(
      ...servers.map(
        (name) => new LineProgram(name, 'named-server.mjs', name, ...ports.map(String), ...asVirtual),
      ),
    );
    client = new LineProgram('client', 'asker.mjs');
    director = new LvsDirector();
    director.configure([shortTimeouts, ...[...combinations, ...others].map(virtualServerText)].join('\n'));
    await Promise.all([...realServers, client].map(({ ready }) => ready));
    director.start();
    const services = combinations.length + others.length;
    const isComplete = () => {
      const table = director.table();
      return table.size === services && [...table.values()].every(({ length }) => length === servers.length);
    };
    await until('the table is complete', isComplete, startLimitMs).catch((error: unknown) => {
      throw new Error(`${error}\n${director.log().slice(-3000)}`);
    });
  });

  afterAll(async () => {
    const exitCode = await director?.stop();
    const left = director?.table().size;
    for (const program of [client, ...realServers]) program?.end();
    removeLvsNetwork();
    director?.remove();
    expect({ exitCode, left }).toEqual({ exitCode: 0, left: 0 });
  });

  for (const mode of modes) {
    for (const family of families) {
      const own = combinations.filter((one) => one.mode === mode && one.family === family);
      test(`reaches real servers by ${mode} over IPv${family}, shared as each scheduler shares`, async () => {
        const answered = new Map<Wanted, ReadonlyMap<string, number>>();
        for (const wanted of own) {
          const answers = await ask(wanted, requests);
          const from = askedFrom(mode, family);
          expect(answers, wanted.scheduler).toEqual(
            answers.map(() => expect.stringMatching(new RegExp(`^rs[12] ${from}$`))),
          );
          const counted = countByServer(answers);
          const share = shares[wanted.scheduler];
          if (share !== undefined) {
            expect(
              [...counted.values()].sort((one, other) => other - one),
              wanted.scheduler,
            ).toEqual(share);
          }
          if (wanted.scheduler === 'wrr') expect(counted.get('rs1')).toBe(6);
          answered.set(wanted, counted);
        }
        await expectCounted(answered);
      });
    }
  }

  /** The kernel has sent as many connections to each as have answered, in the way that was configured. */
  async function expectCounted(answered: ReadonlyMap<Wanted, ReadonlyMap<string, number>>): Promise<void> {
    const isCounted = ([wanted, byServer]: readonly [Wanted, ReadonlyMap<string, number>]): boolean => {
      const scheduled = director.scheduled().get(serviceOf(wanted));
      return servers.every((name) => {
        const destination = bracketed(serverAddress[name][wanted.family], wanted.port);
        return scheduled?.get(destination) === (byServer.get(name) ?? 0);
      });
    };
    // What the kernel tells is brought up to date every two seconds.
    for (const entry of answered) {
      await until(`${serviceOf(entry[0])} is counted as it was answered`, () => isCounted(entry), 10_000);
    }
    const table = director.table();
    for (const wanted of answered.keys()) {
      const found = (table.get(serviceOf(wanted)) ?? []).map(({ method }) => method);
      expect(found).toEqual([methods[wanted.mode], methods[wanted.mode]]);
    }
  }

  test.each(families)('persistence over IPv%d holds for its time, and no longer', async (family) => {
    const wanted = { mode: 'DR', family, port: persistentPort } as const;
    const first = await ask(wanted, 6);
    expect(countByServer(first).size, first.join()).toBe(1);
    // The kernel's note of who has which server: from port 0, which no connection has.
    const virtual = bracketed(virtualAddress('DR', family), persistentPort);
    const source = bracketed(clientAddress[family], 0);
    const template = (): string =>
      run('director', 'ipvsadm', '-lnc')
        .split('\n')
        .filter((line) => line.includes(` ${source} `) && line.includes(` ${virtual} `))
        .join('\n');
    expect(template()).not.toBe('');
    // It lives on while connections of its hang on to it; lvs_timeouts lets closed ones go soon.
    await until('the template is gone', () => template() === '', 100_000);
    const second = await ask(wanted, 1);
    expect(second[0]?.split(' ')[0]).not.toBe(first[0]?.split(' ')[0]);
  });

  test.each(families)(
    'datagrams over IPv%d are answered, and with ops each is scheduled anew',
    async (family) => {
      const plain = await ask({ mode: 'NAT', family, port: datagramPort, protocol: 'UDP' }, 4);
      expect(plain).toEqual(plain.map(() => expect.stringMatching(/^rs[12] /)));
      const each = await ask({ mode: 'DR', family, port: onePacketPort, protocol: 'UDP' }, 4);
      expect([...countByServer(each).values()].sort()).toEqual([2, 2]);
    },
  );
});
