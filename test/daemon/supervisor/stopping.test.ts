import { describe, expect, test } from 'vitest';
import type { Config, NotifyGlobals } from '../../../src/config-parser/config.ts';
import { longestHandOverMs } from '../../../src/daemon/supervisor/hand-over-time.ts';
import { nextTimeout } from '../../../src/daemon/supervisor/supervisor-state.ts';
import { all, Bench, both, configWith, instanceWith } from './bench.ts';

const stop = { kind: 'stopRequested' } as const;

/** What a version 2 instance may need: Skew_Time of priority 1, and half a second. */
const handOverMs = 996.09375 + 500;

describe('a stop', () => {
  test('goes from who gives addresses away over who serves them to who tells of it', () => {
    const bench = new Bench().running(all);
    bench.handle(stop);
    expect(bench.words()).toEqual(['notify STOPPING=1', 'stopChild vrrp']);
    expect(bench.lines()).toEqual(['Stopping']);
    bench.after(700, { kind: 'childReleased', role: 'vrrp' });
    expect(bench.words()).toEqual(['stopChild checker', 'stopChild bfd']);
    bench.exited('checker', 0);
    expect(bench.words(bench.exited('bfd', 0))).toEqual([]);
    expect(bench.words(bench.exited('vrrp', 0))).toEqual(['stopChild script']);
    expect(bench.words(bench.exited('script', 0))).toEqual(['exit 0']);
  });

  test('takes the end of a vrrp process for the end of its hand-over', () => {
    const bench = new Bench().running();
    bench.handle(stop);
    expect(bench.words(bench.exited('vrrp', 0))).toEqual(['stopChild checker']);
    expect(bench.words(bench.exited('checker', 0))).toEqual(['exit 0']);
  });

  test('lets the checker go on for as long as a hand-over can take, and no longer', () => {
    const bench = new Bench().running();
    bench.handle(stop);
    expect(bench.words(bench.nextDeadline())).toEqual(['stopChild checker']);
    expect(bench.nowMs).toBe(handOverMs);
    bench.exited('checker', 0);
    expect(bench.words(bench.nextDeadline())).toEqual(['killChild vrrp']);
    expect(bench.nowMs).toBe(handOverMs + 1800);
  });

  test('leaves a vrrp process without addresses the usual time to end', () => {
    const bench = new Bench().running();
    bench.handle(stop);
    bench.after(100, { kind: 'childReleased', role: 'vrrp' });
    bench.exited('checker', 0);
    expect(bench.words(bench.nextDeadline())).toEqual(['killChild vrrp']);
    expect(bench.nowMs).toBe(1900);
    expect(bench.lines()).toEqual(['VRRP process failed to die - forcing termination']);
    expect(bench.words(bench.killed('vrrp'))).toEqual(['exit 1']);
  });

  test('waits for no hand-over where there is no vrrp process', () => {
    const bench = new Bench().running(configWith(0, 1));
    bench.handle(stop);
    expect(bench.words()).toEqual(['notify STOPPING=1', 'stopChild checker']);
  });

  test('does not wait for a child that not even a kill ends', () => {
    const bench = new Bench().running(configWith(0, 1));
    bench.handle(stop);
    expect(bench.words(bench.nextDeadline())).toEqual(['killChild checker']);
    expect(bench.words(bench.nextDeadline())).toEqual(['exit 1']);
    expect(bench.nowMs).toBeLessThan(1900);
    expect(nextTimeout(bench.state)).toBeUndefined();
  });

  test('kills a script process that has not told everybody within two seconds', () => {
    const bench = new Bench().running(all);
    bench.handle(stop);
    for (const role of ['vrrp', 'checker', 'bfd'] as const) bench.exited(role, 0);
    expect(bench.words(bench.nextDeadline())).toEqual(['killChild script']);
    expect(bench.nowMs).toBe(2000);
  });

  test('passes on what the vrrp process says last to who tells others', () => {
    const bench = new Bench().running(all);
    bench.handle(stop);
    const events = [{ kind: 'instance', name: 'VI_1', state: 'STOP', priority: 100 }] as const;
    expect(bench.words(bench.handle({ kind: 'childNotify', role: 'vrrp', events }))).toEqual([
      'notify to script',
    ]);
  });

  test('restarts nobody: a checker that dies meanwhile makes the status 1', () => {
    const bench = new Bench().running();
    bench.handle(stop);
    expect(bench.words(bench.killed('checker'))).toEqual([]);
    expect(bench.lines()).toEqual(['holdfast_checker[102] exited due to signal SIGKILL']);
    expect(bench.words(bench.exited('vrrp', 0))).toEqual(['exit 1']);
  });

  test('during the start kills children that hold nothing yet, and a late configuration changes nothing', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    bench.handle(stop);
    expect(bench.words()).toEqual(['notify STOPPING=1', 'killChild vrrp', 'killChild checker']);
    expect(bench.words(bench.read(both))).toEqual([]);
    bench.killed('vrrp');
    expect(bench.words(bench.killed('checker'))).toEqual(['exit 0']);
  });

  test('forgets a restart that is waiting', () => {
    const bench = new Bench({ roles: ['vrrp'] }).start();
    bench.started('vrrp');
    bench.read(both);
    bench.killed('vrrp');
    bench.started('vrrp');
    bench.killed('vrrp');
    expect(bench.words(bench.handle(stop))).toEqual(['notify STOPPING=1', 'exit 0']);
  });

  test('is the last thing that happens', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    bench.readFails();
    expect(bench.killed('vrrp')).toEqual([]);
    expect(bench.handle(stop)).toEqual([]);
  });

  test('for a mistake of ours hands over as well, and ends with 70', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'internalError', error: 'TypeError: x' });
    expect(bench.words()).toEqual(['notify STOPPING=1', 'stopChild vrrp']);
    bench.exited('vrrp', 0);
    expect(bench.words(bench.exited('checker', 0))).toEqual(['exit 70']);
  });
});

