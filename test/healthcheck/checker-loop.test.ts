import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckerConfig, CheckerTiming } from '../../src/config-parser/config.ts';
import { Timers } from '../../src/daemon/checker-process/timers.ts';
import { type CheckerState, type ProbeOutcome, startChecker } from '../../src/healthcheck/index.ts';
import { fileCheck, httpCheck, tcpCheck, tutorialTiming } from './fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = ProbeOutcome['kind'];

function ports(change: { random?: number; onMistake?: (error: unknown) => void } = {}) {
  const timers = new Timers(() => performance.now());
  return {
    nowMs: () => performance.now(),
    callAt: (atMs: number, run: () => void) => timers.callAt(atMs, run),
    random: () => change.random ?? 0,
    onMistake:
      change.onMistake ??
      ((error: unknown) => {
        throw error;
      }),
  };
}

/** A loop whose probes answer as told and take `probeMs`; times are counted from the loop's start. */
function startLoop(options: {
  answers: Answer[];
  checker?: CheckerConfig;
  timing?: Partial<CheckerTiming>;
  state?: CheckerState;
  isResumed?: boolean;
  random?: number;
  probeMs?: number;
  follow?: (changed: () => void) => () => void;
}) {
  const startMs = performance.now();
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
  const checker = options.checker ?? tcpCheck('10.0.0.7', 80);
  const stop = startChecker(
    {
      checker: { ...checker, timing: { ...checker.timing, ...options.timing } },
      probe,
      state: options.state ?? 'up',
      isResumed: options.isResumed ?? false,
      ...(options.follow !== undefined && { follow: options.follow }),
      onProbe: (outcome, state) => {
        if (outcome.kind !== 'ok') setbacks.push(`${outcome.kind} while ${state}`);
      },
      onVerdict: (next) => verdicts.push([elapsed(), next]),
    },
    ports(options.random === undefined ? {} : { random: options.random }),
  );
  return { stop, probedAt, setbacks, verdicts };
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

  test('that answers more slowly than delay_loop is probed again within a millisecond, and never twice at a time', async () => {
    const loop = startLoop({ answers: [], probeMs: 7000 });
    await vi.advanceTimersByTimeAsync(16_000);
    expect(loop.probedAt).toEqual([1000, 8001, 15_002]);
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

test('checks that go on after a rest wait for their part of the warmup alone', async () => {
  const loop = startLoop({ answers: [], random: 0.5, isResumed: true });
  await vi.advanceTimersByTimeAsync(3500);
  expect(loop.probedAt).toEqual([3000]);
});

describe('a web server that has failed', () => {
  test('comes back with its second good answer, a delay_loop after the first', async () => {
    const loop = startLoop({
      answers: ['failed', 'ok', 'ok'],
      checker: httpCheck('10.0.0.7'),
      state: 'down',
    });
    await vi.advanceTimersByTimeAsync(14_000);
    expect(loop.probedAt).toEqual([1000, 7000, 13_000]);
    expect(loop.verdicts).toEqual([[13_000, 'up']]);
  });

  test('begins anew when it fails between the two', async () => {
    const answers: Answer[] = ['ok', 'failed', 'ok', 'inconclusive', 'ok'];
    const loop = startLoop({ answers, checker: httpCheck('10.0.0.7'), state: 'down' });
    await vi.advanceTimersByTimeAsync(26_000);
    expect(loop.verdicts).toEqual([[25_000, 'up']]);
  });

  test('comes back with one good answer where fast_recovery is set', async () => {
    const checker = httpCheck('10.0.0.7', { fastRecovery: true });
    const loop = startLoop({ answers: ['ok'], checker, state: 'down' });
    await vi.advanceTimersByTimeAsync(1500);
    expect(loop.verdicts).toEqual([[1000, 'up']]);
  });

  test('with alpha needs one good answer at start, since nothing has shown it to fail', async () => {
    const loop = startLoop({ answers: ['ok'], checker: httpCheck('10.0.0.7'), state: 'assumedDown' });
    await vi.advanceTimersByTimeAsync(1500);
    expect(loop.verdicts).toEqual([[1000, 'up']]);
  });

  test('is asked again no sooner than delay_before_retry', async () => {
    const loop = startLoop({
      answers: ['failed', 'failed'],
      checker: httpCheck('10.0.0.7'),
      state: 'down',
      timing: { delayBeforeRetryMs: 8000 },
    });
    await vi.advanceTimersByTimeAsync(18_000);
    expect(loop.probedAt).toEqual([1000, 9000, 17_000]);
  });
});

test('a server that flaps with every check goes down and up in turn', async () => {
  const answers: Answer[] = ['failed', 'ok', 'failed', 'ok'];
  const loop = startLoop({ answers, timing: { retry: 0 } });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(loop.verdicts.map(([, state]) => state)).toEqual(['down', 'up', 'down', 'up']);
});

describe('a checker that is told and not polled', () => {
  function follow() {
    const followers = new Set<() => void>();
    return {
      tell: () => {
        for (const changed of followers) changed();
      },
      count: () => followers.size,
      follow: (changed: () => void) => {
        followers.add(changed);
        return () => followers.delete(changed);
      },
    };
  }

  test('is asked at once and at every change, and takes the first answer without retries', async () => {
    const source = follow();
    const answers: Answer[] = ['inconclusive', 'failed', 'ok'];
    const loop = startLoop({ answers, checker: fileCheck('f'), follow: source.follow });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([loop.probedAt, loop.verdicts]).toEqual([[0], []]);
    source.tell();
    await vi.advanceTimersByTimeAsync(10);
    source.tell();
    await vi.advanceTimersByTimeAsync(0);
    expect(loop.verdicts).toEqual([
      [60_000, 'down'],
      [60_010, 'up'],
    ]);
  });

  test('follows no longer when it is stopped, and reports no answer that is under way', async () => {
    const source = follow();
    const loop = startLoop({ answers: ['failed'], checker: fileCheck('f'), follow: source.follow });
    loop.stop();
    await vi.advanceTimersByTimeAsync(10);
    expect([source.count(), loop.verdicts]).toEqual([0, []]);
  });
});

describe('a stopped loop', () => {
  test('ends while it waits for the next attempt, and probes no more', async () => {
    const loop = startLoop({ answers: [] });
    await vi.advanceTimersByTimeAsync(1500);
    loop.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loop.probedAt).toEqual([1000]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends while it waits for a retry, without a verdict', async () => {
    const loop = startLoop({ answers: failed(9) });
    await vi.advanceTimersByTimeAsync(2000);
    loop.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loop.probedAt).toEqual([1000]);
    expect(loop.verdicts).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('gives no verdict for a probe that was under way', async () => {
    const loop = startLoop({ answers: failed(1), state: 'assumedUp', probeMs: 1000 });
    await vi.advanceTimersByTimeAsync(1500);
    loop.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(loop.verdicts).toEqual([]);
    expect(loop.setbacks).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a mistake of ours inside a probe is not taken for a dead server', async () => {
  const mistakes: unknown[] = [];
  const verdicts: CheckerState[] = [];
  startChecker(
    {
      checker: tcpCheck('10.0.0.7', 80, { timing: tutorialTiming }),
      probe: () => Promise.reject(new Error('ours')),
      state: 'up',
      onProbe: () => {},
      onVerdict: (next) => verdicts.push(next),
    },
    ports({ onMistake: (error) => mistakes.push(error) }),
  );
  await vi.advanceTimersByTimeAsync(1500);
  expect(mistakes).toEqual([new Error('ours')]);
  expect(verdicts).toEqual([]);
});
