import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config, RealServerConfig, VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { miscCheck, realServer, sorryServer, tcpCheck, virtualServer } from '../../healthcheck/fixtures.ts';
import { FakeIpvs } from './fake-ipvs.ts';
import { fakeSysctls } from './fake-sysctls.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);
const web01 = '10.0.0.3:80/tcp -> 10.0.0.7:80 1';
const web02 = '10.0.0.3:80/tcp -> 10.0.0.8:80 1';

const web01At = (weight: number) => `10.0.0.3:80/tcp -> 10.0.0.7:80 ${weight}`;

/** Weight 5 unless one of `programs`, run with misc_dynamic, says otherwise. */
function weighed(host: string, ...programs: string[]): RealServerConfig {
  return realServer(host, { weight: 5, checkers: programs.map((program) => miscCheck(program)) });
}

/** As SIGKILL leaves it: nothing is released. */
async function kill(set: ReturnType<typeof setUp>, config: Config) {
  void set.configure(config, { keepIpvsOnExit: true });
  void set.checkers.stop(1000);
  await vi.advanceTimersByTimeAsync(50);
}

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

  describe('and a check has set a weight', () => {
    const config = configOf([
      virtualServer('10.0.0.3', { realServers: [weighed('10.0.0.7', '/etc/check'), realServer('10.0.0.8')] }),
    ]);

    /** As after /etc/check has set 9 once. */
    async function weighedOnce(set = setUp()) {
      set.weights.set('/etc/check', { set: 9 });
      await started(config, set);
      return set;
    }

    test('it is in the first table of the successor, and outlives checks that say nothing of it', async () => {
      const first = await weighedOnce();
      expect(first.ipvs.lines()).toEqual([web01At(9), web02]);
      const { length } = first.ipvs.operations;
      await kill(first, config);
      const again = setUp(first.ipvs, first.memory());
      void again.configure(config);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(first.ipvs.lines()).toEqual([web01At(9), web02]);
      expect(first.ipvs.operations).toHaveLength(length);
    });

    test('it is told when it changes, and not with every check', async () => {
      const set = await weighedOnce();
      const { length } = set.remembered;
      await vi.advanceTimersByTimeAsync(30_000);
      expect(set.remembered).toHaveLength(length);
      set.weights.set('/etc/check', { set: 3 });
      await vi.advanceTimersByTimeAsync(7000);
      expect(set.remembered.slice(length)).toEqual([
        { weights: [[expect.stringContaining('10.0.0.7 80 MISC_CHECK'), { set: 3 }]] },
      ]);
    });

    test('it is known after a second crash, too', async () => {
      const first = await weighedOnce();
      await kill(first, config);
      const second = setUp(first.ipvs, first.memory());
      second.weights.set('/etc/check', { set: 9 });
      await started(config, second);
      await kill(second, config);
      const third = setUp(first.ipvs, second.memory());
      void third.configure(config);
      await vi.advanceTimersByTimeAsync(900);
      expect(first.ipvs.lines()).toEqual([web01At(9), web02]);
    });

    test('it is forgotten with the check', async () => {
      const set = await weighedOnce();
      expect([...set.memory().weights.values()]).toEqual([{ set: 9 }]);
      void set.configure(tutorial);
      await vi.advanceTimersByTimeAsync(200);
      expect([...set.memory().weights]).toEqual([]);
    });
  });

  test('checkers and virtual servers that a reload has removed are not remembered', async () => {
    const removed = virtualServer('10.0.0.4', { realServers: [realServer('10.0.0.9')] });
    const set = await halfDown(configOf([...tutorial.virtualServers, removed]));
    expect(set.memory().verdicts.size).toBe(5);
    void set.configure(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] })]));
    await vi.advanceTimersByTimeAsync(200);
    expect([...set.memory().verdicts]).toEqual([
      ['quorum of [10.0.0.3]:tcp:80', 'up'],
      [expect.stringContaining('10.0.0.8 80'), 'up'],
    ]);
  });

  test('nor are those that were removed before the successor came', async () => {
    const first = await halfDown();
    const again = setUp(first.ipvs, first.memory());
    void again.configure(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] })]));
    await vi.advanceTimersByTimeAsync(200);
    expect([...again.memory().verdicts.keys()].filter((id) => id.includes('10.0.0.7'))).toEqual([]);
    expect(again.memory().verdicts.size).toBe(2);
  });

  test('sysctls go back to what they were before the first of them', async () => {
    const values = new Map([['ipv4/ip_forward', '0']]);
    const sysctls = fakeSysctls(values);
    const nat = realServer('10.0.0.7', { method: { forwarding: 'NAT' } });
    const config = configOf([virtualServer('10.0.0.3', { realServers: [nat] })]);
    const first = await started(config, setUp(new FakeIpvs(), undefined, { sysctls }));
    await kill(first, config);
    expect(values.get('ipv4/ip_forward')).toBe('1');
    const again = await started(config, setUp(first.ipvs, first.memory(), { sysctls }));
    void again.checkers.stop(1000);
    await vi.advanceTimersByTimeAsync(50);
    expect(values.get('ipv4/ip_forward')).toBe('0');
    expect([...again.memory().sysctls]).toEqual([]);
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

  describe('a weight in the table that is not the configured one', () => {
    const at = (weight: number) => tableWith(['10.0.0.7', weight], ['10.0.0.8', 1]);
    const withFirst = (server: RealServerConfig) => ({ realServers: [server, realServer('10.0.0.8')] });

    test('was set by the MISC_CHECK with misc_dynamic that is all the checks of its server, and stays', async () => {
      const set = await adopted(at(9), withFirst(weighed('10.0.0.7', '/etc/check')));
      expect(set.messages()).toContain(
        'These go on with the weight that their MISC_CHECK has set: [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80 9 in place of 5',
      );
      await vi.advanceTimersByTimeAsync(10_000);
      expect([set.ipvs.lines(), set.ipvs.operations]).toEqual([[web01At(9), web02], []]);
      set.weights.set('/etc/check', { set: 3 });
      await vi.advanceTimersByTimeAsync(7000);
      expect(set.ipvs.lines()).toEqual([web01At(3), web02]);
    });

    test('is known to a successor, too', async () => {
      const config = withFirst(weighed('10.0.0.7', '/etc/check'));
      const first = await adopted(at(9), config);
      first.weights.set('/etc/check', { set: 9 });
      await vi.advanceTimersByTimeAsync(7000);
      expect([...first.memory().weights.values()]).toEqual([{ set: 9 }]);
    });

    const onlyTheSorryServer = {
      ...withFirst(weighed('10.0.0.7', '/etc/check')),
      sorryServer: sorryServer('10.0.0.7'),
    };
    const written = [
      ['where two checks may have', 9, withFirst(weighed('10.0.0.7', '/etc/a', '/etc/b'))],
      [
        'where no check does',
        9,
        withFirst(
          realServer('10.0.0.7', { weight: 5, checkers: [miscCheck('/etc/a', { isDynamic: false })] }),
        ),
      ],
      ['by a TCP_CHECK', 9, withFirst(realServer('10.0.0.7', { weight: 5 }))],
      ['where it is 0, which may be a drain', 0, withFirst(weighed('10.0.0.7', '/etc/check'))],
      ['where no exit status means it', 254, withFirst(weighed('10.0.0.7', '/etc/check'))],
      ['where it may be that of the sorry server', 1, onlyTheSorryServer],
    ] as const;

    test.each(written)('was not set %s: the configured one is written', async (_, weight, change) => {
      const set = await adopted(at(weight), change);
      expect(set.ipvs.lines()).toEqual([web01At(5), web02]);
      expect(set.messages().filter((line) => line.includes('MISC_CHECK has set'))).toEqual([]);
    });
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
