import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReceivePace } from '../../src/kernel/receive-pace.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A socket with packets waiting; `arrive` is the event loop's way of reading one. */
function paced() {
  let isPaused = false;
  let waiting = 0;
  let readings = 0;
  const pace = new ReceivePace({
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    receivePending: () => {
      readings += 1;
      const count = Math.min(16, waiting);
      waiting -= count;
      for (let index = 0; index < count; index += 1) pace.received();
      return count;
    },
  });
  return {
    pace,
    arrive: (count: number) => {
      waiting += count;
      while (waiting > 0 && !isPaused) {
        waiting -= 1;
        pace.received();
      }
    },
    waiting: () => waiting,
    readings: () => readings,
    isPaused: () => isPaused,
  };
}

test('without a pace every packet is read as it comes', () => {
  const { arrive, waiting, isPaused } = paced();
  arrive(3);
  expect(waiting()).toBe(0);
  expect(isPaused()).toBe(false);
});

test('what comes within the pace is read together, none of it lost', () => {
  const { pace, arrive, waiting, readings } = paced();
  pace.set(2);
  arrive(20);
  expect(waiting()).toBe(19);
  vi.advanceTimersByTime(2);
  expect(waiting()).toBe(0);
  expect(readings()).toBe(2);
});

test('a socket that has become idle wakes the process again, and a busy one does not', () => {
  const { pace, arrive, isPaused } = paced();
  pace.set(2);
  arrive(2);
  vi.advanceTimersByTime(2);
  expect(isPaused()).toBe(true);
  vi.advanceTimersByTime(2);
  expect(isPaused()).toBe(false);
  arrive(1);
  expect(isPaused()).toBe(true);
});

test('a flood is read in parts', () => {
  const { pace, arrive, waiting } = paced();
  pace.set(2);
  arrive(1001);
  vi.advanceTimersByTime(2);
  expect(waiting()).toBe(1000 - 256);
});

test('when the pace ends the socket is read as it comes, and nothing is due any more', () => {
  const { pace, arrive, isPaused, readings } = paced();
  pace.set(2);
  arrive(2);
  pace.set(0);
  expect(isPaused()).toBe(false);
  vi.advanceTimersByTime(10);
  expect(readings()).toBe(0);
});
