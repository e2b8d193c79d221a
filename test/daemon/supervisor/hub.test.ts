import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config-parser/config.ts';
import { type MemoryNews, noMemory } from '../../../src/daemon/checker-memory.ts';
import type { NotifyEvent } from '../../../src/daemon/ipc.ts';
import { commandLimit } from '../../../src/daemon/supervisor/commands.ts';
import { untoldLimit } from '../../../src/daemon/supervisor/hub.ts';
import { address } from '../../../src/net/address.ts';
import type { TrackerReading } from '../../../src/vrrp/tracking.ts';
import { all, Bench, both, configWith, service } from './bench.ts';

const down: TrackerReading = { kind: 'script', name: 'chk', isUp: false };
const up: TrackerReading = { ...down, isUp: true };
const peer: TrackerReading = { kind: 'bfd', name: 'peer', isUp: true };

const entered = (priority: number): NotifyEvent => ({
  kind: 'instance',
  name: 'VI_1',
  state: 'MASTER',
  priority,
});

describe('readings of trackers', () => {
  test('go from the script and the bfd process to the vrrp process', () => {
    const bench = new Bench().running(all);
    expect(bench.handle({ kind: 'childTrackers', role: 'script', readings: [down] })).toEqual([
      { kind: 'passOn', role: 'vrrp', message: { kind: 'trackers', readings: [down] } },
    ]);
    expect(bench.words(bench.handle({ kind: 'childTrackers', role: 'bfd', readings: [peer] }))).toEqual([
      'trackers to vrrp',
    ]);
    expect(bench.handle({ kind: 'childTrackers', role: 'checker', readings: [up] })).toEqual([]);
  });

  test('are told to a new vrrp process, the last of each, after its configuration', () => {
    const bench = new Bench().running(all);
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [down] });
    bench.handle({ kind: 'childTrackers', role: 'bfd', readings: [peer] });
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [up] });
    bench.killed('vrrp');
    const effects = bench.started('vrrp');
    expect(bench.words(effects)).toEqual(['configureChild vrrp', 'trackers to vrrp']);
    expect(effects.at(-1)).toMatchObject({ message: { readings: [up, peer] } });
  });

  test('hold while the process that measures is away', () => {
    const bench = new Bench().running(all);
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [down] });
    expect(bench.words(bench.killed('script'))).toEqual(['startChild script']);
    expect(bench.words(bench.started('script'))).toEqual(['configureChild script']);
    bench.killed('vrrp');
    expect(bench.started('vrrp').at(-1)).toMatchObject({ message: { readings: [down] } });
  });

  test('of BFD are told to a new bfd process before its configuration, so that sessions that were up may come up', () => {
    const bench = new Bench().running(all);
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [down] });
    bench.handle({ kind: 'childTrackers', role: 'bfd', readings: [peer] });
    bench.killed('bfd');
    const effects = bench.started('bfd');
    expect(bench.words(effects)).toEqual(['trackers to bfd', 'configureChild bfd']);
    expect(effects).toContainEqual({
      kind: 'passOn',
      role: 'bfd',
      message: { kind: 'trackers', readings: [peer] },
    });
  });

  test('are forgotten with the tracker', () => {
    const bench = new Bench().running(all);
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [down] });
    for (const config of [both, all]) {
      bench.handle({ kind: 'reloadRequested' });
      bench.read(config);
    }
    bench.killed('vrrp');
    expect(bench.words(bench.started('vrrp'))).toEqual(['configureChild vrrp']);
  });
});

