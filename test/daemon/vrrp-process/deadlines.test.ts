import { afterEach, expect, test } from 'vitest';
import type { Timed } from '../../../src/daemon/vrrp-process/deadline-queue.ts';
import { type Deadline, Deadlines } from '../../../src/daemon/vrrp-process/deadlines.ts';
import { nowMs } from '../../../src/kernel/clock.ts';

class Member implements Timed, Deadline {
  readonly servedAtMs: number[] = [];
  nextTimeoutMs: number | undefined;
  readonly isAboutToTakeOver: boolean;
  readonly #next: (atMs: number) => number | undefined;

  constructor(
    nextTimeoutMs: number,
    { isAboutToTakeOver = true, next = (_atMs: number): number | undefined => undefined } = {},
  ) {
    this.nextTimeoutMs = nextTimeoutMs;
    this.isAboutToTakeOver = isAboutToTakeOver;
    this.#next = next;
  }

  timeout(atMs: number): void {
    this.servedAtMs.push(atMs);
    this.nextTimeoutMs = this.#next(atMs);
  }
}

const open: Deadlines[] = [];

function deadlines(handlers = { drain: () => {}, prepare: () => {} }): Deadlines {
  const made = new Deadlines(handlers);
  open.push(made);
  return made;
}

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function until(isTrue: () => boolean): Promise<void> {
  const giveUpAtMs = nowMs() + 5000;
  while (!isTrue() && nowMs() < giveUpAtMs) await new Promise((resolve) => setImmediate(resolve));
  expect(isTrue()).toBe(true);
}

for (const isAboutToTakeOver of [true, false]) {
  const kind = isAboutToTakeOver ? 'of a takeover' : 'of any other kind';

  test(`a deadline ${kind} that was moved again and again is served at the last of its times, and once`, async () => {
    const all = deadlines();
    const member = new Member(nowMs() + 5, { isAboutToTakeOver });
    all.update(member);
    const lastMs = nowMs() + 40;
    for (const atMs of [lastMs - 30, lastMs - 20, lastMs]) {
      member.nextTimeoutMs = atMs;
      all.update(member);
    }
    await until(() => member.servedAtMs.length > 0);
    expect(member.servedAtMs).toHaveLength(1);
    expect(member.servedAtMs[0]).toBeGreaterThanOrEqual(lastMs);
  });

  test(`a deadline ${kind} that is moved forward is served at its new time`, async () => {
    const all = deadlines();
    const member = new Member(nowMs() + 60_000, { isAboutToTakeOver });
    all.update(member);
    member.nextTimeoutMs = nowMs() + 10;
    all.update(member);
    await until(() => member.servedAtMs.length > 0);
  });
}

test('what is prepared is what is served next, not what has moved away meanwhile', async () => {
  const prepared: (readonly Deadline[])[] = [];
  const all = deadlines({
    drain: () => {},
    prepare: (...[due]: readonly Deadline[][]) => prepared.push(due ?? []),
  });
  const [moved, kept] = [new Member(nowMs() + 20), new Member(nowMs() + 60)];
  all.update(moved);
  all.update(kept);
  moved.nextTimeoutMs = nowMs() + 60_000;
  all.update(moved);
  await until(() => kept.servedAtMs.length > 0);
  expect(moved.servedAtMs).toEqual([]);
  expect(prepared.flat().includes(moved)).toBe(false);
});

test('members that are due together get times of their own, the earliest first', async () => {
  const all = deadlines();
  const order: Member[] = [];
  const dueMs = nowMs() + 10;
  const members = [3, 1, 2].map((offset) => {
    const member: Member = new Member(dueMs - offset, {
      isAboutToTakeOver: false,
      next: () => {
        order.push(member);
        return undefined;
      },
    });
    return member;
  });
  while (nowMs() < dueMs);
  for (const member of members) all.update(member);
  await until(() => order.length === 3);
  const sorted = members.map(({ servedAtMs }) => servedAtMs[0] ?? 0);
  expect(order).toEqual([members[0], members[2], members[1]]);
  expect(new Set(sorted).size).toBe(3);
});

test('while many are served, what came meanwhile is taken in, and lifts the deadlines of those behind', async () => {
  const all = deadlines({ drain: () => drain(), prepare: () => {} });
  const busy = (): undefined => {
    const untilMs = nowMs() + 3;
    while (nowMs() < untilMs);
    return undefined;
  };
  const dueMs = nowMs() - 1;
  const first = new Member(dueMs, { isAboutToTakeOver: false, next: busy });
  const second = new Member(dueMs + 0.5, { isAboutToTakeOver: false });
  let wasHeard = false;
  const drain = (): void => {
    wasHeard ||= first.servedAtMs.length > 0;
  };
  all.update(first);
  all.update(second);
  await until(() => second.servedAtMs.length > 0);
  expect(wasHeard).toBe(true);
});
