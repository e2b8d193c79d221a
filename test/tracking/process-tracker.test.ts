import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  initialProcesses,
  matchesProcess,
  needsCommandLine,
  type ProcessEvent,
  type ProcessFacts,
  type ProcessPattern,
  type ProcessQuorum,
  stepProcesses,
} from '../../src/tracking/index.ts';

function pattern(command: readonly string[], rest: Partial<ProcessPattern> = {}): ProcessPattern {
  return { command, fullCommand: false, ...rest };
}

const haproxy: ProcessFacts = {
  name: 'haproxy',
  commandLine: ['/usr/sbin/haproxy', '-Ws', '-f', '/etc/haproxy.cfg'],
  executable: '/usr/sbin/haproxy',
};
const plainShell: ProcessFacts = { name: 'sh', commandLine: ['sh'], executable: '/usr/bin/dash' };

describe('a process pattern', () => {
  it.each([
    ['a name', pattern(['haproxy']), true],
    ['the beginning of a name', pattern(['hap']), false],
    ['a path', pattern(['/usr/sbin/haproxy']), true],
    ['another path of that name', pattern(['/opt/haproxy']), false],
    ['a name with the full command line', pattern(['haproxy'], { fullCommand: true }), false],
    ['the path with the full command line', pattern(['/usr/sbin/haproxy'], { fullCommand: true }), true],
    ['all its arguments', pattern(['/usr/sbin/haproxy', '-Ws', '-f', '/etc/haproxy.cfg']), true],
    ['some of its arguments', pattern(['/usr/sbin/haproxy', '-Ws']), false],
    [
      'partial: some of its arguments',
      pattern(['/usr/sbin/haproxy', '-Ws', '-f'], { parameterMatch: 'partial' }),
      true,
    ],
    ['partial: half an argument', pattern(['/usr/sbin/haproxy', '-W'], { parameterMatch: 'partial' }), false],
    ['partial: no argument', pattern(['/usr/sbin/haproxy'], { parameterMatch: 'partial' }), true],
    [
      'initial: half an argument',
      pattern(['/usr/sbin/haproxy', '-Ws', '-f', '/etc/'], { parameterMatch: 'initial' }),
      true,
    ],
    [
      'initial: half of one that is not the last',
      pattern(['/usr/sbin/haproxy', '-W', '-f'], { parameterMatch: 'initial' }),
      false,
    ],
    ['initial: no argument', pattern(['/usr/sbin/haproxy'], { parameterMatch: 'initial' }), true],
    [
      'initial: more arguments than there are',
      pattern(['/usr/sbin/haproxy', '-Ws', '-f', '/etc/haproxy.cfg', '']),
      false,
    ],
    ['none', pattern(['/usr/sbin/haproxy'], { parameterMatch: 'none' }), false],
  ])('of %s: %#', (_what, wanted, matches) => {
    expect(matchesProcess(wanted, haproxy)).toBe(matches);
  });

  it('of none matches a process without arguments', () => {
    expect(matchesProcess(pattern(['sh'], { parameterMatch: 'none' }), plainShell)).toBe(true);
  });

  it('of a path matches the file of a process that names itself otherwise', () => {
    const facts = { name: 'nginx', commandLine: ['nginx: master process'], executable: '/usr/sbin/nginx' };
    expect(matchesProcess(pattern(['/usr/sbin/nginx']), facts)).toBe(true);
    expect(matchesProcess(pattern(['/usr/sbin/nginx'], { fullCommand: true }), facts)).toBe(true);
  });

  it('of a long name matches what the kernel keeps of it', () => {
    const facts = { name: 'holdfast_checke', commandLine: ['node'] };
    expect(matchesProcess(pattern(['holdfast_checkers']), facts)).toBe(true);
  });

  it('never matches a process that has no name and no command line', () => {
    const gone = { name: '', commandLine: [] };
    expect(matchesProcess(pattern(['x']), gone)).toBe(false);
    expect(matchesProcess(pattern(['/x'], { parameterMatch: 'partial' }), gone)).toBe(false);
  });

  it('needs the command line only where a name is not enough', () => {
    expect(needsCommandLine(pattern(['haproxy']))).toBe(false);
    expect(needsCommandLine(pattern(['haproxy', '-x']))).toBe(true);
    expect(needsCommandLine(pattern(['/usr/sbin/haproxy']))).toBe(true);
    expect(needsCommandLine(pattern(['haproxy'], { parameterMatch: 'none' }))).toBe(true);
  });
});

const one: ProcessQuorum = { quorum: 1, forkDelayMs: 0, terminateDelayMs: 0 };