describe('notifications', () => {
  test('wait for a script process that is being started again', () => {
    const bench = new Bench().running(all);
    bench.killed('script');
    expect(bench.handle({ kind: 'childNotify', role: 'vrrp', events: [entered(1)] })).toEqual([]);
    bench.handle({ kind: 'childNotify', role: 'vrrp', events: [entered(2)] });
    expect(bench.started('script').slice(-2)).toMatchObject([
      { kind: 'configureChild', role: 'script' },
      { role: 'script', message: { kind: 'notify', events: [entered(1), entered(2)] } },
    ]);
    bench.killed('script');
    expect(bench.state.untold).toEqual([]);
  });

  test('are lost, the oldest first and with a word, when it stays away', () => {
    const bench = new Bench().running(all);
    bench.killed('script');
    const events = Array.from({ length: untoldLimit }, (_, at) => entered(at));
    bench.handle({ kind: 'childNotify', role: 'vrrp', events });
    expect(bench.lines()).toEqual([]);
    bench.handle({ kind: 'childNotify', role: 'vrrp', events: [entered(-1)] });
    expect(bench.lines()[0]).toMatch(/^1 notifications are lost/);
    expect(bench.state.untold[0]).toEqual(entered(1));
    expect(bench.state.untold.at(-1)).toEqual(entered(-1));
  });

  test('are dropped where nobody is to be told', () => {
    const bench = new Bench().running(both);
    expect(bench.handle({ kind: 'childNotify', role: 'vrrp', events: [entered(1)] })).toEqual([]);
    expect(bench.state.untold).toEqual([]);
  });
});

describe('commands of operators', () => {
  const status = { kind: 'status' } as const;

  test('go to the vrrp process, and its answer to who asked', () => {
    const bench = new Bench().running();
    expect(bench.handle({ kind: 'commandRequested', request: 7, command: status })).toEqual([
      { kind: 'passOn', role: 'vrrp', message: { kind: 'command', id: 7, command: status } },
    ]);
    const answer = { ok: true, lines: ['done'] } as const;
    const answered = { kind: 'childAnswer', role: 'vrrp', request: 7, answer } as const;
    expect(bench.handle(answered)).toEqual([{ kind: 'answer', request: 7, answer }]);
    expect(bench.handle(answered)).toEqual([]);
  });

  test('are answered when the vrrp process dies instead', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'commandRequested', request: 7, command: status });
    expect(bench.words(bench.killed('vrrp'))).toEqual(['answer 7 no', 'startChild vrrp']);
    bench.handle({ kind: 'commandRequested', request: 8, command: status });
    expect(bench.effects).toMatchObject([{ answer: { lines: [expect.stringMatching(/being started/)] } }]);
  });

  test('are refused where there is no instance', () => {
    const bench = new Bench().running(configWith(0, 1));
    bench.killed('vrrp');
    bench.handle({ kind: 'commandRequested', request: 1, command: status });
    expect(bench.effects).toMatchObject([
      { answer: { ok: false, lines: [expect.stringMatching(/no VRRP/)] } },
    ]);
  });

  test('only ask for the status once a stop is under way', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'stopRequested' });
    const resume = { kind: 'resume', instances: [] } as const;
    expect(bench.words(bench.handle({ kind: 'commandRequested', request: 1, command: status }))).toEqual([
      'command to vrrp',
    ]);
    expect(bench.words(bench.handle({ kind: 'commandRequested', request: 2, command: resume }))).toEqual([
      'answer 2 no',
    ]);
  });

  test('do not pile up at a vrrp process that does not answer', () => {
    const bench = new Bench().running();
    for (let request = 0; request < commandLimit; request += 1) {
      bench.handle({ kind: 'commandRequested', request, command: status });
    }
    expect(bench.words()).toEqual(['command to vrrp']);
    bench.handle({ kind: 'commandRequested', request: 1000, command: status });
    expect(bench.words()).toEqual(['answer 1000 no']);
  });
});

