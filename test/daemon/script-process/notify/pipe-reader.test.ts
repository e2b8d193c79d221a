import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommandResult, RunningCommand } from '../../../../src/daemon/commands/index.ts';
import { PipeReader } from '../../../../src/daemon/script-process/notify/pipe-reader.ts';

/** When each was started, and how to end the last one. */
let startedAtMs: number[];
let finish: (result: CommandResult) => void;
let endings: number;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  startedAtMs = [];
  endings = 0;
  said = [];
});

afterEach(() => {
  vi.useRealTimers();
});

const runner = {
  run: (): RunningCommand => {
    startedAtMs.push(performance.now());
    const finished = new Promise<CommandResult>((resolve) => {
      finish = resolve;
    });
    const end = () => {
      endings += 1;
      finish({ kind: 'ended', output: '' });
    };
    return { pid: 1, finished, end, kill: end };
  },
};

function newReader(): PipeReader {
  const log = ({ message }: { message: string }) => void said.push(message);
  return new PipeReader({ argv: ['/reader'] }, '/pipe', { runner, log, nowMs: () => performance.now() });
}

const died: CommandResult = { kind: 'exited', status: 1, output: '' };

describe('the reader of a pipe', () => {
  it('that lived for a minute is started again at once', async () => {
    newReader();
    for (let death = 1; death <= 3; death += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      finish(died);
      await vi.advanceTimersByTimeAsync(0);
      expect(startedAtMs).toHaveLength(death + 1);
    }
  });

  it('that dies at once waits 0, 1, 2, 4 seconds', async () => {
    newReader();
    const pausesMs: number[] = [];
    for (let death = 0; death < 4; death += 1) {
      const diedAtMs = performance.now();
      finish(died);
      await vi.advanceTimersToNextTimerAsync();
      pausesMs.push((startedAtMs.at(-1) ?? 0) - diedAtMs);
    }
    expect(pausesMs).toEqual([0, 1000, 2000, 4000]);
    expect(said.at(-1)).toBe(
      'Reader "/reader" of named pipe /pipe ended with status 1; started again in 4 s',
    );
  });

  it('that cannot be started is tried again too, without a word of its own', async () => {
    newReader();
    const problem = { kind: 'not-found', severity: 'refused', message: 'no' } as const;
    finish({ kind: 'not-started', problem });
    await vi.advanceTimersByTimeAsync(0);
    expect(startedAtMs).toHaveLength(2);
    expect(said).toEqual([]);
  });

  it('is not started again once it was stopped, running or waiting', async () => {
    await newReader().stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect([startedAtMs.length, endings]).toEqual([1, 1]);

    const dead = newReader();
    finish(died);
    await vi.advanceTimersByTimeAsync(0);
    finish(died);
    await vi.advanceTimersByTimeAsync(500);
    await dead.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(startedAtMs).toHaveLength(3);
  });
});
