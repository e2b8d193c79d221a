/** The formulas against the checker itself, on a virtual clock, for a server that changes at many moments between two checks. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckerConfig } from '../../src/config-parser/config.ts';
import { Timers } from '../../src/daemon/checker-process/timers.ts';
import {
  type CheckerState,
  type ProbeOutcome,
  slowestDetectionMs,
  slowestFirstVerdictMs,
  slowestRecoveryMs,
  startChecker,
} from '../../src/healthcheck/index.ts';
import { httpCheck, tcpCheck } from './fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused: CheckerConfig = tcpCheck('10.0.0.7', 80);
const page: CheckerConfig = httpCheck('10.0.0.7');
const pageAtOnce: CheckerConfig = httpCheck('10.0.0.7', { fastRecovery: true });
const patientPage: CheckerConfig = httpCheck('10.0.0.7', {
  timing: { ...refused.timing, delayBeforeRetryMs: 9000 },
});
const checkers = [
  ['TCP_CHECK', refused],
  ['HTTP_GET', page],
  ['HTTP_GET with fast_recovery', pageAtOnce],
  ['HTTP_GET with delay_before_retry beyond delay_loop', patientPage],
] as const;

/** From the moment that the server changes until the verdict; an attempt that fails takes `failingMs`. */
async function verdictAfterMs(
  checker: CheckerConfig,
  state: CheckerState,
  changesAtMs: number,
  failingMs: number,
): Promise<number> {
  const startMs = performance.now();
  const elapsed = () => performance.now() - startMs;
  let verdictMs = Number.NaN;
  const probe = async (): Promise<ProbeOutcome> => {
    const isWell = elapsed() < changesAtMs === (state === 'up');
    if (isWell) return { kind: 'ok', elapsedMs: 0 };
    await new Promise((resolve) => setTimeout(resolve, failingMs));
    return { kind: 'failed', reason: 'timeout', detail: 'Nothing came.', elapsedMs: failingMs };
  };
  const timers = new Timers(() => performance.now());
  const stop = startChecker(
    {
      checker,
      probe,
      state,
      onProbe: () => {},
      onVerdict: () => {
        verdictMs = elapsed() - changesAtMs;
      },
    },
    {
      nowMs: () => performance.now(),
      callAt: (atMs, run) => timers.callAt(atMs, run),
      random: () => 0,
      onMistake: (error) => {
        throw error;
      },
    },
  );
  await vi.advanceTimersByTimeAsync(changesAtMs + 120_000);
  stop();
  return verdictMs;
}

const stepMs = 250;
const moments = Array.from({ length: 80 }, (_, index) => 20_000.5 + index * stepMs);

async function slowestSeenMs(checker: CheckerConfig, state: CheckerState, failingMs: number) {
  const seen: number[] = [];
  for (const moment of moments) seen.push(await verdictAfterMs(checker, state, moment, failingMs));
  return Math.max(...seen);
}

describe('the slowest verdict that chance allows is the one computed', () => {
  test.each(checkers)('%s: a server that begins to refuse', async (_, checker) => {
    const limitMs = slowestDetectionMs(checker, 0, 'all-at-once');
    const seenMs = await slowestSeenMs(checker, 'up', 0);
    expect(seenMs).toBeLessThanOrEqual(limitMs + 10);
    expect(seenMs).toBeGreaterThan(limitMs - 2 * stepMs);
  });

  test.each(checkers)('%s: a server that begins to answer nothing', async (_, checker) => {
    const limitMs = slowestDetectionMs(checker, 8000, 'all-at-once');
    const seenMs = await slowestSeenMs(checker, 'up', 8000);
    expect(seenMs).toBeLessThanOrEqual(limitMs + 50);
    expect(seenMs).toBeGreaterThan(limitMs - 2 * stepMs);
  });

  test.each(checkers)('%s: a silent server that answers again', async (_, checker) => {
    const limitMs = slowestRecoveryMs(checker, 'all-at-once');
    const seenMs = await slowestSeenMs(checker, 'down', 8000);
    expect(seenMs).toBeLessThanOrEqual(limitMs + 50);
    expect(seenMs).toBeGreaterThan(limitMs - 2 * stepMs);
  });
});

describe('where keepalived asks for one url a delay_loop', () => {
  const url = { path: '/', hostHeader: 'a', statusCodes: [{ first: 200, last: 200 }], tlsCompliant: false };
  const three = httpCheck('10.0.0.7', { urls: [url, url, url] });

  test('three urls make a failure three times delay_loop old before it is first seen', () => {
    expect(slowestDetectionMs(three, 0, 'one-a-delay-loop')).toBe(3 * 6000 + 3 * 3000);
    expect(slowestDetectionMs(three, 0, 'all-at-once')).toBe(6000 + 3 * 3000);
  });

  test('and need four successes to return, with fast_recovery one', () => {
    expect(slowestRecoveryMs(three, 'one-a-delay-loop')).toBe(8000 + 4 * 6000);
    expect(slowestRecoveryMs({ ...three, fastRecovery: true }, 'one-a-delay-loop')).toBe(8000 + 6000);
  });

  test('and three for a first verdict, after the first second and warmup', () => {
    expect(slowestFirstVerdictMs(three, 'one-a-delay-loop')).toBe(1000 + 6000 + 2 * 6000 + 8000);
    expect(slowestFirstVerdictMs(refused, 'one-a-delay-loop')).toBe(1000 + 6000 + 8000);
  });
});
