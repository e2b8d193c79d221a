/**
 * One queue of deadlines and the timers that serve it. A takeover has to come on time to a fraction of a millisecond, and the
 * timer waits the last of it out with the processor; everything else is served when the kernel wakes the process.
 */
import { nowMs } from '../../kernel/clock.ts';
import { DeadlineTimer } from '../../kernel/deadline-timer.ts';
import { DeadlineQueue, type Timed } from './deadline-queue.ts';

export interface Deadline extends Timed {
  /** A Backup about to take over. */
  readonly isAboutToTakeOver?: boolean;
}

export interface DeadlineHandlers {
  /** Takes in what was received in time, before a deadline decides. */
  drain(): void;
  /** A fraction of a millisecond early: what can be computed is, so that at the deadline it is only sent. */
  prepare(due: readonly Deadline[], atMs: number): void;
}

/** Time for `prepare`, which after seconds of rest takes up to 0.6 ms. */
const leadMs = 0.9;

export class Deadlines {
  readonly #queue = new DeadlineQueue<Deadline>();
  readonly #handlers: DeadlineHandlers;
  readonly #exact: DeadlineTimer;
  readonly #plain: DeadlineTimer;
  #isServing = false;

  constructor(handlers: DeadlineHandlers) {
    this.#handlers = handlers;
    const onDue = () => this.#serve();
    this.#exact = new DeadlineTimer(onDue, { leadMs, onApproach: () => this.#approach() });
    this.#plain = new DeadlineTimer(onDue, { leadMs: 0 });
  }

  /** The member's deadline may have changed. */
  update(member: Deadline): void {
    this.#queue.update(member);
    if (!this.#isServing) this.#arm();
  }

  remove(member: Deadline): void {
    this.#queue.remove(member);
    if (!this.#isServing) this.#arm();
  }

  close(): void {
    this.#exact.close();
    this.#plain.close();
  }

  #arm(): void {
    const next = this.#queue.earliest;
    const isExact = next?.member.isAboutToTakeOver === true;
    this.#exact.set(isExact ? next.atMs : undefined);
    this.#plain.set(isExact ? undefined : next?.atMs);
  }

  #approach(): void {
    const next = this.#queue.earliest;
    if (next !== undefined) this.#handlers.prepare(this.#queue.dueBy(next.atMs), next.atMs);
  }

  #serve(): void {
    this.#isServing = true;
    try {
      this.#handlers.drain();
      const now = nowMs();
      // Each once: a member that is still late after its turn waits for the next one, and others come in between.
      for (const member of this.#queue.dueBy(now)) {
        member.timeout(now);
        this.#queue.update(member);
      }
    } finally {
      this.#isServing = false;
      this.#arm();
    }
  }
}
