import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptyScriptQueue,
  nextTimeout,
  patienceMs,
  type ScriptQueue,
  type ScriptQueueEvent,
  stepScriptQueue,
} from '../../src/notify/index.ts';

/** A queue on a clock of its own; `said` has what it did, in order. */
class Played {
  readonly said: string[] = [];
  nowMs = 1000;
  queue: ScriptQueue<string> = emptyScriptQueue();

  on(event: ScriptQueueEvent<string>): this {
    const { next, effects } = stepScriptQueue(this.queue, event, this.nowMs);
    this.queue = next;
    for (const effect of effects) {
      if (effect.kind === 'start') this.said.push(`${this.nowMs} start ${effect.job}`);
      else this.said.push(`${this.nowMs} ${effect.job} runs since ${effect.afterMs}, ${effect.waiting} wait`);
    }
    return this;
  }

  add(...jobs: string[]): this {
    for (const job of jobs) this.on({ kind: 'added', job });
    return this;
  }

  /** Lets time pass, with the ticks that the queue asks for and a stale one at the end. */
  pass(ms: number): this {
    const endMs = this.nowMs + ms;
    for (
      let atMs = nextTimeout(this.queue);
      atMs !== undefined && atMs <= endMs;
      atMs = nextTimeout(this.queue)
    ) {
      this.nowMs = Math.max(atMs, this.nowMs);
      this.on({ kind: 'timeout' });
    }
    this.nowMs = endMs;
    return this.on({ kind: 'timeout' });
  }
}

describe('the scripts of one instance', () => {
  it('start one after the other in the order of the events', () => {
    const played = new Played().add('backup', 'master').pass(500).on({ kind: 'ended', job: 'backup' });
    expect(played.said).toEqual(['1000 start backup', '1500 start master']);
    expect(nextTimeout(played.queue)).toBeUndefined();
  });

  it('are held no longer than 30 s by one that hangs, which is reported', () => {
    const played = new Played().add('hangs', 'next', 'later').pass(29_999);
    expect(played.said).toEqual(['1000 start hangs']);
    played.pass(1);
    expect(played.said).toEqual([
      '1000 start hangs',
      '31000 hangs runs since 30000, 2 wait',
      '31000 start next',
    ]);
    played.pass(10).on({ kind: 'ended', job: 'next' });
    expect(played.said.at(-1)).toBe('31010 start later');
  });

  it('are not reported as hanging while nobody waits', () => {
    const played = new Played().add('long').pass(100_000).on({ kind: 'ended', job: 'long' }).add('next');
    expect(played.said).toEqual(['1000 start long', '101000 start next']);
  });

  it('start at once when the one before has run for longer than the patience already', () => {
    const played = new Played().add('long').pass(40_000).add('next');
    expect(played.said).toEqual([
      '1000 start long',
      '41000 long runs since 40000, 1 wait',
      '41000 start next',
    ]);
  });

  it('wait for the one that was started last, not for an overtaken one', () => {
    const played = new Played()
      .add('hangs', 'second', 'third')
      .pass(patienceMs)
      .on({ kind: 'ended', job: 'hangs' });
    expect(played.said.at(-1)).toBe('31000 start second');
    played.on({ kind: 'ended', job: 'second' });
    expect(played.said.at(-1)).toBe('31000 start third');
  });

  it('wait a second at most once the daemon is about to end', () => {
    const played = new Played().add('slow', 'stop').pass(200).on({ kind: 'hurry', patienceMs: 1000 });
    expect(played.said).toEqual(['1000 start slow']);
    played.pass(800);
    expect(played.said.at(-1)).toBe('2000 start stop');
  });

  it('all start at once when there is no time left to wait', () => {
    const played = new Played().add('slow', 'next', 'stop').on({ kind: 'hurry', patienceMs: 0 });
    expect(played.said.filter((line) => line.includes('start'))).toEqual([
      '1000 start slow',
      '1000 start next',
      '1000 start stop',
    ]);
  });

  it('are all started, once and in order, whatever happens', () => {
    const happening = fc.oneof(
      fc.constant('add' as const),
      fc.constant('end' as const),
      fc.integer({ min: 1, max: 40_000 }),
    );
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        const played = new Played();
        let added = 0;
        for (const what of happenings) {
          if (what === 'add') played.add(String(added++));
          else if (what !== 'end') played.pass(what);
          else if (played.queue.current !== undefined) {
            played.on({ kind: 'ended', job: played.queue.current.job });
          }
        }
        played.pass(patienceMs * (added + 1));
        const started = played.said.flatMap((line) => line.match(/start (\d+)$/)?.[1] ?? []);
        expect(started).toEqual(Array.from({ length: added }, (_, job) => String(job)));
      }),
    );
  });
});
