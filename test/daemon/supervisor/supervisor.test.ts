/** The supervisor's shell with real processes: fake children, signals from a test, the log in a file. */
import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Config } from '../../../src/config-parser/config.ts';
import { askDaemon } from '../../../src/daemon/control-socket/index.ts';
import { openLog } from '../../../src/daemon/logger/index.ts';
import type { ConfigurationReading, ServiceState } from '../../../src/daemon/supervisor/index.ts';
import { runSupervisor } from '../../../src/daemon/supervisor/index.ts';
import { allRoles } from '../../../src/daemon/supervisor/supervisor-state.ts';
import { all, configWith } from './bench.ts';

const script = new URL('./fixtures/child.mjs', import.meta.url);
const patiently = { timeout: 5000, interval: 10 };

let folder = '';
let signals = new EventEmitter();
let running: Promise<number> | undefined;
let states: ServiceState[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-supervisor-'));
  process.env['CHILD_LOG'] = join(folder, 'children');
  signals = new EventEmitter();
  states = [];
});

afterEach(async () => {
  signals.emit('SIGTERM');
  signals.emit('SIGTERM');
  await running;
  running = undefined;
  delete process.env['CHILD_LOG'];
  delete process.env['CHILD_HABITS'];
  rmSync(folder, { recursive: true });
});

function named(routerId: string, instances = 1, servers = 1): ConfigurationReading {
  const config = configWith(instances, servers);
  const globalDefs: Config['globalDefs'] = { ...config.globalDefs, routerId };
  return { ok: true, config: { ...config, globalDefs }, records: [] };
}

function start(readings: readonly ConfigurationReading[], habits = ''): Promise<number> {
  process.env['CHILD_HABITS'] = habits;
  const left = [...readings];
  const log = openLog({
    console: false,
    foreground: false,
    startUp: false,
    noSyslog: true,
    file: join(folder, 'log'),
    detail: false,
  });
  running = runSupervisor(
    {
      options: { roles: allRoles, allChildren: false, respawn: true, keepIpvsOnExit: false },
      childOptions: { keepAddressesOnExit: false, keepIpvsOnExit: false, logDetail: false },
      ignoreSigint: false,
      scripts: { vrrp: script, checker: script, script, bfd: script },
      files: () => ({
        pidFiles: { vrrp: join(folder, 'vrrp.pid'), checker: join(folder, 'checkers.pid') },
        controlSocket: join(folder, 'control.sock'),
      }),
      version: '1.2.3',
      configurationFile: '/etc/keepalived/keepalived.conf',
      log,
      readConfiguration: async () => left.shift() ?? named('exhausted'),
      readPlanned: async () => named('planned'),
      notify: (state) => states.push(state),
    },
    signals,
  ).then(async (exitCode) => {
    await log.close();
    return exitCode;
  });
  return running;
}

