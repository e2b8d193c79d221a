/** How process events are followed; the events are made up, the processes real. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TrackProcessConfig } from '../../../src/config-parser/config.ts';
import { nameInStat, splitCommandLine } from '../../../src/daemon/script-process/process-facts.ts';
import { TrackProcesses } from '../../../src/daemon/script-process/track-processes.ts';
import { nowMs } from '../../../src/kernel/clock.ts';
import type { ProcConnectorOptions } from '../../../src/kernel/proc-connector.ts';
import { until } from '../commands/scripts.ts';

vi.setConfig({ testTimeout: 30_000 });

const children: ChildProcess[] = [];
let tracked: TrackProcesses | undefined;

afterEach(() => {
  tracked?.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Of each test its own: what an earlier one has killed may still be seen for a moment. */
let program = '';
let tests = 0;

beforeEach(() => {
  tests += 1;
  program = `/tmp/holdfast-events-${process.pid}-${tests}`;
});

function sleep(argv0 = program): number {
  const child = spawn('sleep', ['60'], { argv0, stdio: 'ignore' });
  children.push(child);
  return child.pid ?? 0;
}

function start(given: Partial<TrackProcessConfig> = {}, ready: Promise<void> | Error = Promise.resolve()) {
  const told: boolean[] = [];
  const messages: string[] = [];
  let opened: ProcConnectorOptions | undefined;
  let closed = 0;
  const trackers = new TrackProcesses({
    nowMs,
    log: ({ message }) => messages.push(message),
    tell: (reading) => told.push('isUp' in reading && reading.isUp),
    openConnector: (options) => {
      if (ready instanceof Error) throw ready;
      opened = options;
      return { ready, close: () => (closed += 1) };
    },
  });
  tracked = trackers;
  const config = {
    name: 'p',
    command: [program],
    fullCommand: true,
    quorum: 1,
    forkDelayMs: 0,
    terminateDelayMs: 0,
    ...given,
  };
  trackers.apply([config]);
  const kernel = () => {
    if (opened === undefined) throw new Error('the connector was never opened');
    return opened;
  };
  return { told, messages, kernel, trackers, config, closed: () => closed };
}

describe('process trackers', () => {
  it('count the copy of a process that counts, until it is another program', () => {
    const pid = sleep();
    const { told, kernel } = start({ quorum: 2 });
    const other = sleep('something-else');
    kernel().onEvent({ kind: 'forked', parent: 1, pid: 5 });
    expect(told).toEqual([false]);
    kernel().onEvent({ kind: 'forked', parent: pid, pid: other });
    expect(told).toEqual([false, true]);
    kernel().onEvent({ kind: 'executed', pid: other });
    expect(told).toEqual([false, true, false]);
  });

  it('count a program that is gone before it is looked at as none', () => {
    const { told, kernel } = start();
    kernel().onEvent({ kind: 'executed', pid: 0x3fff_ffff });
    expect(told).toEqual([false]);
  });

  it('follow a new name where the name is what counts', () => {
    const { told, kernel } = start({ command: ['holdfast-renamed'], fullCommand: false });
    kernel().onEvent({ kind: 'renamed', pid: 77, name: 'holdfast-renam' });
    expect(told).toEqual([false]);
    kernel().onEvent({ kind: 'renamed', pid: 77, name: 'holdfast-rename' });
    expect(told).toEqual([false, true]);
    kernel().onEvent({ kind: 'renamed', pid: 77, name: 'x' });
    expect(told).toEqual([false, true, false]);
  });

  it('look again after a loss, once for many', async () => {
    const { told, kernel, messages } = start();
    sleep();
    for (let i = 0; i < 5; i += 1) kernel().onLost(new Error('ENOBUFS'));
    await until(() => told.length === 2);
    expect(told).toEqual([false, true]);
    expect(messages.filter((text) => text.startsWith('Process events were lost'))).toHaveLength(1);
  });

  it.each([
    ['at once', () => new Error('EPROTONOSUPPORT'), 0],
    ['later', () => Promise.reject(new Error('EPROTONOSUPPORT')), 1],
  ])(
    'look every second where the kernel refuses %s, which is said once',
    async (_when, refuse, timesClosed) => {
      const { told, messages, trackers, config, closed } = start({}, refuse());
      sleep();
      await until(() => told.length === 2);
      trackers.apply([{ ...config, quorum: 3 }]);
      expect(messages.filter((text) => text.includes('no kernel support for track_process'))).toEqual([
        'no kernel support for track_process here (EPROTONOSUPPORT): processes are looked for every second instead',
      ]);
      expect(closed()).toBe(timesClosed);
    },
  );

  it('let the kernel be when nothing is tracked any more', () => {
    const { trackers, closed } = start();
    trackers.apply([]);
    expect(closed()).toBe(1);
  });
});

describe('what proc(5) says', () => {
  it.each([
    ['12 (sh) S 1', 'sh'],
    ['12 (a) (b) R 1', 'a) (b'],
    ['12 (gone) Z 1', ''],
    ['', ''],
  ])('%j names "%s"', (text, name) => {
    expect(nameInStat(text)).toBe(name);
  });

  it('keeps empty arguments', () => {
    expect(splitCommandLine('a\0\0b\0')).toEqual(['a', '', 'b']);
    expect(splitCommandLine('a\0')).toEqual(['a']);
    expect(splitCommandLine('')).toEqual([]);
  });
});
