import { describe, expect, test } from 'vitest';
import { noMemory } from '../../../src/daemon/checker-memory.ts';
import { Bench, both, configWith, service } from './bench.ts';

describe('reload', () => {
  test('reads first, then gives the new configuration to the running children', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.effects).toContainEqual({ kind: 'readConfiguration', isReload: true });
    expect(bench.words()).toEqual(['notify RELOADING=1', 'readConfiguration']);
    const next = configWith(2, 2);
    expect(bench.words(bench.read(next))).toEqual(['configureChild vrrp', 'configureChild checker']);
    bench.handle({ kind: 'childConfigured', role: 'vrrp' });
    bench.handle({ kind: 'childConfigured', role: 'checker' });
    expect(bench.words()).toEqual(['notify READY=1']);
    expect(bench.lines()).toEqual(['Reload complete']);
  });

  test('that cannot be used leaves the children alone and says why', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.readFails())).toEqual(['notify READY=1']);
    expect(bench.lines()).toEqual([
      'lb01.conf:3:1: broken',
      'Reload abandoned: the configuration from before goes on',
    ]);
    bench.killed('vrrp');
    expect(bench.started('vrrp')).toContainEqual(expect.objectContaining({ config: both }));
  });

  test('that takes the last virtual server out stops the checker and keeps VRRP', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(configWith(1, 0)))).toEqual(['configureChild vrrp', 'stopChild checker']);
    expect(bench.words(bench.exited('checker', 0))).toEqual([]);
    expect(bench.state.phase).toBe('running');
  });

  test('that brings the first virtual server starts a checker', () => {
    const bench = new Bench().running(configWith(1, 0));
    bench.killed('checker');
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(both))).toEqual(['configureChild vrrp', 'startChild checker']);
    expect(bench.words(bench.started('checker'))).toEqual(['configureChild checker']);
  });

  test('that overtakes a leaving checker starts a new one when the old one is gone', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'childRemember', role: 'checker', news: { ownedServices: [service] } });
    bench.handle({ kind: 'reloadRequested' });
    bench.read(configWith(1, 0));
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(both))).toEqual(['configureChild vrrp']);
    expect(bench.words(bench.exited('checker', 0))).toEqual(['startChild checker']);
    expect(bench.started('checker')).toContainEqual(expect.objectContaining({ memory: noMemory }));
  });

  test('gives the supervisor another name, and its own when process_name is gone', () => {
    const { globalDefs } = both;
    const named = (mainName: string) =>
      configWith(1, 1, { globalDefs: { ...globalDefs, processes: { ...globalDefs.processes, mainName } } });
    const bench = new Bench().running(named('lb'));
    const reload = (config: typeof both) => {
      bench.handle({ kind: 'reloadRequested' });
      return bench.words(bench.read(config)).filter((word) => word.startsWith('take'));
    };
    expect(reload(named('lb'))).toEqual([]);
    expect(reload(named('lb01'))).toEqual(['take the name lb01']);
    expect(reload(both)).toEqual(['take our name back']);
  });

  test('asked for while another is read runs once more afterwards', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.handle({ kind: 'reloadRequested' })).toEqual([]);
    expect(bench.handle({ kind: 'reloadRequested' })).toEqual([]);
    expect(bench.words(bench.read(both))).toContain('readConfiguration');
    expect(bench.words(bench.read(both))).not.toContain('readConfiguration');
  });

  test('is not complete while a second configuration is unanswered', () => {
    const bench = new Bench({ roles: ['vrrp'] }).start();
    bench.started('vrrp');
    bench.read(both);
    bench.handle({ kind: 'reloadRequested' });
    bench.read(both);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual([]);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual(['notify READY=1']);
  });

  test('that fails during the start does not say ready before the children are', () => {
    const bench = new Bench({ roles: ['vrrp'] }).start();
    bench.started('vrrp');
    bench.read(both);
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.readFails())).toEqual([]);
    expect(bench.words(bench.handle({ kind: 'childConfigured', role: 'vrrp' }))).toEqual(['notify READY=1']);
  });

  test('does not bring a child back before its restart is due', () => {
    const bench = new Bench().running();
    bench.killed('vrrp');
    bench.started('vrrp');
    bench.killed('vrrp');
    bench.handle({ kind: 'reloadRequested' });
    expect(bench.words(bench.read(both))).toEqual(['configureChild checker']);
  });
});