function tracker(quorum: Partial<ProcessQuorum> = {}) {
  const config = { ...one, ...quorum };
  let state = initialProcesses;
  const feed = (event: ProcessEvent, nowMs: number) => {
    const { next, effects } = stepProcesses(config, state, event, nowMs);
    state = next;
    return effects.map(({ isUp }) => isUp);
  };
  return {
    feed,
    scan: (pids: readonly number[], nowMs = 0) => feed({ kind: 'scanned', pids: new Set(pids) }, nowMs),
    start: (pid: number, nowMs = 0) => feed({ kind: 'started', pid }, nowMs),
    end: (pid: number, nowMs = 0) => feed({ kind: 'ended', pid }, nowMs),
    tick: (nowMs: number) => feed({ kind: 'timeout' }, nowMs),
    state: () => state,
  };
}

describe('a process tracker', () => {
  it('tells at the first look, without any delay', () => {
    expect(tracker({ forkDelayMs: 500 }).scan([7])).toEqual([true]);
    expect(tracker({ terminateDelayMs: 500 }).scan([])).toEqual([false]);
  });

  it('is up while there are at least quorum', () => {
    const processes = tracker({ quorum: 2 });
    expect(processes.scan([1])).toEqual([false]);
    expect(processes.start(2)).toEqual([true]);
    expect(processes.start(3)).toEqual([]);
    expect(processes.end(1)).toEqual([]);
    expect(processes.end(3)).toEqual([false]);
  });

  it('is down while there are more than quorum_max', () => {
    const processes = tracker({ quorumMax: 1 });
    expect(processes.scan([1])).toEqual([true]);
    expect(processes.start(2)).toEqual([false]);
    expect(processes.end(1)).toEqual([true]);
  });

  it('is up with quorum_max 0 while none runs', () => {
    const processes = tracker({ quorumMax: 0 });
    expect(processes.scan([])).toEqual([true]);
    expect(processes.start(2)).toEqual([false]);
  });

  it('counts no process twice', () => {
    const processes = tracker({ quorum: 2 });
    processes.scan([1]);
    expect(processes.start(1)).toEqual([]);
    expect(processes.end(99)).toEqual([]);
  });

  it('waits for terminate_delay, in which a new one may come', () => {
    const processes = tracker({ terminateDelayMs: 300 });
    processes.scan([1]);
    expect(processes.end(1, 1000)).toEqual([]);
    expect(processes.state().changesAtMs).toBe(1300);
    expect(processes.start(2, 1200)).toEqual([]);
    expect(processes.state().changesAtMs).toBeUndefined();
    expect(processes.tick(1300)).toEqual([]);
    processes.end(2, 2000);
    expect(processes.tick(2299)).toEqual([]);
    expect(processes.tick(2300)).toEqual([false]);
  });

  it('waits for fork_delay, for those that fork and end', () => {
    const processes = tracker({ quorumMax: 1, forkDelayMs: 100 });
    processes.scan([1]);
    expect(processes.start(2, 0)).toEqual([]);
    expect(processes.end(1, 50)).toEqual([]);
    expect(processes.tick(100)).toEqual([]);
    expect(processes.start(3, 200)).toEqual([]);
    expect(processes.tick(300)).toEqual([false]);
  });

  it('counts a delay from the first change on', () => {
    const processes = tracker({ quorum: 3, terminateDelayMs: 300 });
    processes.scan([1, 2, 3]);
    processes.end(1, 0);
    processes.end(2, 200);
    expect(processes.tick(300)).toEqual([false]);
  });

  it('takes over what a later look finds', () => {
    const processes = tracker();
    processes.scan([1]);
    expect(processes.scan([], 10)).toEqual([false]);
    expect(processes.scan([5, 6], 20)).toEqual([true]);
  });

  it('agrees with the quorum once all delays are over, whatever came before', () => {
    const event = fc.record({
      kind: fc.constantFrom('started' as const, 'ended' as const),
      pid: fc.integer({ min: 1, max: 4 }),
      afterMs: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(event), fc.integer({ min: 1, max: 3 }), (events, quorum) => {
        const processes = tracker({ quorum, forkDelayMs: 30, terminateDelayMs: 20 });
        processes.scan([1, 2]);
        let nowMs = 0;
        for (const { kind, pid, afterMs } of events) {
          nowMs += afterMs;
          processes.tick(nowMs);
          processes.feed({ kind, pid }, nowMs);
        }
        processes.tick(nowMs + 100);
        expect(processes.state().isUp).toBe(processes.state().pids.size >= quorum);
        expect(processes.state().changesAtMs).toBeUndefined();
      }),
    );
  });
});
