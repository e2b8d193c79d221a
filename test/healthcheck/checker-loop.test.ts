import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckerTiming } from '../../src/config-parser/config.ts';
import { waitUntil } from '../../src/daemon/checker-process/wait-until.ts';
import {
  type CheckerLoop,
  type CheckerState,
  type ProbeOutcome,
  runChecker,
} from '../../src/healthcheck/index.ts';
import { tutorialTiming } from './fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = ProbeOutcome['kind'];

/** A loop whose probes answer as told and take `probeMs`; times are counted from the loop's start. */
function startLoop(options: {
  answers: Answer[];
  timing?: Partial<CheckerTiming>;
  state?: CheckerState;
  random?: number;
  probeMs?: number;
}) {
  const startMs = performance.now();
  const controller = new AbortController();
  const probedAt: number[] = [];
  const setbacks: string[] = [];
  const verdicts: [number, CheckerState][] = [];
  const elapsed = () => Math.round(performance.now() - startMs);
  const probe = async (): Promise<ProbeOutcome> => {
    probedAt.push(elapsed());
    const kind = options.answers.shift() ?? 'ok';
    if (options.probeMs) await new Promise((resolve) => setTimeout(resolve, options.probeMs));
    const elapsedMs = options.probeMs ?? 0;
    return kind === 'failed'
      ? { kind, reason: 'refused', detail: 'Refused.', elapsedMs }
      : kind === 'ok'
        ? { kind, elapsedMs }
        : { kind, detail: 'No port.', elapsedMs };
  };
  const loop: CheckerLoop = {
    timing: { ...tutorialTiming, ...options.timing },
    state: options.state ?? 'up',
    signal: controller.signal,
    onProbe: (outcome, state) => {
      if (outcome.kind !== 'ok') setbacks.push(`${outcome.kind} while ${state}`);
    },
    onVerdict: (next) => verdicts.push([elapsed(), next]),
  };
  const ended = runChecker(loop, {
    probe,
    waitUntil,
    nowMs: () => performance.now(),
    random: () => options.random ?? 0,
  });
  return { controller, probedAt, setbacks, verdicts, ended };
}

const failed = (count: number): Answer[] => Array<Answer>(count).fill('failed');

describe('a server that is up', () => {
  test('is probed every delay_loop after a first wait of 1 s', async () => {
    const loop = startLoop({ answers: [] });
    await vi.advanceTimersByTimeAsync(19_500);
    expect(loop.probedAt).toEqual([1000, 7000, 13_000, 19_000]);
    expect(loop.verdicts).toEqual([]);
  });

  test('is probed at a steady pace though each probe takes time', async () => {
    const loop = startLoop({ answers: [], probeMs: 250 });
    await vi.advanceTimersByTimeAsync(19_500);
    expect(loop.probedAt).toEqual([1000, 7000, 13_000, 19_000]);
  });

  test('that answers more slowly than delay_loop is probed again at once, and never twice at a time', async () => {
    const loop = startLoop({ answers: [], probeMs: 7000 });
    await vi.advanceTimersByTimeAsync(16_000);
    expect(loop.probedAt).toEqual([1000, 8000, 15_000]);
  });

  test('goes down after retry + 1 failures in a row, delay_before_retry apart', async () => {
    const loop = startLoop({ answers: failed(4) });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(loop.probedAt).toEqual([1000, 4000, 7000, 10_000]);
    expect(loop.verdicts).toEqual([[10_000, 'down']]);
    expect(loop.setbacks).toEqual(Array(4).fill('failed while up'));
  });

  test('stays up after retry failures and a success, and is granted all retries again', async () => {
    const loop = startLoop({ answers: [...failed(3), 'ok', ...failed(3), 'ok'] });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(loop.probedAt).toEqual([1000, 4000, 7000, 10_000, 16_000, 19_000, 22_000, 25_000]);
    expect(loop.verdicts).toEqual([]);
  });

  test('goes down at the first failure when retry is 0', async () => {
    const loop = startLoop({ answers: failed(1), timing: { retry: 0 } });
    await vi.advanceTimersByTimeAsync(1500);
    expect(loop.verdicts).toEqual([[1000, 'down']]);
  });

  test('is retried without waiting when delay_before_retry is 0', async () => {
    const loop = startLoop({ answers: failed(4), timing: { delayBeforeRetryMs: 0 } });
    await vi.advanceTimersByTimeAsync(1500);
    expect(loop.probedAt).toEqual([1000, 1000, 1000, 1000]);
    expect(loop.verdicts).toEqual([[1000, 'down']]);
  });

  test('stays up when this host could not ask, and is asked again a delay_loop later', async () => {
    const loop = startLoop({ answers: ['inconclusive', 'ok'] });
    await vi.advanceTimersByTimeAsync(7500);
    expect(loop.probedAt).toEqual([1000, 7000]);
    expect(loop.setbacks).toEqual(['inconclusive while up']);
    expect(loop.verdicts).toEqual([]);
  });
});