describe('what the checker process has to hear', () => {
  const file: TrackerReading = { kind: 'file', name: 'load', value: 3 };
  const fileCheck = { kind: 'FILE_CHECK', file: 'load' };
  const checked = configWith(1, 1, {
    virtualServers: [{ realServers: [{ checkers: [fileCheck] }] }] as unknown as Config['virtualServers'],
    trackers: { scripts: [], files: [{ name: 'load', path: '/load' }], processes: [], bfds: [] },
  });

  test('readings that a check follows, and no others', () => {
    const bench = new Bench().running(checked);
    bench.handle({ kind: 'childTrackers', role: 'script', readings: [file, down] });
    expect(bench.effects).toMatchObject([
      { role: 'vrrp', message: { readings: [file, down] } },
      { role: 'checker', message: { readings: [file] } },
    ]);
    bench.killed('checker');
    expect(bench.words(bench.started('checker'))).toEqual(['configureChild checker', 'trackers to checker']);
  });

  test('states of instances where the connection table is copied by one, also after a restart', () => {
    const lvs = { ...checked.globalDefs.lvs, syncDaemon: { interface: 'eth0', instance: 'VI_1', syncId: 1 } };
    const bench = new Bench().running({ ...checked, globalDefs: { ...checked.globalDefs, lvs } });
    bench.handle({ kind: 'childNotify', role: 'vrrp', events: [entered(1)] });
    expect(bench.effects).toContainEqual({
      kind: 'passOn',
      role: 'checker',
      message: { kind: 'notify', events: [entered(1)] },
    });
    bench.killed('checker');
    expect(bench.started('checker').at(-1)).toMatchObject({
      message: { kind: 'notify', events: [entered(1)] },
    });
  });
});

describe('the memory of a checker process', () => {
  const forwarding = { value: '1', previous: '0' };

  test('is given to its successor: services, verdicts, weights, changed sysctls and what operators hold, each as last told', () => {
    const bench = new Bench().running();
    const hold = { virtualServer: 'v', realServer: { address: address('10.0.0.7'), port: 80 } };
    const tell = (news: MemoryNews) => bench.handle({ kind: 'childRemember', role: 'checker', news });
    tell({
      verdicts: [
        ['a', 'up'],
        ['b', 'down'],
      ],
      weights: [['a', { set: 3 }]],
      sysctls: [['ipv4/ip_forward', forwarding]],
      holds: [hold],
    });
    tell({ verdicts: [['a', 'down']], weights: [['a', { set: 9 }]], ownedServices: [service] });
    bench.killed('checker');
    expect(bench.started('checker')).toContainEqual(
      expect.objectContaining({
        memory: {
          ownedServices: [service],
          holds: [hold],
          verdicts: new Map([
            ['a', 'down'],
            ['b', 'down'],
          ]),
          weights: new Map([['a', { set: 9 }]]),
          sysctls: new Map([['ipv4/ip_forward', forwarding]]),
        },
      }),
    );
  });

  test('loses what it is told to forget, and keeps the rest', () => {
    const bench = new Bench().running();
    const tell = (news: MemoryNews) => bench.handle({ kind: 'childRemember', role: 'checker', news });
    tell({
      verdicts: [
        ['a', 'up'],
        ['b', 'down'],
      ],
      weights: [['a', { set: 3 }]],
      sysctls: [['ipv4/ip_forward', forwarding]],
    });
    tell({
      verdicts: [['a', undefined]],
      weights: [
        ['a', undefined],
        ['b', undefined],
      ],
      sysctls: [['ipv4/ip_forward', undefined]],
    });
    expect(bench.state.checkerMemory).toEqual({ ...noMemory, verdicts: new Map([['b', 'down']]) });
  });

  test('is gone when it has released everything, save for what operators hold', () => {
    const bench = new Bench().running();
    const holds = [{ virtualServer: 'v', realServer: { address: address('10.0.0.7'), port: 80 } }];
    const told = { verdicts: [['a', 'up']], weights: [['a', { added: 1 }]], holds } as const;
    const news = { ...told, ownedServices: [service], sysctls: [['ipv4/ip_forward', forwarding]] } as const;
    bench.handle({ kind: 'childRemember', role: 'checker', news });
    bench.handle({ kind: 'reloadRequested' });
    bench.read(configWith(1, 0));
    bench.exited('checker', 0);
    expect(bench.state.checkerMemory).toEqual({ ...noMemory, holds });
  });

  test('is told by nobody else', () => {
    const bench = new Bench().running();
    bench.handle({ kind: 'childRemember', role: 'vrrp', news: { ownedServices: [service] } });
    expect(bench.state.checkerMemory.ownedServices).toEqual([]);
  });
});