const read = (name: string) => {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

const pidOf = (role: 'vrrp' | 'checkers') => Number(read(`${role}.pid`));

async function ready(): Promise<void> {
  await vi.waitFor(() => expect(states.at(-1)).toBe('READY=1'), patiently);
}

describe('a supervisor with two children', () => {
  test('says ready, writes their pid files, and removes them at its end', async () => {
    const ended = start([named('one')]);
    await ready();
    expect(read('children')).toContain(`${pidOf('vrrp')} configured one`);
    expect(read('children')).toContain(`${pidOf('checkers')} configured one`);
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(states).toEqual(['READY=1', 'STOPPING=1']);
    expect(existsSync(join(folder, 'vrrp.pid'))).toBe(false);
    expect(read('children').match(/stopped/g)).toHaveLength(2);
  });

  test('writes what the children log, details only with -D', async () => {
    start([named('one')], 'lossy');
    await vi.waitFor(() => expect(read('log')).toContain('Startup complete'), patiently);
    expect(read('log')).toContain(`holdfast_vrrp[${pidOf('vrrp')}]: (VI_1) Entering BACKUP STATE (init)\n`);
    expect(read('log')).not.toContain('a detail');
    expect(read('log')).toContain('7 log lines of holdfast_checker were dropped');
  });

  test('replaces a child that is killed; the other lives on and hears nothing', async () => {
    start([named('one')]);
    await ready();
    const [vrrp, checker] = [pidOf('vrrp'), pidOf('checkers')];
    process.kill(checker, 'SIGKILL');
    await vi.waitFor(() => expect(pidOf('checkers')).not.toBe(checker), patiently);
    const successor = pidOf('checkers');
    await vi.waitFor(
      () => expect(read('children')).toContain(`${successor} configured one owned=1`),
      patiently,
    );
    expect(pidOf('vrrp')).toBe(vrrp);
    expect(
      read('children')
        .split('\n')
        .filter((line) => line.startsWith(`${vrrp} `)),
    ).toHaveLength(2);
    await vi.waitFor(() =>
      expect(read('log')).toContain(`Healthcheck child process(${checker}) died: Respawning`),
    );
  });

  test("logs a crashing child's stack before its death", async () => {
    start([named('one', 1, 0)], 'crash');
    await vi.waitFor(() => expect(read('log')).toContain('died: Respawning'), patiently);
    const log = read('log');
    expect(log).toContain('Error: the child fell over');
    expect(log.indexOf('the child fell over')).toBeLessThan(log.indexOf('died: Respawning'));
    await vi.waitFor(
      () => expect(read('log')).toContain('delayed 1 seconds to limit respawn rate'),
      patiently,
    );
  });

  test("stops with a child's permanent error", async () => {
    expect(await start([named('one', 1, 0)], 'fatal')).toBe(4);
    expect(read('log')).toContain('holdfast_vrrp: no permission');
    expect(read('log')).toContain('exited with permanent error MISSING PERMISSION. Terminating');
  });

  test('kills stubborn children before two seconds are over, and its status says so', async () => {
    const ended = start([named('one', 0, 1)], 'stubborn');
    await ready();
    const beganAtMs = performance.now();
    signals.emit('SIGTERM');
    expect(await ended).toBe(1);
    const tookMs = performance.now() - beganAtMs;
    expect(tookMs).toBeGreaterThan(1700);
    expect(tookMs).toBeLessThan(2000);
    expect(read('log')).toContain('Healthcheck process failed to die - forcing termination');
  });

  test('waits for a hand-over until it is asked a second time', async () => {
    const ended = start([named('one', 1, 0)], 'lingering');
    await ready();
    signals.emit('SIGTERM');
    await vi.waitFor(() => expect(read('children')).toContain('hands over'), patiently);
    await new Promise((resolve) => setTimeout(resolve, 150));
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(read('children')).toContain('stopped at once');
  });

  test('answers operators at its socket for as long as it lives', async () => {
    const path = join(folder, 'control.sock');
    const ended = start([named('one'), { ok: false, exitCode: 2, records: [] }]);
    await ready();
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), patiently);
    const status = await askDaemon(path, { kind: 'status' }, 5000);
    expect(status).toMatchObject({
      ok: true,
      daemon: {
        version: '1.2.3',
        phase: 'running',
        configuration: { staleBecause: [] },
        children: [
          { role: 'vrrp', phase: 'running', pid: pidOf('vrrp'), restarts: 0 },
          { role: 'checker', pid: pidOf('checkers') },
        ],
        vrrp: { eventLoopDelay: { maxMs: 4 } },
        checker: { virtualServers: [] },
      },
    });
    const giveUp = { kind: 'giveUp', hold: 'failover', instances: [] } as const;
    expect(await askDaemon(path, { ...giveUp, evenIfAlone: false }, 5000)).toEqual({
      ok: false,
      confirm: true,
      lines: ['nobody was heard'],
    });
    expect(await askDaemon(path, { ...giveUp, evenIfAlone: true }, 5000)).toEqual({
      ok: true,
      lines: ['handed over'],
    });
    expect(await askDaemon(path, { kind: 'reload' }, 5000)).toMatchObject({ ok: false });
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test('asks the checker process about servers, and both for a plan of what a reload would change', async () => {
    const path = join(folder, 'control.sock');
    const ended = start([named('one')]);
    await ready();
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), patiently);
    const drain = { kind: 'drainServer', realServer: '10.0.0.7' } as const;
    expect(await askDaemon(path, { ...drain, evenIfLast: false }, 5000)).toMatchObject({ confirm: true });
    expect(await askDaemon(path, { ...drain, evenIfLast: true }, 5000)).toMatchObject({ ok: true });
    expect(await askDaemon(path, { kind: 'plan', file: '/planned.conf' }, 5000)).toEqual({
      ok: true,
      lines: [],
      plan: {
        configuration: [{ change: 'change', subject: 'global_defs', details: ['router_id one -> planned'] }],
        table: [{ change: 'add', subject: 'planned', details: [] }],
      },
    });
    expect(read('children')).not.toContain('configured planned');
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('runs startup_script before its children work and shutdown_script when they are gone', async () => {
    const note = (words: string) => ({
      command: { argv: ['/bin/sh', '-c', `echo 1 ${words} >> ${join(folder, 'children')}`], user: 'root' },
      timeoutMs: 5000,
    });
    const reading = named('one', 1, 0);
    if (!reading.ok) throw new Error('it is a good one');
    const { globalDefs } = reading.config;
    const notify = { ...globalDefs.notify, startup: note('before'), shutdown: note('after') };
    const config = { ...reading.config, globalDefs: { ...globalDefs, notify } };
    const ended = start([{ ...reading, config }]);
    await ready();
    signals.emit('SIGTERM');
    expect(await ended).toBe(0);
    const words = read('children')
      .split('\n')
      .map((line) => line.split(' ')[1]);
    const told = words.filter((word) => word !== 'born' && word !== undefined);
    expect(told).toEqual(['before', 'configured', 'stopped', 'after']);
  });

  test('starts the vrrp and the bfd process, and no other, with a collector of garbage that needs no other thread', async () => {
    start([
      {
        ok: true,
        config: configWith(0, 0, { vrrpInstances: all.vrrpInstances, trackers: all.trackers }),
        records: [],
      },
    ]);
    await ready();
    const flagged = read('children')
      .split('\n')
      .filter((line) => line.includes(' born ') && line.includes('--single-threaded-gc'));
    expect(flagged).toHaveLength(2);
  });

  test('says of a vrrp process that is stuck that it is', async () => {
    const path = join(folder, 'control.sock');
    start([named('one', 1, 0)], 'silent');
    await ready();
    await vi.waitFor(() => expect(existsSync(path)).toBe(true), patiently);
    expect(await askDaemon(path, { kind: 'status' }, 5000)).toMatchObject({
      ok: true,
      daemon: { vrrpSilence: expect.stringContaining('does not answer') },
    });
  });

  test('hands a new configuration to the same children', async () => {
    start([named('one'), named('two')]);
    await ready();
    const before = pidOf('vrrp');
    signals.emit('SIGHUP');
    await vi.waitFor(() => expect(states).toEqual(['READY=1', 'RELOADING=1', 'READY=1']), patiently);
    expect(read('children')).toContain(`${before} configured two`);
    expect(pidOf('vrrp')).toBe(before);
  });

  test('keeps the old configuration when the new one is bad, and says where', async () => {
    const records = [{ level: 'error', message: 'lb01.conf:7:1: error: unclosed brace' }] as const;
    start([named('one'), { ok: false, exitCode: 2, records }]);
    await ready();
    signals.emit('SIGHUP');
    await vi.waitFor(() => expect(read('log')).toContain('Reload abandoned'), patiently);
    expect(read('log')).toContain('lb01.conf:7:1: error: unclosed brace');
    expect(read('children').match(/configured/g)).toHaveLength(2);
    expect(states).toEqual(['READY=1', 'RELOADING=1', 'READY=1']);
  });

  test('releases its children and ends with 70 after a mistake of ours', async () => {
    const ended = start([named('one')]);
    await ready();
    signals.emit('uncaughtException', new Error('a mistake of ours'));
    expect(await ended).toBe(70);
    expect(read('log')).toContain('Error: a mistake of ours');
    expect(read('children').match(/stopped/g)).toHaveLength(2);
  });
});
