import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNarrator } from '../../src/drill/narration.ts';

let written = '';
let nowMs = 1000;
const narrator = () =>
  createNarrator({
    write: (text) => {
      written += text;
    },
    nowMs: () => nowMs,
  });

beforeEach(() => {
  written = '';
  nowMs = 1000;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('steps are numbered, and every line carries the time since the beginning', () => {
  const { step, say } = narrator();
  step('The network');
  nowMs = 3340;
  say('built');
  step('The directors');
  expect(written).toBe('   0.0 s   1. The network\n   2.3 s      built\n   2.3 s   2. The directors\n');
});

test('a long wait speaks every four seconds, and no more once it is over', async () => {
  const { waitFor } = narrator();
  let finish = (_value: number): void => undefined;
  const waiting = waitFor(
    'lb02 waits',
    new Promise<number>((resolve) => {
      finish = resolve;
    }),
  );
  nowMs = 5000;
  vi.advanceTimersByTime(4000);
  expect(written).toBe('   4.0 s      ... lb02 waits (4 s)\n');
  finish(7);
  expect(await waiting).toBe(7);
  vi.advanceTimersByTime(60_000);
  expect(written.split('\n')).toHaveLength(2);
});

test('what a program printed is set apart line by line', () => {
  narrator().quote('TCP  10.0.0.3:80 wrr\n  -> 10.0.0.7:80\n');
  expect(written).toBe('           | TCP  10.0.0.3:80 wrr\n           |   -> 10.0.0.7:80\n');
});
