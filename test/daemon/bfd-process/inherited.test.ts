/** Sessions of a bfd process that succeeds a killed one, on a virtual clock. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InheritedSessions } from '../../../src/daemon/bfd-process/inherited.ts';
import { bfdConfig } from '../../bfd/sessions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function inherited() {
  const over: string[] = [];
  const sessions = new InheritedSessions((name) => over.push(name));
  sessions.take(['A', 'B']);
  return { sessions, over };
}

const named = (name: string) => bfdConfig({ name, idleTxMs: 2000, multiplier: 5 });

test('count as up for the multiplier of the time between packets of a session that is not up, and no longer', () => {
  const { sessions, over } = inherited();
  vi.advanceTimersByTime(60_000);
  sessions.follow([named('A'), named('B')]);
  vi.advanceTimersByTime(9999);
  expect([sessions.has('A'), sessions.has('B'), over]).toEqual([true, true, []]);
  vi.advanceTimersByTime(1);
  expect([sessions.has('A'), sessions.has('B'), over]).toEqual([false, false, ['A', 'B']]);
});

test('are never given less than a packet a second allows, however short idle_tx is', () => {
  const { sessions, over } = inherited();
  sessions.follow([bfdConfig({ name: 'A', idleTxMs: 10, multiplier: 3 }), named('B')]);
  vi.advanceTimersByTime(2999);
  expect(over).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(over).toEqual(['A']);
});

test('that have come up are sessions as any other', () => {
  const { sessions, over } = inherited();
  sessions.follow([named('A'), named('B')]);
  sessions.settle('A');
  vi.advanceTimersByTime(60_000);
  expect(over).toEqual(['B']);
});

test('that a reload takes away are forgotten, and the others get no new time', () => {
  const { sessions, over } = inherited();
  sessions.follow([named('A'), named('B')]);
  vi.advanceTimersByTime(6000);
  sessions.follow([named('A')]);
  expect(sessions.has('B')).toBe(false);
  vi.advanceTimersByTime(4000);
  expect(over).toEqual(['A']);
});

test('are told to nobody once the process ends', () => {
  const { sessions, over } = inherited();
  sessions.follow([named('A'), named('B')]);
  sessions.close();
  vi.advanceTimersByTime(60_000);
  expect(over).toEqual([]);
});
