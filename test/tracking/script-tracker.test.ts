import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstScriptRunAtMs,
  initialScript,
  type ScriptEffect,
  type ScriptEvent,
  type ScriptOutcome,
  type ScriptTiming,
  scriptReading,
  stepScript,
} from '../../src/tracking/index.ts';

const plain: ScriptTiming = { intervalMs: 1000, rise: 1, fall: 1, initFail: false };
const good: ScriptOutcome = { kind: 'exited', status: 0 };
const bad: ScriptOutcome = { kind: 'exited', status: 1 };

/** A tracker on a clock of its own, first due at 0. */
function tracker(timing: Partial<ScriptTiming> = {}) {
  const config = { ...plain, ...timing };
  let state = initialScript(config, 0);
  const feed = (event: ScriptEvent, nowMs: number): readonly ScriptEffect[] => {
    const { next, effects } = stepScript(config, state, event, nowMs);
    state = next;
    return effects;
  };
  return {
    feed,
    state: () => state,
    tick: (nowMs: number) => feed({ kind: 'timeout' }, nowMs),
    finish: (outcome: ScriptOutcome, nowMs = 0) => feed({ kind: 'finished', outcome }, nowMs),
    /** A run at each beat, with these results; the readings that came of it. */
    results(outcomes: readonly ScriptOutcome[]): (boolean | undefined)[] {
      return outcomes.map((outcome) => {
        feed({ kind: 'timeout' }, state.nextRunAtMs);
        feed({ kind: 'finished', outcome }, state.nextRunAtMs - 1);
        return scriptReading(state);
      });
    },
  };
}

describe('when a script runs', () => {
  it('is at its beat, whatever time a run takes', () => {
    const script = tracker();
    expect(script.tick(0)).toEqual([{ kind: 'run' }]);
    script.finish(good, 400);
    expect(script.tick(999)).toEqual([]);
    expect(script.tick(1003)).toEqual([{ kind: 'run' }]);
    expect(script.state().nextRunAtMs).toBe(2000);
  });

  it('does not make up for beats that a late process has missed', () => {
    const script = tracker();
    script.tick(0);
    script.finish(good, 1);
    expect(script.tick(3500)).toEqual([{ kind: 'run' }]);
    expect(script.state().nextRunAtMs).toBe(4000);
  });

  it('is never while it still runs, which is said once for each run', () => {
    const script = tracker();
    script.tick(0);
    expect(script.tick(1000)).toEqual([{ kind: 'report', report: { kind: 'skipped', because: 'running' } }]);
    expect(script.tick(2000)).toEqual([]);
    script.finish(good, 2500);
    expect(script.tick(3000)).toEqual([{ kind: 'run' }]);
    expect(script.tick(4000)).toMatchObject([{ report: { kind: 'skipped' } }]);
  });

  it('is not before a run that timed out is gone', () => {
    const script = tracker();
    script.tick(0);
    script.feed({ kind: 'timedOut' }, 1000);
    expect(script.tick(1000)).toMatchObject([{ report: { kind: 'skipped', because: 'being-timed-out' } }]);
    expect(script.feed({ kind: 'ended' }, 1010)).toEqual([]);
    expect(script.tick(2000)).toEqual([{ kind: 'run' }]);
  });

  it('is spread at the start, never further than the interval', () => {
    const first = Array.from({ length: 300 }, (_, index) =>
      firstScriptRunAtMs({ ...plain, intervalMs: 1000 }, index, 50),
    );
    expect(first.slice(0, 3)).toEqual([50, 55, 60]);
    expect(Math.max(...first)).toBeLessThan(1050);
    expect(firstScriptRunAtMs({ ...plain, intervalMs: 10 }, 3, 0)).toBe(5);
  });
});

