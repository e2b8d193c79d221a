import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  answerTimeoutMs,
  askOnce,
  noAnswer,
  sendOrClose,
  type Verdict,
} from '../../../src/healthcheck/probes/ask-once.ts';
import { timingWith } from './other-fixtures.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Finish = (verdict: Verdict) => void;

/** A question of 100 ms, and how often what it began was closed. */
function ask(begin: (finish: Finish) => void, onLastLook?: (finish: Finish) => void) {
  const controller = new AbortController();
  const seen = { closed: 0 };
  const onTimeout = () => ({ kind: 'ok' }) as const;
  const question = { signal: controller.signal, timeoutMs: 100, onTimeout, phase: 'reply' } as const;
  const asked = askOnce(question, (finish) => {
    begin(finish);
    const close = () => {
      seen.closed += 1;
    };
    return { close, receivePending: () => onLastLook?.(finish) };
  });
  return { asked, seen, controller };
}

function isLeftBehind({ controller }: ReturnType<typeof ask>): boolean {
  return vi.getTimerCount() > 0 || getEventListeners(controller.signal, 'abort').length > 0;
}

const bad: Verdict = { kind: 'failed', reason: 'other', detail: 'Bad.' };

describe('a question', () => {
  test('that is answered tells the verdict and the time, and nothing is left behind', async () => {
    const question = ask((finish) => setTimeout(() => finish(bad), 40));
    await vi.advanceTimersByTimeAsync(40);
    expect(await question.asked).toEqual({ ...bad, elapsedMs: 40, phases: [{ name: 'reply', ms: 40 }] });
    expect(question.seen.closed).toBe(1);
    expect(isLeftBehind(question)).toBe(false);
  });

  test('that is answered before it has wholly begun is closed all the same', async () => {
    const question = ask((finish) => finish(bad));
    expect(await question.asked).toMatchObject(bad);
    expect(question.seen.closed).toBe(1);
    expect(isLeftBehind(question)).toBe(false);
  });

  test('has one verdict: the first', async () => {
    const question = ask((finish) => {
      setTimeout(() => finish(bad), 10);
      setTimeout(() => finish({ kind: 'ok' }), 20);
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(await question.asked).toMatchObject(bad);
    expect(question.seen.closed).toBe(1);
  });

  test('ends with its time', async () => {
    const question = ask(() => {});
    await vi.advanceTimersByTimeAsync(100);
    expect(await question.asked).toMatchObject({ kind: 'ok', elapsedMs: 100 });
    expect(question.seen.closed).toBe(1);
    expect(isLeftBehind(question)).toBe(false);
  });

  test('is not over before its time, also where a timer fires early', async () => {
    const startedAtMs = performance.now();
    const question = ask(() => {});
    const clock = vi.spyOn(performance, 'now').mockReturnValue(startedAtMs + 99.6);
    await vi.advanceTimersByTimeAsync(100);
    expect(question.seen.closed).toBe(0);
    clock.mockRestore();
    await vi.advanceTimersByTimeAsync(1);
    expect(await question.asked).toMatchObject({ kind: 'ok', elapsedMs: 101 });
    expect(isLeftBehind(question)).toBe(false);
  });

  test('whose answer came in time but is read late has that answer', async () => {
    const question = ask(
      () => {},
      (finish) => finish(bad),
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(await question.asked).toMatchObject(bad);
    expect(question.seen.closed).toBe(1);
  });

  test('ends with an abort, of which nothing is said about the server', async () => {
    const question = ask(() => {});
    question.controller.abort();
    expect(await question.asked).toMatchObject({ kind: 'inconclusive' });
    expect(question.seen.closed).toBe(1);
    expect(isLeftBehind(question)).toBe(false);
  });

  test('rejects for a mistake of ours, and nothing is left behind', async () => {
    const question = ask(() => {
      throw new TypeError('no such thing');
    });
    await expect(question.asked).rejects.toThrow('no such thing');
    expect(question.seen.closed).toBe(0);
    expect(isLeftBehind(question)).toBe(false);
  });
});

test('an answer must come within connect_timeout, and within the whole attempt', () => {
  const of = (connectTimeoutMs: number, attemptTimeoutMs: number) =>
    answerTimeoutMs(timingWith({ connectTimeoutMs, attemptTimeoutMs }).timing);
  expect(of(2000, 9000)).toBe(2000);
  expect(of(9000, 2000)).toBe(2000);
  expect(of(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)).toBe(2 ** 31 - 1);
});

test('an answer that did not come is told with the limit that was over', () => {
  expect(noAnswer(timingWith({ connectTimeoutMs: 9000, attemptTimeoutMs: 2500 }))).toMatchObject({
    detail: 'The server did not answer within 2.5 s.',
  });
});

test('a socket that cannot send is closed, and one that can is closed when the question is over', () => {
  const closed: string[] = [];
  const refused = () => {
    throw new Error('refused');
  };
  const socket = (name: string, send: () => void) => ({
    send,
    receivePending: () => {},
    close: () => void closed.push(name),
  });
  expect(() => sendOrClose(socket('broken', refused), new Uint8Array())).toThrow('refused');
  expect(closed).toEqual(['broken']);
  const good = sendOrClose(
    socket('good', () => {}),
    new Uint8Array(),
  );
  expect(closed).toEqual(['broken']);
  good.close();
  expect(closed).toEqual(['broken', 'good']);
});
