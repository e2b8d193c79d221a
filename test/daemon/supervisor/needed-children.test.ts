import { describe, expect, test } from 'vitest';
import type {
  Config,
  NotifyConfig,
  SyncGroupConfig,
  TrackerConfigs,
  TrackingConfig,
} from '../../../src/config-parser/config.ts';
import { noNotifications } from '../../../src/config-parser/config-notify.ts';
import { hasWorkFor } from '../../../src/daemon/supervisor/needed-children.ts';
import { all, Bench, both, configWith, instanceWith, tracking } from './bench.ts';

const named = [{ name: 'it' }] as const;
const tracks = [{ name: 'it', weight: 0, reverse: false }] as const;

function trackers(kind: keyof TrackerConfigs): TrackerConfigs {
  const none = { scripts: [], files: [], processes: [], bfds: [] };
  return { ...none, [kind]: named } as unknown as TrackerConfigs;
}

function configOf(notify: Partial<NotifyConfig>, change: Partial<Config> = {}): Config {
  const vrrpInstances = [instanceWith({ notify: { ...noNotifications, ...notify } })];
  return configWith(1, 0, { vrrpInstances, ...change });
}

function withMail(): Config['globalDefs'] {
  const { globalDefs } = both;
  return { ...globalDefs, notify: { ...globalDefs.notify, mail: {} } } as unknown as Config['globalDefs'];
}

describe('the script process', () => {
  test.each(['scripts', 'files', 'processes'] as const)('is needed for tracked %s, and only then', (kind) => {
    const vrrpInstances = [
      instanceWith({ tracking: tracking({ [kind]: tracks } as Partial<TrackingConfig>) }),
    ];
    expect(hasWorkFor('script', configWith(1, 0, { trackers: trackers(kind) }))).toBe(false);
    expect(hasWorkFor('script', configWith(1, 0, { vrrpInstances, trackers: trackers(kind) }))).toBe(true);
    expect(hasWorkFor('bfd', configWith(1, 0, { vrrpInstances, trackers: trackers(kind) }))).toBe(false);
  });

  test('is needed for what a sync group tracks', () => {
    const group = { tracking: tracking({ files: tracks }), notify: noNotifications };
    const syncGroups = [group as unknown as SyncGroupConfig];
    expect(hasWorkFor('script', configWith(1, 0, { syncGroups, trackers: trackers('files') }))).toBe(true);
  });

  test('is needed for a notify script, a pipe, and mail that has a server', () => {
    const command = { argv: ['/bin/true'] };
    expect(hasWorkFor('script', configOf({}))).toBe(false);
    expect(hasWorkFor('script', configOf({ priorityChanges: true }))).toBe(false);
    expect(hasWorkFor('script', configOf({ master: command }))).toBe(true);
    expect(hasWorkFor('script', configOf({ mail: true }))).toBe(false);
    expect(hasWorkFor('script', configOf({ mail: true }, { globalDefs: withMail() }))).toBe(true);
    const { globalDefs } = both;
    const fifos = [{ concerns: 'all', path: '/run/fifo' }] as const;
    const piped = { ...globalDefs, notify: { ...globalDefs.notify, fifos } };
    expect(hasWorkFor('script', configWith(1, 0, { globalDefs: piped }))).toBe(true);
  });
});

describe('other processes', () => {
  test('the bfd process is needed for sessions that somebody tracks', () => {
    const vrrpInstances = [instanceWith({ tracking: tracking({ bfds: tracks }) })];
    expect(hasWorkFor('bfd', configWith(1, 0, { trackers: trackers('bfds') }))).toBe(false);
    expect(hasWorkFor('bfd', configWith(1, 0, { vrrpInstances, trackers: trackers('bfds') }))).toBe(true);
  });

  test('the vrrp process is needed for static addresses alone', () => {
    const staticItems = { addresses: [{}], routes: [], rules: [] } as unknown as Config['staticItems'];
    expect(hasWorkFor('vrrp', configWith(0, 0))).toBe(false);
    expect(hasWorkFor('vrrp', configWith(0, 0, { staticItems }))).toBe(true);
  });
});

describe('four children', () => {
  test('the last two are started when the configuration is known to need them', () => {
    const bench = new Bench().start();
    expect(bench.words()).toEqual(['startChild vrrp', 'startChild checker', 'readConfiguration']);
    expect(bench.words(bench.read(all))).toEqual(['startChild script', 'startChild bfd']);
    for (const role of ['vrrp', 'checker', 'script', 'bfd'] as const) bench.started(role);
    for (const role of ['vrrp', 'checker', 'script'] as const) {
      expect(bench.words(bench.handle({ kind: 'childConfigured', role }))).toEqual([]);
    }
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'bfd' }))).toEqual(['notify READY=1']);
  });

  test('a reload starts and stops them as it needs them; the script process stays, for what is left to tell', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(all)).slice(-2)).toEqual(['startChild script', 'startChild bfd']);
    bench.started('script');
    bench.started('bfd');
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(both)).slice(-2)).toEqual(['configureChild script', 'stopChild bfd']);
    expect(bench.words(bench.exited('bfd', 0))).toEqual([]);
  });

  test('without the role no bfd process runs', () => {
    const bench = new Bench({ roles: ['vrrp', 'checker', 'script'] }).start();
    expect(bench.words(bench.read(all))).toEqual(['startChild script']);
  });

  test('with -C nothing of VRRP is tracked or told, and with -P nothing is checked', () => {
    const checks = new Bench({ roles: ['checker', 'script', 'bfd'] }).start();
    checks.started('checker');
    const effects = checks.read(all);
    expect(checks.words(effects)).toEqual(['configureChild checker']);
    expect(effects).toContainEqual(
      expect.objectContaining({ kind: 'configureChild', config: { ...all, vrrpInstances: [] } }),
    );
    const vrrp = new Bench({ roles: ['vrrp', 'script', 'bfd'] }).start();
    vrrp.started('vrrp');
    expect(vrrp.read(all)).toContainEqual(
      expect.objectContaining({ kind: 'configureChild', config: { ...all, virtualServers: [] } }),
    );
  });

  test('a vrrp process that loses its last instance has the time to hand over', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(configWith(0, 0)))).toContain('stopChild vrrp');
    bench.nextDeadline();
    expect(bench.words()).toEqual(['killChild vrrp']);
    expect(bench.nowMs).toBeGreaterThan(996 + 1800);
  });
});
