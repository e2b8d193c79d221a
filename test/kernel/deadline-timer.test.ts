/** A real clock, since it is the clock that is tested; deadlines a few milliseconds ahead keep it short. */
import { afterEach, describe, expect, it } from 'vitest';
import { nowMs } from '../../src/kernel/clock.ts';
import { DeadlineTimer, type DeadlineTimerOptions } from '../../src/kernel/deadline-timer.ts';

const timers: DeadlineTimer[] = [];

afterEach(() => {
  for (const timer of timers.splice(0)) timer.close();
});

/** A timer, and the times at which it was due. */
function recordingTimer(options?: DeadlineTimerOptions) {
  const calls: number[] = [];
  const timer = new DeadlineTimer(() => calls.push(nowMs()), options);
  timers.push(timer);
  return { timer, calls };
}

/** Resolves after `ms` by a second timer of the kind under test. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = new DeadlineTimer(resolve, { leadMs: 0 });
    timers.push(timer);
    timer.set(nowMs() + ms);
  });
}

describe('a deadline timer', () => {
  it.each([0, 0.5, 5])('with a lead of %s ms is never early and is due once', async (leadMs) => {
    const { timer, calls } = recordingTimer({ leadMs });
    const atMs = nowMs() + 12;
    timer.set(atMs);
    await passed(40);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toBeGreaterThanOrEqual(atMs);
  });

  it('is not due again when nothing is set again', async () => {
    const { timer, calls } = recordingTimer();
    timer.set(nowMs() + 1);
    await passed(10);
    await passed(10);
    expect(calls).toHaveLength(1);
  });

  it('is due after, not inside, a set to a time that has passed', async () => {
    const { timer, calls } = recordingTimer();
    timer.set(nowMs() - 1000);
    expect(calls).toHaveLength(0);
    await passed(10);
    expect(calls).toHaveLength(1);
  });

  it('is due at time zero', async () => {
    const { timer, calls } = recordingTimer();
    timer.set(0);
    await passed(10);
    expect(calls).toHaveLength(1);
  });

  it('keeps only the last deadline', async () => {
    const { timer, calls } = recordingTimer();
    const start = nowMs();
    timer.set(start + 2);
    timer.set(start + 15);
    await passed(30);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toBeGreaterThanOrEqual(start + 15);
  });

  it('can be put forward', async () => {
    const { timer, calls } = recordingTimer();
    const start = nowMs();
    timer.set(start + 60_000);
    timer.set(start + 5);
    await passed(20);
    expect(calls).toHaveLength(1);
  });

  it('is not due once undefined has been set', async () => {
    const { timer, calls } = recordingTimer();
    timer.set(nowMs() + 3);
    timer.set(undefined);
    await passed(15);
    expect(calls).toHaveLength(0);
  });

  it('is due again at the same time when it is set to it again afterwards', async () => {
    const { timer, calls } = recordingTimer();
    const atMs = nowMs() + 1;
    timer.set(atMs);
    await passed(5);
    timer.set(atMs);
    await passed(5);
    expect(calls).toHaveLength(2);
  });

  it('is not due after close, and may be closed twice', async () => {
    const { timer, calls } = recordingTimer();
    timer.set(nowMs() + 2);
    timer.close();
    timer.close();
    await passed(10);
    expect(calls).toHaveLength(0);
  });

  it('may be closed by what it calls', async () => {
    const timer: DeadlineTimer = new DeadlineTimer(() => timer.close());
    timer.set(nowMs() + 1);
    await passed(10);
    expect(() => timer.set(nowMs() + 1)).toThrow('it has been closed');
  });

  it('refuses a deadline that is no time', () => {
    const { timer } = recordingTimer();
    for (const atMs of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
      expect(() => timer.set(atMs)).toThrow('atMs must be a time on the monotonic clock');
    }
  });

  it('refuses a lead that would waste the processor', () => {
    expect(() => new DeadlineTimer(() => {}, { leadMs: 50 })).toThrow('leadMs must be from 0 to 5');
  });
});

/** A machine that is busy with other tests may wake this process too late for any approach: then it is tried again. */
const onBusyMachine = { retry: 10 };

describe('the approach to a deadline', onBusyMachine, () => {
  it('is called once before the deadline, and then the deadline', async () => {
    const calls: [string, number][] = [];
    const timer = new DeadlineTimer(() => calls.push(['due', nowMs()]), {
      leadMs: 5,
      onApproach: () => calls.push(['approach', nowMs()]),
    });
    timers.push(timer);
    const atMs = nowMs() + 12;
    timer.set(atMs);
    await passed(30);
    expect(calls.map(([name]) => name)).toEqual(['approach', 'due']);
    expect(calls[0]?.[1]).toBeLessThan(atMs);
    expect(calls[1]?.[1]).toBeGreaterThanOrEqual(atMs);
  });

  it('calls the deadline off by setting another', async () => {
    let due = 0;
    const timer: DeadlineTimer = new DeadlineTimer(
      () => {
        due += 1;
      },
      { leadMs: 5, onApproach: () => timer.set(undefined) },
    );
    timers.push(timer);
    timer.set(nowMs() + 12);
    await passed(30);
    expect(due).toBe(0);
  });

  it('is left out for a deadline that has passed', async () => {
    let approaches = 0;
    const { timer, calls } = recordingTimer({
      onApproach: () => {
        approaches += 1;
      },
    });
    timer.set(nowMs() - 1);
    await passed(10);
    expect(calls).toHaveLength(1);
    expect(approaches).toBe(0);
  });

  it('may close the timer', async () => {
    let due = 0;
    const timer: DeadlineTimer = new DeadlineTimer(
      () => {
        due += 1;
      },
      { leadMs: 5, onApproach: () => timer.close() },
    );
    timer.set(nowMs() + 12);
    await passed(30);
    expect(due).toBe(0);
  });
});