test('a server assumed up goes down with its first failure, without retries', async () => {
  const loop = startLoop({ answers: failed(1), state: 'assumedUp' });
  await vi.advanceTimersByTimeAsync(2000);
  expect(loop.verdicts).toEqual([[1000, 'down']]);
});

test('a server assumed up is up after its first success and then granted retries', async () => {
  const loop = startLoop({ answers: ['ok', ...failed(4)], state: 'assumedUp' });
  await vi.advanceTimersByTimeAsync(17_000);
  expect(loop.verdicts).toEqual([
    [1000, 'up'],
    [16_000, 'down'],
  ]);
});

test('a server with alpha stays down after its first failure and comes up with one success', async () => {
  const loop = startLoop({ answers: ['failed', 'ok'], state: 'assumedDown' });
  await vi.advanceTimersByTimeAsync(8000);
  expect(loop.verdicts).toEqual([
    [1000, 'down'],
    [7000, 'up'],
  ]);
});

test('a server that is down is probed once every delay_loop, without retries', async () => {
  const loop = startLoop({ answers: failed(9), state: 'down' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(loop.probedAt).toEqual([1000, 7000, 13_000, 19_000]);
  expect(loop.verdicts).toEqual([]);
});

test('the first probe waits a random part of the warmup longer', async () => {
  const loop = startLoop({ answers: [], random: 0.5 });
  await vi.advanceTimersByTimeAsync(4500);
  expect(loop.probedAt).toEqual([4000]);
});

test('a delay_loop longer than a timer can hold does not make the loop spin', async () => {
  const loop = startLoop({ answers: [], timing: { delayLoopMs: 2 ** 32 } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(loop.probedAt).toEqual([1000]);
});

describe('an aborted loop', () => {
  test('ends while it waits for the next attempt, and probes no more', async () => {
    const loop = startLoop({ answers: [] });
    await vi.advanceTimersByTimeAsync(1500);
    loop.controller.abort();
    await loop.ended;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loop.probedAt).toEqual([1000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends while it waits for a retry, without a verdict', async () => {
    const loop = startLoop({ answers: failed(9) });
    await vi.advanceTimersByTimeAsync(2000);
    loop.controller.abort();
    await loop.ended;
    expect(loop.probedAt).toEqual([1000]);
    expect(loop.verdicts).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives no verdict for a probe that was under way', async () => {
    const loop = startLoop({ answers: failed(1), state: 'assumedUp', probeMs: 1000 });
    await vi.advanceTimersByTimeAsync(1500);
    loop.controller.abort();
    await vi.advanceTimersByTimeAsync(1000);
    await loop.ended;
    expect(loop.verdicts).toEqual([]);
    expect(loop.setbacks).toEqual([]);
  });
});

test('a mistake of ours inside a probe is not taken for a dead server', async () => {
  const ended = runChecker(
    {
      timing: tutorialTiming,
      state: 'up',
      signal: new AbortController().signal,
      onProbe: () => {},
      onVerdict: () => {},
    },
    {
      probe: () => Promise.reject(new Error('ours')),
      waitUntil,
      nowMs: () => performance.now(),
      random: () => 0,
    },
  );
  const outcome = expect(ended).rejects.toThrow('ours');
  await vi.advanceTimersByTimeAsync(1500);
  await outcome;
});
