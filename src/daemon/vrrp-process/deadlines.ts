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

/**
 * Many members share wake-ups: what is no takeover waits so long for others to come due. Each is late by about the same every
 * time, so that its interval stays what it is.
 */
const gatheringMs = 1;
const many = 32;

/** Serving many deadlines takes a while, in which others may be lifted: what came meanwhile is taken in so often. */
const hearAgainMs = 1;

export class Deadlines {
  readonly #queue = new DeadlineQueue<Deadline>();
  readonly #handlers: DeadlineHandlers;
  readonly #exact: DeadlineTimer;
  readonly #plain: DeadlineTimer;
  #isServing = false;
  /** What the timer in use is set to; never later than the earliest deadline. */
  #armed: { readonly atMs: number; readonly isExact: boolean } | undefined;

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

  /**
   * A Backup's deadline is moved by every advertisement, and hardly ever comes: one that has moved away is left to come to
   * nothing, which costs a wake-up in a while and not a system call for each packet.
   */
  #arm(): void {
    if (this.#isInTime()) return;
    const next = this.#queue.earliest;
    const isExact = next?.member.isAboutToTakeOver === true;
    this.#armed = next && { atMs: next.atMs, isExact };
    this.#exact.set(isExact ? next?.atMs : undefined);
    const plainAtMs = isExact ? undefined : next?.atMs;
    this.#plain.set(plainAtMs && plainAtMs + (this.#queue.size < many ? 0 : gatheringMs));
  }

  #isInTime(): boolean {
    const armed = this.#armed;
    const { soonest } = this.#queue;
    if (armed === undefined || soonest === undefined || armed.atMs > soonest.atMs) return false;
    return armed.isExact === (soonest.member.isAboutToTakeOver === true);
  }

  #rearm(): void {
    this.#armed = undefined;
    this.#arm();
  }

  #approach(): void {
    const next = this.#queue.earliest;
    if (next === undefined) return;
    if (next.atMs === this.#armed?.atMs) this.#handlers.prepare(this.#queue.dueBy(next.atMs), next.atMs);
    // Set to another time the timer does not wait this one out.
    else this.#rearm();
  }

  #serve(): void {
    this.#isServing = true;
    try {
      this.#handlers.drain();
      let heardAtMs = nowMs();
      // Each once: a member that is still late after its turn waits for the next one, and others come in between.
      for (const member of this.#queue.dueBy(heardAtMs)) {
        if (nowMs() - heardAtMs > hearAgainMs) {
          this.#handlers.drain();
          heardAtMs = nowMs();
        }
        // Of each its own time: members that were due together must not stay so for good.
        member.timeout(nowMs());
        this.#queue.update(member);
      }
    } finally {
      this.#isServing = false;
      this.#rearm();
    }
  }
}
