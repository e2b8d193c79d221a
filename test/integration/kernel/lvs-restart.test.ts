/** Connections outlive what befalls the daemon: its checker process killed, all of it killed, reloads, drains. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shortTimeouts, virtualServerText, type Wanted } from './lvs-configuration.ts';
import { LvsDirector, until } from './lvs-director.ts';
import {
  createLvsNetwork,
  LineProgram,
  removeLvsNetwork,
  type ServerName,
  serverAddress,
  servers,
  virtualAddress,
} from './lvs-network.ts';

const port = 8001;
const deadPort = 8002;
const paceMs = 40;
const startLimitMs = 60_000;
/** lvs_timeouts: tcpfin, and a little. */
const forgottenAfterMs = 4000;
const virtual = virtualAddress('DR', 4);
const service = `${virtual}:${port}`;
const wanted = { mode: 'DR', family: 4, scheduler: 'rr', delayLoopSeconds: 2 } as const;

let director: LvsDirector;
let client: LineProgram;
const realServers = new Map<ServerName, LineProgram>();

function configuration(...more: readonly Wanted[]): string {
  const services = [{ ...wanted, port }, { ...wanted, port: deadPort }, ...more];
  return [shortTimeouts, ...services.map(virtualServerText)].join('\n');
}

const destinations = (of = service): readonly string[] =>
  (director.table().get(of) ?? []).map(({ destination }) => destination.replace(/:\d+$/, '')).sort();
/** In the service that has another server. */
const rs1 = [serverAddress.rs1[4], '--of', `[${virtual}]:tcp:${port}`];
const both = servers.map((name) => serverAddress[name][4]);

/** Asks all the while that `happen` takes, and tells what failed. */
async function underTraffic(happen: () => Promise<void>) {
  const id = client.tell({ host: virtual, port, every: paceMs });
  await sleep(1500);
  await happen();
  await sleep(1500);
  const { asked, failed, servers: answered } = await client.ask({ id, stop: true });
  return {
    asked: asked as number,
    failed: failed as readonly string[],
    servers: answered as readonly string[],
  };
}

async function started(): Promise<void> {
  director.start();
  const isReady = () => destinations().join() === both.join() && director.log().includes('Startup complete');
  await until('both servers are in the table', isReady, startLimitMs).catch((error: unknown) => {
    throw new Error(`${error}\n${director.log().slice(-3000)}`);
  });
}

describe.skipIf(!existsSync('/proc/net/ip_vs'))('a client of the director', () => {
  beforeAll(async () => {
    createLvsNetwork();
    for (const name of servers) {
      realServers.set(
        name,
        new LineProgram(
          name,
          'named-server.mjs',
          name,
          String(port),
          ...(name === 'rs1' ? [String(deadPort)] : []),
        ),
      );
    }
    client = new LineProgram('client', 'asker.mjs');
    director = new LvsDirector();
    director.configure(configuration());
    await Promise.all([...realServers.values(), client].map(({ ready }) => ready));
    await started();
    // rs2 does not serve the second one: a successor that put it back would send clients to nobody.
    await until('the dead server is out', () => destinations(`${virtual}:${deadPort}`).length === 1);
  });

  afterAll(async () => {
    await director?.stop();
    for (const program of [client, ...realServers.values()]) program?.end();
    removeLvsNetwork();
    director?.remove();
  });

  test('loses nothing when the checker process is killed, and no dead server comes back with its successor', async () => {
    const before = director.checkerPid();
    let deadCameBack = false;
    const seen = await underTraffic(async () => {
      director.killChecker();
      const isBack = () => {
        deadCameBack ||= destinations(`${virtual}:${deadPort}`).length !== 1;
        return director.checkerPid() !== before && director.checkerPid() !== 0;
      };
      await until('a successor runs', isBack);
      await until('it checks', () => countOf('Activating healthchecker') >= 8);
      isBack();
    });
    expect(seen).toEqual({
      asked: expect.any(Number),
      failed: [],
      servers: expect.arrayContaining(['rs1', 'rs2']),
    });
    expect(seen.asked).toBeGreaterThan(50);
    expect(deadCameBack).toBe(false);
  });

  test('loses nothing when all of it is killed and started again, nor is a dead server put back', async () => {
    let deadCameBack = false;
    const seen = await underTraffic(async () => {
      await director.killAll();
      await sleep(500);
      await started();
      for (let time = 0; time < 20; time += 1) {
        deadCameBack ||= destinations(`${virtual}:${deadPort}`).length !== 1;
        await sleep(100);
      }
    });
    expect(seen.failed).toEqual([]);
    expect(seen.asked).toBeGreaterThan(50);
    expect(deadCameBack).toBe(false);
  });

  test('loses nothing over reloads that change, add and remove what is not its own', async () => {
    const seen = await underTraffic(async () => {
      for (let time = 0; time < 10; time += 1) {
        const more = time % 2 === 0 ? [{ ...wanted, port: 8003, weights: [3, 1] } as const] : [];
        director.configure(configuration(...more));
        const before = countOf('Reload complete');
        director.reload();
        await until('the reload is complete', () => countOf('Reload complete') > before);
      }
    });
    expect(seen.failed).toEqual([]);
    expect(seen.asked).toBeGreaterThan(50);
  });

  test('is sent to nobody who is drained, and keeps what it has there', async () => {
    const drained = director.ctl('ctl', 'drain-server', ...rs1, '--reason', 'kernel');
    expect(drained).not.toBe('');
    const weightOf = (address: string) =>
      director
        .table()
        .get(service)
        ?.find(({ destination }) => destination === `${address}:${port}`)?.weight;
    await until('rs1 has weight 0', () => weightOf(serverAddress.rs1[4]) === 0);
    // A port that the client uses again within that time goes where its last connection went, drained or not.
    await sleep(forgottenAfterMs);
    const seen = await underTraffic(async () => {
      director.reload();
      await sleep(3000);
    });
    expect(seen).toMatchObject({ failed: [], servers: ['rs2'] });
    expect(director.ctl('ctl', 'servers')).toContain('! drained until resume: kernel');
    director.ctl('ctl', 'resume-server', ...rs1);
    await until('rs1 serves again', () => weightOf(serverAddress.rs1[4]) === 1);
  });

  test('learns by a plan what would change, and nothing does', async () => {
    const table = JSON.stringify([...director.table()]);
    director.configure(configuration({ ...wanted, port: 8004 }).replace('weight 1', 'weight 7'));
    const plan = planned();
    expect(plan).toMatchObject({ status: 2 });
    expect(plan.text).toContain(`${virtual}:8004`);
    expect(plan.text).toMatch(/weight 1 -> 7/);
    director.configure(configuration());
    expect(planned()).toEqual({ status: 0, text: 'Nothing would change.\n' });
    expect(JSON.stringify([...director.table()])).toBe(table);
  });
});

function planned(): { readonly status: number; readonly text: string } {
  try {
    return { status: 0, text: director.ctl('plan', director.configFile) };
  } catch (error) {
    const { status, stdout } = error as { readonly status: number; readonly stdout: string };
    return { status, text: stdout };
  }
}

function countOf(words: string): number {
  return director.log().split(words).length - 1;
}
