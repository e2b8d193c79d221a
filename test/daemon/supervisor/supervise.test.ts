import { describe, expect, test } from 'vitest';
import { noMemory } from '../../../src/daemon/checker-memory.ts';
import { nextTimeout } from '../../../src/daemon/supervisor/supervisor-state.ts';
import { Bench, both, configWith, service } from './bench.ts';

describe('start', () => {
  test('the children are started before the configuration is read', () => {
    const bench = new Bench().start();
    expect(bench.words()).toEqual(['startChild vrrp', 'startChild checker', 'readConfiguration']);
  });

  test('children get their configuration once both it and they are there, in either order', () => {
    const first = new Bench().start();
    expect(first.words(first.started('vrrp'))).toEqual([]);
    first.started('checker');
    expect(first.words(first.read(both))).toEqual(['configureChild vrrp', 'configureChild checker']);

    const second = new Bench().start();
    expect(second.words(second.read(both))).toEqual([]);
    expect(second.words(second.started('vrrp'))).toEqual(['configureChild vrrp']);
  });

  test('ready is said when the last child has applied its configuration, not before', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    bench.read(both);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual([]);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'checker' }))).toEqual([
      'notify READY=1',
    ]);
    expect(bench.lines()).toEqual(['Startup complete']);
  });

  test('a child that the configuration has no work for is taken away and not restarted', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    expect(bench.words(bench.read(configWith(1, 0)))).toEqual(['configureChild vrrp', 'killChild checker']);
    expect(bench.words(bench.killed('checker'))).toEqual([]);
    expect(bench.lines()).toEqual([]);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual(['notify READY=1']);
  });

  test('with --all a child without configuration runs', () => {
    const bench = new Bench({ allChildren: true }).start();
    bench.started('checker');
    expect(bench.words(bench.read(configWith(0, 0)))).toContain('configureChild checker');
  });

  test('with -P no checker is ever started', () => {
    const bench = new Bench({ roles: ['vrrp'] }).start();
    expect(bench.words()).toEqual(['startChild vrrp', 'readConfiguration']);
    bench.started('vrrp');
    expect(bench.words(bench.read(both))).toEqual(['configureChild vrrp']);
  });

  test('a configuration that cannot be used ends everything with its status', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    expect(bench.words(bench.readFails(6))).toEqual(['killChild vrrp', 'killChild checker', 'exit 6']);
    expect(bench.lines()[0]).toBe('lb01.conf:3:1: broken');
  });

  test('an empty configuration is ready at once and says so', () => {
    const bench = new Bench().start();
    bench.started('vrrp');
    bench.started('checker');
    expect(bench.words(bench.read(configWith(0, 0)))).toContain('notify READY=1');
    expect(bench.lines()).toContain('Warning - holdfast has no configuration to run');
  });
});

describe('a child that dies', () => {
  test('is restarted at once with the same configuration, and the other hears nothing', () => {
    const bench = new Bench().running();
    expect(bench.words(bench.killed('vrrp'))).toEqual(['startChild vrrp']);
    expect(bench.lines()).toEqual([
      'holdfast_vrrp[101] exited due to signal SIGKILL',
      'VRRP child process(101) died: Respawning',
    ]);
    expect(bench.started('vrrp')).toContainEqual({
      kind: 'configureChild',
      role: 'vrrp',
      config: both,
      memory: noMemory,
    });
  });

  test('waits longer each time that it dies young', () => {
    const bench = new Bench().running();
    const delaysMs: number[] = [];
    for (let death = 0; death < 4; death += 1) {
      bench.killed('checker');
      if (bench.words().includes('startChild checker')) delaysMs.push(0);
      else {
        delaysMs.push((nextTimeout(bench.state) ?? 0) - bench.nowMs);
        expect(bench.words(bench.nextDeadline())).toEqual(['startChild checker']);
      }
      bench.started('checker');
    }
    expect(delaysMs).toEqual([0, 1000, 2000, 4000]);
  });

  test('a timeout before the restart is due starts nothing', () => {
    const bench = new Bench().running();
    bench.killed('vrrp');
    bench.started('vrrp');
    bench.killed('vrrp');
    bench.nowMs += 999;
    expect(bench.handle({ kind: 'timeout' })).toEqual([]);
  });

  test('a checker gets the services that its predecessor left in the kernel', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'childRemember', role: 'checker', news: { ownedServices: [service] } });
    bench.killed('checker');
    expect(bench.started('checker')).toContainEqual({
      kind: 'configureChild',
      role: 'checker',
      config: both,
      memory: { ...noMemory, ownedServices: [service] },
    });
  });

  test('with -R everything ends instead', () => {
    const bench = new Bench({ respawn: false }).running();
    expect(bench.words(bench.killed('vrrp'))).toEqual(['notify STOPPING=1', 'stopChild checker']);
    expect(bench.lines()).toContain('VRRP child process(101) died: Exiting');
    expect(bench.words(bench.exited('checker', 0))).toEqual(['exit 1']);
  });

  test('a fork that fails is tried again later', () => {
    const bench = new Bench().running();
    bench.killed('vrrp');
    bench.handle({ kind: 'childStartFailed', role: 'vrrp', error: 'spawn EAGAIN' });
    expect(bench.lines()).toContain('cannot start VRRP child process: spawn EAGAIN');
    expect(bench.words(bench.nextDeadline())).toEqual(['startChild vrrp']);
  });

  test('status 1 without a word of farewell is a crash, not a permanent error', () => {
    const bench = new Bench().running();
    expect(bench.words(bench.exited('checker', 1))).toEqual(['startChild checker']);
  });

  test.each([
    [1, 'FATAL'],
    [2, 'CONFIG'],
    [4, 'MISSING PERMISSION'],
  ])('a permanent error with status %i stops everything with it', (exitCode, name) => {
    const bench = new Bench().running();
    bench.handle({ kind: 'childFatal', role: 'vrrp', message: 'no raw sockets', exitCode });
    expect(bench.words()).toEqual(['notify STOPPING=1', 'stopChild vrrp']);
    expect(bench.lines()).toContain(`holdfast_vrrp exited with permanent error ${name}. Terminating`);
    expect(bench.words(bench.exited('vrrp', exitCode))).toEqual(['stopChild checker']);
    expect(bench.words(bench.exited('checker', 0))).toEqual([`exit ${exitCode}`]);
  });
});

test.each(['SIGUSR1', 'SIGUSR2'])('%s is logged and changes nothing', (signal) => {
  const bench = new Bench().running();
  const before = bench.state;
  bench.handle({ kind: 'userSignal', signal });
  expect(bench.lines()[0]).toContain(signal);
  expect(bench.state).toEqual(before);
});