describe('what the results of a script mean', () => {
  it('is nothing before the first, which decides at once', () => {
    const script = tracker({ rise: 3, fall: 3 });
    expect(scriptReading(script.state())).toBeUndefined();
    expect(script.results([good])).toEqual([true]);
    expect(tracker({ rise: 3, fall: 3 }).results([bad])).toEqual([false]);
  });

  it('is bad with init_fail until as many as rise have succeeded', () => {
    const script = tracker({ rise: 2, initFail: true });
    expect(scriptReading(script.state())).toBe(false);
    expect(script.results([good, good])).toEqual([false, true]);
  });

  it('changes after fall failures in a row, and one success begins the counting anew', () => {
    const script = tracker({ fall: 3 });
    expect(script.results([good, bad, bad, good, bad, bad, bad])).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('changes back after rise successes in a row, counted from the change', () => {
    const script = tracker({ fall: 2, rise: 2 });
    expect(script.results([good, bad, bad, good, bad, good, good])).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('is told when it changes and not otherwise', () => {
    const script = tracker();
    script.tick(0);
    expect(script.finish(good)).toEqual([
      { kind: 'report', report: { kind: 'succeeded' } },
      { kind: 'reading', isUp: true },
    ]);
    script.tick(1000);
    expect(script.finish(good)).toEqual([]);
  });

  it('says a new exit status before what comes of it', () => {
    const script = tracker({ fall: 2 });
    script.results([good]);
    script.tick(1000);
    expect(script.finish({ kind: 'exited', status: 2 })).toEqual([
      { kind: 'report', report: { kind: 'returning', status: 2 } },
    ]);
    script.tick(2000);
    expect(script.finish({ kind: 'exited', status: 2 })).toEqual([
      { kind: 'report', report: { kind: 'failed', outcome: { kind: 'exited', status: 2 } } },
      { kind: 'reading', isUp: false },
    ]);
  });

  it.each([{ kind: 'killed', signal: 'SIGSEGV' }, { kind: 'not-started' }] as const)(
    'counts a script that was not run to its end as a failure: $kind',
    (outcome) => {
      const script = tracker();
      script.tick(0);
      expect(script.finish(outcome)).toEqual([
        { kind: 'report', report: { kind: 'failed', outcome } },
        { kind: 'reading', isUp: false },
      ]);
    },
  );

  it('counts a run that timed out once, as soon as its time is over', () => {
    const script = tracker();
    script.results([good]);
    script.tick(1000);
    expect(script.feed({ kind: 'timedOut' }, 2000)).toEqual([
      { kind: 'report', report: { kind: 'timedOut' } },
      { kind: 'reading', isUp: false },
    ]);
    expect(script.feed({ kind: 'timedOut' }, 2001)).toEqual([]);
    expect(script.feed({ kind: 'ended' }, 2005)).toEqual([]);
    expect(scriptReading(script.state())).toBe(false);
  });

  it('is what the last results say, whatever came before', () => {
    const outcome = fc.boolean().map((isGood) => (isGood ? good : bad));
    fc.assert(
      fc.property(
        fc.array(outcome),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        (history, rise, fall) => {
          const up = tracker({ rise, fall });
          up.results([...history, ...Array(rise).fill(good)]);
          expect(scriptReading(up.state())).toBe(true);
          const down = tracker({ rise, fall });
          down.results([...history, ...Array(fall).fill(bad)]);
          expect(scriptReading(down.state())).toBe(false);
        },
      ),
    );
  });

  it('tells exactly the changes, in turn', () => {
    const outcome = fc.constantFrom(good, bad, { kind: 'not-started' } as const);
    fc.assert(
      fc.property(
        fc.array(outcome),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (history, count, initFail) => {
          const script = tracker({ rise: count, fall: count, initFail });
          let told = scriptReading(script.state());
          for (const result of history) {
            script.tick(script.state().nextRunAtMs);
            for (const effect of script.finish(result)) {
              if (effect.kind !== 'reading') continue;
              expect(effect.isUp).not.toBe(told);
              told = effect.isUp;
            }
          }
          expect(told).toBe(scriptReading(script.state()));
        },
      ),
    );
  });
});
