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

test('the earliest of 200 members is the earliest after every one of 20,000 changes', () => {
  const random = new Random(4711);
  const queue = new DeadlineQueue<Member>();
  const members = Array.from({ length: 200 }, () => new Member(undefined));
  for (let change = 0; change < 20_000; change += 1) {
    const member = random.pick(members);
    member.nextTimeoutMs = random.chance(20) ? undefined : random.integer(0, 1000);
    queue.update(member);
    const times = members.flatMap(({ nextTimeoutMs }) => nextTimeoutMs ?? []);
    expect(queue.earliest?.atMs).toBe(times.length === 0 ? undefined : Math.min(...times));
  }
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
