import { expect, test } from 'vitest';
import { DeadlineQueue, type Timed } from '../../../src/daemon/vrrp-process/deadline-queue.ts';
import { Random } from '../../simulation/random.ts';

class Member implements Timed {
  nextTimeoutMs: number | undefined;

  constructor(nextTimeoutMs: number | undefined) {
    this.nextTimeoutMs = nextTimeoutMs;
  }

  timeout(): void {}
}

test('of 200 members the earliest and those that are due are known through 20,000 changes', () => {
  const random = new Random(4711);
  const queue = new DeadlineQueue<Member>();
  const members = Array.from({ length: 200 }, () => new Member(undefined));
  for (let change = 0; change < 20_000; change += 1) {
    const member = random.pick(members);
    member.nextTimeoutMs = random.chance(20) ? undefined : random.integer(0, 1000);
    queue.update(member);
    const times = members.flatMap(({ nextTimeoutMs }) => nextTimeoutMs ?? []);
    const earliest = times.length === 0 ? undefined : Math.min(...times);
    expect(queue.soonest?.atMs ?? 0).toBeLessThanOrEqual(earliest ?? Number.POSITIVE_INFINITY);
    // Not after every change, so that places are left behind that are no longer right.
    if (random.chance(50)) expect(queue.earliest?.atMs).toBe(earliest);
    if (random.chance(90)) continue;
    const atMs = random.integer(0, 200);
    const due = queue.dueBy(atMs).map(({ nextTimeoutMs }) => nextTimeoutMs);
    expect(due).toEqual(times.filter((time) => time <= atMs).sort((a, b) => a - b));
  }
});

test('a member whose deadline has moved to later is not due at its old time, and is at its new one', () => {
  const queue = new DeadlineQueue<Member>();
  const [moved, kept] = [new Member(1), new Member(5)];
  for (const member of [moved, kept]) queue.update(member);
  moved.nextTimeoutMs = 7;
  queue.update(moved);
  expect(queue.dueBy(4)).toEqual([]);
  expect(queue.dueBy(6)).toEqual([kept]);
  expect(queue.earliest?.member).toBe(kept);
  expect(queue.dueBy(7)).toEqual([kept, moved]);
});

test('everybody who is due is found, the earliest first, and nobody else', () => {
  const queue = new DeadlineQueue<Member>();
  const members = [5, 3, 9, 3, 7, undefined].map((atMs) => new Member(atMs));
  for (const member of members) queue.update(member);
  const due = queue.dueBy(5);
  expect(due.map(({ nextTimeoutMs }) => nextTimeoutMs).sort()).toEqual([3, 3, 5]);
  expect(due[0]?.nextTimeoutMs).toBe(3);
});

test('a member that was removed is never due again', () => {
  const queue = new DeadlineQueue<Member>();
  const [first, second] = [new Member(1), new Member(2)];
  for (const member of [first, second]) queue.update(member);
  queue.remove(first);
  queue.remove(first);
  expect(queue.earliest?.member).toBe(second);
});
