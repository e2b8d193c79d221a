import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RealServerConfig, VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { realServer, sorryServer, tcpCheck, virtualServer } from '../../healthcheck/fixtures.ts';
import { FakeIpvs } from './fake-ipvs.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);
const web01 = '10.0.0.3:80/tcp -> 10.0.0.7:80 1';
const web02 = '10.0.0.3:80/tcp -> 10.0.0.8:80 1';

/** As after 10.0.0.7 has died. */
async function halfDown(config = tutorial) {
  const set = await started(config);
  set.dead.add('10.0.0.7');
  await vi.advanceTimersByTimeAsync(15_000);
  return set;
}

describe('after a crash of the checker process alone', () => {
  test('its successor takes over the table without an operation, and puts no dead server back', async () => {
    const first = await halfDown();
    const { length } = first.ipvs.operations;
    const again = setUp(first.ipvs, first.memory());
    void again.configure(configOf(tutorial.virtualServers, { flush: true }));
    await vi.advanceTimersByTimeAsync(900);
    expect(first.ipvs.lines()).toEqual([web02]);
    expect([first.ipvs.operations.length, first.ipvs.flushes]).toEqual([length, 0]);
    expect(again.told()).toEqual([]);
  });

  test('a server that was up is granted its retries', async () => {
    const first = await started(tutorial);
    const again = setUp(first.ipvs, first.memory());
    again.dead.add('10.0.0.8');
    void again.configure(tutorial);
    await vi.advanceTimersByTimeAsync(9900);
    expect(first.ipvs.lines()).toEqual([web01, web02]);
    await vi.advanceTimersByTimeAsync(200);
    expect(first.ipvs.lines()).toEqual([web01]);
  });

  test('a quorum between its two thresholds stays as it was', async () => {
    const config = configOf([
      virtualServer('10.0.0.3', { hysteresis: 1, sorryServer: sorryServer('10.0.0.99') }),
    ]);
    const first = await halfDown(config);
    expect(first.ipvs.lines()).toEqual([web02]);
    const again = setUp(first.ipvs, first.memory());
    void again.configure(config);
    await vi.advanceTimersByTimeAsync(500);
    expect(first.ipvs.lines()).toEqual([web02]);
    expect(again.messages().filter((line) => line.includes('quorum'))).toEqual([]);
  });

  test('what it has to know is told within a tenth of a second, and not with every check', async () => {
    const set = await started(tutorial);
    const { length } = set.remembered;
    expect(length).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(set.remembered).toHaveLength(length);
    set.dead.add('10.0.0.7');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(set.remembered).toHaveLength(length + 1);
    expect(set.remembered.at(-1)).toMatchObject({
      verdicts: [[expect.stringContaining('10.0.0.7 80'), 'down']],
    });
  });

  test('a checker that a reload has removed is not remembered as up or down', async () => {
    const set = await halfDown();
    void set.configure(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] })]));
    await vi.advanceTimersByTimeAsync(200);
    const known = [...set.memory().verdicts].filter(([id]) => id.includes('10.0.0.7'));
    expect(known.map(([, state]) => state)).toEqual(['assumedUp']);
  });
});

describe('after a crash of everything', () => {
  /** What a run before has left in the kernel. */
  function tableWith(...destinations: readonly (readonly [host: string, weight: number])[]): FakeIpvs {
    const ipvs = new FakeIpvs();
    const [service] = virtualServer('10.0.0.3').services;
    if (service === undefined) throw new Error('there is a service');
    ipvs.change({
      kind: 'createService',
      service: {
        service,
        scheduler: 'wrr',
        flags: 1,
        persistenceTimeoutSeconds: 50,
        persistencePrefixLength: 32,
      },
    });
    for (const [host, weight] of destinations) {
      const { address, port } = realServer(host);
      ipvs.change({
        kind: 'createDestination',
        service,
        destination: { address, port, forwarding: 'DR', weight, upperThreshold: 0, lowerThreshold: 0 },
      });
    }
    return ipvs;
  }

  async function adopted(ipvs: FakeIpvs, change: Partial<VirtualServerConfig> = {}) {
    const set = setUp(ipvs);
    void set.configure(configOf([virtualServer('10.0.0.3', change)]));
    await vi.advanceTimersByTimeAsync(900);
    return set;
  }

  const inhibited = { inhibitOnFailure: true } satisfies Partial<RealServerConfig>;

  test('a server that is not in the table stays out until a check succeeds, and that is said once', async () => {
    const set = await adopted(tableWith(['10.0.0.8', 1]));
    expect(set.ipvs.lines()).toEqual([web02]);
    expect(set.ipvs.operations).toEqual([]);
    expect(set.messages()[0]).toBe(
      'Found 1 virtual server at work in the IPVS table: the servers in it go on, and those that do not serve stay out ' +
        'until a check succeeds: [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80',
    );
    await vi.advanceTimersByTimeAsync(200);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('where nobody serves all are assumed up, as at a first start', async () => {
    const set = await adopted(tableWith());
    expect(set.ipvs.lines()).toEqual([web01, web02]);
    expect(set.messages().filter((line) => line.includes('Found'))).toEqual([]);
  });

  test('weight 0 with inhibit_on_failure was a failure; without, somebody has drained the server', async () => {
    const servers = (change: Partial<RealServerConfig>) => [
      realServer('10.0.0.7', change),
      realServer('10.0.0.8', change),
    ];
    const table = () => tableWith(['10.0.0.7', 0], ['10.0.0.8', 1]);
    const failed = await adopted(table(), { realServers: servers(inhibited) });
    expect(failed.ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.7:80 0', web02]);
    const drained = await adopted(table(), { realServers: servers({}) });
    expect(drained.ipvs.lines()).toEqual([web01, web02]);
  });

  test('a server with alpha that serves goes on serving', async () => {
    const realServers = [
      realServer('10.0.0.7', { alpha: true, checkers: [tcpCheck('10.0.0.7', 80, { alpha: true })] }),
    ];
    const set = await adopted(tableWith(['10.0.0.7', 1]), { realServers });
    expect(set.ipvs.lines()).toEqual([web01]);
  });

  test('a sorry server that serves goes on until a server is found up', async () => {
    const set = await adopted(tableWith(['10.0.0.99', 1]), { sorryServer: sorryServer('10.0.0.99') });
    expect(set.ipvs.lines()).toEqual(['10.0.0.3:80/tcp -> 10.0.0.99:80 1']);
    expect(set.told()).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('a server without checks is put back, since nothing else would', async () => {
    const realServers = [realServer('10.0.0.7', { checkers: [] }), realServer('10.0.0.8')];
    const set = await adopted(tableWith(['10.0.0.8', 1]), { realServers });
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('with lvs_flush the table tells nothing', async () => {
    const set = setUp(tableWith(['10.0.0.8', 1]));
    void set.configure(configOf([virtualServer('10.0.0.3')], { flush: true }));
    await vi.advanceTimersByTimeAsync(500);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('a kernel that cannot be read is started with as if nothing were in it', async () => {
    const ipvs = tableWith(['10.0.0.8', 1]);
    ipvs.readError = 'EPERM';
    const set = setUp(ipvs);
    void set.configure(configOf([virtualServer('10.0.0.3')]));
    await vi.advanceTimersByTimeAsync(200);
    ipvs.readError = undefined;
    await vi.advanceTimersByTimeAsync(1500);
    expect(ipvs.lines()).toEqual([web01, web02]);
  });
});
