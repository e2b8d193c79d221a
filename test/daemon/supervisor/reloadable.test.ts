import { describe, expect, test } from 'vitest';
import type { Config, DaemonConfig } from '../../../src/config-parser/config.ts';
import { reloadable } from '../../../src/daemon/supervisor/reloadable.ts';
import { Bench, both, configWith } from './bench.ts';

const withDaemon = (daemon: DaemonConfig, servers = 1): Config => configWith(1, servers, { daemon });

function withVrrp(change: Partial<Config['globalDefs']['vrrp']>): Config {
  const { globalDefs } = both;
  return { ...both, globalDefs: { ...globalDefs, vrrp: { ...globalDefs.vrrp, ...change } } };
}

describe('what a reload cannot change', () => {
  test.each<[string, DaemonConfig, DaemonConfig]>([
    ['instance', { instance: 'a' }, { instance: 'b' }],
    ['net_namespace', { netNamespace: 'a' }, {}],
    ['net_namespace_ipvs', {}, { netNamespaceIpvs: 'b' }],
    ['tmp_config_directory', { temporaryFolder: '/a' }, { temporaryFolder: '/b' }],
  ])('%s stays as it was, and the rest is applied', (word, before, after) => {
    const { config, refused } = reloadable(withDaemon(before, 1), withDaemon(after, 3));
    expect(config.daemon).toEqual(before);
    expect(config.virtualServers).toHaveLength(3);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(new RegExp(`^${word} .*until it is restarted`));
  });

  test('the table of nftables keeps its name and takes its other settings', () => {
    const firewall = { table: 'one', priority: -1, counters: false, byInterfaceIndex: false };
    const before = withVrrp({ firewall });
    const after = withVrrp({ firewall: { ...firewall, table: 'two', counters: true } });
    const { config, refused } = reloadable(before, after);
    expect(config.globalDefs.vrrp.firewall).toEqual({ ...firewall, counters: true });
    expect(refused[0]).toMatch(/^nftables is now two.*goes on with one/);
  });

  test('disable_local_igmp stays as it was', () => {
    const { config, refused } = reloadable(withVrrp({}), withVrrp({ disableLocalIgmp: true }));
    expect(config.globalDefs.vrrp.disableLocalIgmp).toBe(false);
    expect(refused).toHaveLength(1);
  });

  test('a configuration that changes none of these is taken as it is', () => {
    const next = configWith(3, 3);
    const { config, refused } = reloadable(both, next);
    expect(config).toBe(next);
    expect(refused).toEqual([]);
  });
});

describe('a reload that an operator asks for', () => {
  const request = { kind: 'reloadRequested', request: 5 } as const;

  test('is answered when it is applied, with what was refused', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running(withDaemon({ instance: 'a' }));
    bench.handle(request);
    expect(bench.words(bench.read(withDaemon({ instance: 'b' })))).toEqual(['configureChild vrrp']);
    expect(bench.lines()[0]).toMatch(/^instance is now b/);
    const effects = bench.handle({ kind: 'childConfigured', role: 'vrrp' });
    expect(bench.words(effects)).toEqual(['notify READY=1', 'answer 5 yes']);
    expect(effects.at(-1)).toMatchObject({
      answer: { lines: ['Reload complete', expect.stringMatching(/^instance is now b/)] },
    });
  });

  test('is refused with what is wrong, and the status says so until one succeeds', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running();
    bench.handle(request);
    const effects = bench.readFails();
    expect(bench.words(effects)).toEqual(['answer 5 no', 'notify READY=1']);
    expect(effects).toContainEqual(
      expect.objectContaining({
        answer: { ok: false, lines: ['lb01.conf:3:1: broken', expect.any(String)] },
      }),
    );
    expect(bench.state.staleBecause).toContain('lb01.conf:3:1: broken');
    bench.handle({ kind: 'reloadRequested' });
    bench.read(both);
    expect(bench.state.staleBecause).toEqual([]);
  });

  test('while another is read waits for a reading of its own', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running();
    bench.handle({ kind: 'reloadRequested', request: 1 });
    expect(bench.handle({ kind: 'reloadRequested', request: 2 })).toEqual([]);
    expect(bench.words(bench.readFails())).toContain('answer 1 no');
    expect(bench.words(bench.readFails(2))).toContain('answer 2 no');
  });

  test('that was applied is not blamed for a later one that was not', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running();
    bench.handle({ kind: 'reloadRequested', request: 1 });
    bench.read(both);
    bench.handle({ kind: 'reloadRequested', request: 2 });
    expect(bench.words(bench.readFails())).toEqual(['answer 2 no']);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual([
      'notify READY=1',
      'answer 1 yes',
    ]);
  });

  test('is answered when the daemon stops instead', () => {
    const bench = new Bench({ roles: ['vrrp'] }).running();
    bench.handle(request);
    expect(bench.words(bench.handle({ kind: 'stopRequested' }))).toContain('answer 5 no');
    expect(bench.words(bench.handle({ kind: 'reloadRequested', request: 6 }))).toEqual(['answer 6 no']);
  });
});