describe('a second signal', () => {
  test('ends a hand-over at once, and leaves every child a quarter of a second', () => {
    const bench = new Bench().running(all);
    bench.handle(stop);
    expect(bench.words(bench.after(400, stop))).toEqual([
      'stopChild vrrp at once',
      'stopChild checker',
      'stopChild bfd',
    ]);
    expect(bench.words(bench.nextDeadline())).toEqual([
      'killChild vrrp',
      'killChild checker',
      'killChild bfd',
    ]);
    expect(bench.nowMs).toBe(650);
    bench.killed('vrrp');
    bench.killed('checker');
    expect(bench.words(bench.killed('bfd'))).toEqual(['stopChild script']);
    expect(bench.words(bench.nextDeadline())).toEqual(['killChild script']);
    expect(bench.nowMs).toBe(900);
    expect(bench.words(bench.killed('script'))).toEqual(['exit 1']);
  });

  test('within a tenth of a second is the same wish: a terminal and a parent both pass it on', () => {
    const bench = new Bench().running();
    bench.handle(stop);
    expect(bench.after(99, stop)).toEqual([]);
    expect(bench.words(bench.after(1, stop))).toContain('stopChild vrrp at once');
  });

  test('does not give more time than the first', () => {
    const bench = new Bench().running(configWith(0, 1));
    bench.handle(stop);
    bench.after(1700, stop);
    bench.nextDeadline();
    expect(bench.nowMs).toBe(1800);
  });
});

describe('the time of a hand-over', () => {
  test.each([
    ['version 2 does not depend on the interval', [{ advertisementIntervalMs: 20_000 }], 996.09375 + 500],
    ['version 3 does', [{ version: 3, advertisementIntervalMs: 100 }], 99.609375 + 500],
    ['the longest counts', [{}, { version: 3, advertisementIntervalMs: 40_000 }], 39_843.75 + 500],
    ['nobody needs any', [], 0],
  ] as const)('%s', (_, instances, expected) => {
    const vrrpInstances = instances.map((change) => instanceWith(change));
    expect(longestHandOverMs({ vrrpInstances })).toBeCloseTo(expected, 6);
  });
});

describe('scripts around it all', () => {
  const script = { command: { argv: ['/bin/true'] }, timeoutMs: 1000 };

  function withScripts(scripts: Pick<NotifyGlobals, 'startup' | 'shutdown'>): Config {
    const { globalDefs } = both;
    return { ...both, globalDefs: { ...globalDefs, notify: { ...globalDefs.notify, ...scripts } } };
  }

  test('no child gets its configuration before startup_script has ended', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    expect(bench.words(bench.read(withScripts({ startup: script })))).toEqual(['run startup script']);
    expect(bench.words(bench.started('checker'))).toEqual([]);
    expect(bench.handle({ kind: 'reloadRequested' })).toEqual([]);
    const begun = bench.handle({ kind: 'lifecycleScriptEnded', which: 'startup' });
    expect(bench.words(begun).slice(0, 2)).toEqual(['configureChild vrrp', 'configureChild checker']);
    expect(bench.words(begun)).toContain('readConfiguration');
  });

  test('a stop during startup_script starts nothing any more', () => {
    const bench = new Bench({ roles: ['vrrp'] }).start();
    bench.started('vrrp');
    bench.read(withScripts({ startup: script, shutdown: script }));
    expect(bench.words(bench.handle(stop))).toContain('killChild vrrp');
    expect(bench.words(bench.handle({ kind: 'lifecycleScriptEnded', which: 'startup' }))).toEqual([]);
    expect(bench.words(bench.killed('vrrp'))).toEqual(['exit 0']);
  });

  test('shutdown_script runs when every child is gone, and the end waits for it', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running(withScripts({ shutdown: script }));
    bench.handle(stop);
    expect(bench.words(bench.exited('vrrp', 0))).toEqual(['run shutdown script']);
    expect(bench.words(bench.handle({ kind: 'lifecycleScriptEnded', which: 'shutdown' }))).toEqual([
      'exit 0',
    ]);
  });

  test('a second signal does not wait for shutdown_script', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running(withScripts({ shutdown: script }));
    bench.handle(stop);
    bench.exited('vrrp', 0);
    expect(bench.words(bench.after(500, stop))).toEqual(['exit 0']);
  });
});

test("a checker process has more time for a larger table, and keepalived's five seconds at most", () => {
  const withServers = (count: number) =>
    configWith(0, 1, {
      virtualServers: [
        { realServers: Array.from({ length: count }, () => ({ checkers: [] })) },
      ] as unknown as Config['virtualServers'],
    });
  for (const [count, timeMs] of [
    [100, 2800],
    [20_000, 5000],
  ] as const) {
    const bench = new Bench().running(withServers(count));
    bench.handle(stop);
    bench.nextDeadline();
    expect(bench.words()).toContain('killChild checker');
    expect(bench.nowMs).toBe(timeMs);
  }
});
