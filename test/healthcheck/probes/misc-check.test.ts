import { getEventListeners } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import type { CommandConfig, MiscCheckConfig } from '../../../src/config-parser/config.ts';
import { miscProbe } from '../../../src/healthcheck/probes/misc-check.ts';
import type { CommandEnd, CommandOptions } from '../../../src/healthcheck/probes/tools.ts';
import { miscCheck, timingWith } from './other-fixtures.ts';

interface FakeRun {
  readonly command: CommandConfig;
  readonly options: CommandOptions;
  readonly finish: (end: CommandEnd) => void;
  ends: number;
}

/** Programs whose end the test decides. */
function fakeRunner() {
  const runs: FakeRun[] = [];
  const runCommand = (command: CommandConfig, options: CommandOptions) => {
    let finish: FakeRun['finish'] = () => {};
    const finished = new Promise<CommandEnd>((resolve) => {
      finish = resolve;
    });
    const run = { command, options, finish, ends: 0 };
    runs.push(run);
    return {
      finished,
      end: () => {
        run.ends += 1;
      },
    };
  };
  return { runs, tools: { runCommand } };
}

const never = new AbortController().signal;

async function outcomeOf(end: CommandEnd, change: Partial<MiscCheckConfig> = {}) {
  const { runs, tools } = fakeRunner();
  const asked = miscProbe(miscCheck(['/bin/check', 'web01'], change), tools)(never);
  runs[0]?.finish(end);
  return asked;
}

function exited(status: number, output = ''): CommandEnd {
  return { kind: 'exited', status, output };
}

describe('the exit status', () => {
  test.each([
    [0, false, { kind: 'ok' }],
    [1, false, { kind: 'failed', reason: 'other', detail: 'The program exited with status 1.' }],
    [2, false, { kind: 'failed', reason: 'other', detail: 'The program exited with status 2.' }],
    [0, true, { kind: 'ok' }],
    [1, true, { kind: 'failed', reason: 'other', detail: 'The program exited with status 1.' }],
    [2, true, { kind: 'ok', weight: { set: 0 } }],
    [3, true, { kind: 'ok', weight: { set: 1 } }],
    [255, true, { kind: 'ok', weight: { set: 253 } }],
  ])('%i with misc_dynamic %s', async (status, isDynamic, expected) => {
    const { elapsedMs, phases, ...verdict } = (await outcomeOf(exited(status), { isDynamic })) as ProbeResult;
    expect(verdict).toEqual(expected);
    expect(phases).toEqual([{ name: 'run', ms: elapsedMs }]);
  });
});

type ProbeResult = { elapsedMs: number; phases?: readonly unknown[] };

describe('the reason of a failure', () => {
  test('quotes the last line that says something, bounded and harmless', async () => {
    expect(await outcomeOf(exited(3, 'first\nno route\tto web01\n \n'))).toMatchObject({
      detail: 'The program exited with status 3; it wrote "no route to web01".',
    });
    expect(await outcomeOf(exited(3, 'a\u001b[2Jb'))).toMatchObject({
      detail: 'The program exited with status 3; it wrote "a [2Jb".',
    });
    const long = await outcomeOf(exited(3, 'x'.repeat(5000)));
    expect(long.kind === 'failed' && long.detail).toBe(
      `The program exited with status 3; it wrote "${'x'.repeat(200)}...".`,
    );
  });

  test('names the signal that killed the program', async () => {
    expect(await outcomeOf({ kind: 'killed', signal: 'SIGSEGV', output: '' })).toMatchObject({
      kind: 'failed',
      reason: 'other',
      detail: 'The program was killed by SIGSEGV.',
    });
  });

  test('says why a program was not run at all', async () => {
    const message = "the program cannot be run: '/bin/check' does not exist";
    expect(await outcomeOf({ kind: 'not-started', message })).toMatchObject({
      kind: 'failed',
      detail: `The program was not run: ${message}.`,
    });
  });
});

test('the program has no longer than attempt_timeout where that is shorter than misc_timeout', () => {
  const { runs, tools } = fakeRunner();
  const limits = { timeoutMs: 5000, ...timingWith({ attemptTimeoutMs: 900 }) };
  void miscProbe(miscCheck(['/bin/check'], limits), tools)(never);
  expect(runs).toMatchObject([{ options: { timeoutMs: 900 } }]);
});

test('the program gets its arguments, its account and misc_timeout', async () => {
  const { runs, tools } = fakeRunner();
  const command = { argv: ['/bin/check', '$(rm -rf /)'], user: 'nobody', group: 'nogroup' };
  const asked = miscProbe(miscCheck([], { command, timeoutMs: 700 }), tools)(never);
  runs[0]?.finish(exited(0));
  await asked;
  expect(runs).toMatchObject([{ command, options: { timeoutMs: 700 } }]);
});

describe('a program that takes too long', () => {
  test('fails when its time is over, before it is gone', async () => {
    const { runs, tools } = fakeRunner();
    const asked = miscProbe(miscCheck(['/bin/check'], { timeoutMs: 700 }), tools)(never);
    runs[0]?.options.onTimeout();
    expect(await asked).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: 'The program did not end within 0.7 s and is ended.',
    });
  });

  test('is not run again beside itself, but as soon as it is gone', async () => {
    const { runs, tools } = fakeRunner();
    const probe = miscProbe(miscCheck(['/bin/check']), tools);
    const first = probe(never);
    runs[0]?.options.onTimeout();
    await first;
    const second = probe(never);
    await Promise.resolve();
    expect(runs).toHaveLength(1);
    runs[0]?.finish({ kind: 'ended', output: '' });
    await vi.waitFor(() => expect(runs).toHaveLength(2));
    runs[1]?.finish(exited(0));
    expect(await second).toMatchObject({ kind: 'ok' });
  });

  test('and cannot be ended fails the next run too, which does not start', async () => {
    const { runs, tools } = fakeRunner();
    const probe = miscProbe(miscCheck(['/bin/check'], { timeoutMs: 30 }), tools);
    const first = probe(never);
    runs[0]?.options.onTimeout();
    await first;
    expect(await probe(never)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: 'The program of an earlier run has not ended in 0.03 s more, so it was not run again.',
    });
    runs[0]?.finish({ kind: 'ended', output: '' });
    await Promise.resolve();
    expect(runs).toHaveLength(1);
  });
});

describe('an abort', () => {
  test('ends the program and the probe at once', async () => {
    const { runs, tools } = fakeRunner();
    const controller = new AbortController();
    const asked = miscProbe(miscCheck(['/bin/check']), tools)(controller.signal);
    controller.abort();
    expect(await asked).toMatchObject({ kind: 'inconclusive', detail: 'The check was stopped.' });
    expect(runs[0]?.ends).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('while an earlier program is waited for starts nothing later', async () => {
    const { runs, tools } = fakeRunner();
    const probe = miscProbe(miscCheck(['/bin/check']), tools);
    const first = probe(never);
    runs[0]?.options.onTimeout();
    await first;
    const controller = new AbortController();
    const second = probe(controller.signal);
    controller.abort();
    expect(await second).toMatchObject({ kind: 'inconclusive' });
    runs[0]?.finish({ kind: 'ended', output: '' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toHaveLength(1);
  });

  test('before it began runs nothing', async () => {
    const { runs, tools } = fakeRunner();
    await miscProbe(miscCheck(['/bin/check']), tools)(AbortSignal.abort());
    expect(runs).toEqual([]);
  });
});
