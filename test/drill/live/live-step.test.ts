/** The machine of a switchover on a virtual clock, against a daemon that is played: whatever happens, it is given back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLimits } from '../../../src/drill/judge/limits.ts';
import type {
  EndedState,
  LiveEffect,
  LiveEvent,
  LiveInstance,
  LivePlan,
  LiveState,
} from '../../../src/drill/live/live-messages.ts';
import { liveStep, nextTimeout, startLive } from '../../../src/drill/live/live-step.ts';

const plan: LivePlan = {
  instances: ['VI_1'],
  steadyMs: 5000,
  holdMs: 10_000,
  deadManMs: 20_000,
  timeoutMs: 120_000,
  longestSilenceMs: 6000,
  returnLimitMs: 8000,
  expectsReturn: true,
  evenIfAlone: false,
  limits: [],
};

const peers = [{ address: '10.0.0.6', priority: 100, heardSecondsAgo: 3600 }];
const master: LiveInstance = { name: 'VI_1', state: 'Master', vrid: 51, family: 4, faults: [], peers };

/** Whether it answers what it is asked, and does what it was asked. */
interface DaemonParts {
  readonly giveUp?: 'takes' | 'nobody' | 'lost' | 'silent';
  /** So many first questions to resume are lost. */
  readonly lostResumes?: number;
  readonly returnsAfterMs?: number;
}

/** The drill, the daemon and a service that answers every 100 ms, until the drill has ended or the time is over. */
class World {
  nowMs = 0;
  state: LiveState;
  readonly plan: LivePlan;
  readonly said: string[] = [];
  readonly asked: string[] = [];
  /** Of the daemon: until when it is away, by its own time limit. */
  awayUntilMs: number | undefined;
  isDead = false;
  isDrillDead = false;
  serviceOk = true;
  readonly #daemon: DaemonParts;
  #lostResumes: number;
  #backAtMs: number | undefined;
  readonly #later: { readonly atMs: number; readonly act: () => void }[] = [];

  constructor(daemon: DaemonParts = {}, changed: Partial<LivePlan> = {}) {
    this.plan = { ...plan, ...changed };
    this.state = startLive(this.plan, 0);
    this.#daemon = daemon;
    this.#lostResumes = daemon.lostResumes ?? 0;
  }

  at(atMs: number, act: () => void): this {
    this.#later.push({ atMs, act });
    return this;
  }

  /** To its end; undefined when it has not ended by then. */
  run(untilMs = 200_000): EndedState | undefined {
    for (; this.nowMs <= untilMs; this.nowMs += 50) {
      for (const one of this.#later.splice(0)) {
        if (one.atMs <= this.nowMs) one.act();
        else this.#later.push(one);
      }
      if (this.awayUntilMs !== undefined && this.nowMs >= this.awayUntilMs) this.#return();
      if (this.nowMs % 100 === 0)
        this.take({
          kind: 'request',
          service: 's',
          outcome: this.serviceOk ? 'ok' : 'timeout',
          atMs: this.nowMs,
        });
      if (this.nowMs % 250 === 0) this.#tellStatus();
      const due = nextTimeout(this.plan, this.state);
      if (due !== undefined && this.nowMs >= due) this.take({ kind: 'timeout' });
      if (this.state.name === 'ended') return this.state;
    }
    return undefined;
  }

  take(event: LiveEvent): void {
    if (this.isDrillDead) return;
    const { next, effects } = liveStep(this.plan, this.state, event, this.nowMs);
    this.state = next;
    for (const effect of effects) this.#perform(effect);
  }

  get isMaster(): boolean {
    return this.awayUntilMs === undefined && (this.#backAtMs === undefined || this.nowMs >= this.#backAtMs);
  }

  #tellStatus(): void {
    if (this.isDead) this.take({ kind: 'statusFailed', reason: 'no answer' });
    else if (this.isMaster) this.take({ kind: 'status', instances: [master] });
    else {
      const hold = this.awayUntilMs === undefined ? {} : { hold: { kind: 'failover' as const } };
      this.take({ kind: 'status', instances: [{ ...master, state: 'Backup', ...hold }] });
    }
  }

  #perform(effect: LiveEffect): void {
    if (effect.kind === 'say') this.said.push(effect.text);
    if (effect.kind === 'giveUp') this.#giveUp(effect.forMs);
    if (effect.kind === 'resume') this.#resume();
  }

  #giveUp(forMs: number): void {
    this.asked.push(`giveUp ${forMs}`);
    const { giveUp = 'takes' } = this.#daemon;
    if (giveUp !== 'nobody') this.awayUntilMs = this.nowMs + forMs;
    const answers: Readonly<Record<typeof giveUp, LiveEvent | undefined>> = {
      takes: { kind: 'giveUpAnswered', ok: true, lines: ['10.0.0.6 took over'] },
      nobody: { kind: 'giveUpAnswered', ok: false, lines: ['nobody took over'] },
      lost: { kind: 'giveUpFailed', reason: 'the answer was lost' },
      silent: undefined,
    };
    const answer = answers[giveUp];
    if (answer !== undefined) this.at(this.nowMs + 100, () => this.take(answer));
  }

  #resume(): void {
    this.asked.push('resume');
    this.#lostResumes -= 1;
    if (this.isDead || this.#lostResumes >= 0) {
      this.at(this.nowMs + 50, () => this.take({ kind: 'resumeFailed', reason: 'no answer' }));
      return;
    }
    this.#return();
    this.at(this.nowMs + 50, () =>
      this.take({ kind: 'resumeAnswered', ok: true, lines: ['VI_1 takes part again'] }),
    );
  }

  #return(): void {
    this.awayUntilMs = undefined;
    this.#backAtMs = this.nowMs + (this.#daemon.returnsAfterMs ?? 500);
  }
}

test('a switchover is asked for once after the steady time, held, and given back', () => {
  const world = new World();
  expect(world.run()).toMatchObject({ outcome: 'done', hasReturned: true, askedAtMs: 5000 });
  expect(world.asked).toEqual(['giveUp 20000', 'resume']);
  // 5 s steady, 0.1 s for the answer, 10 s hold.
  expect(world.state).toMatchObject({ resumedAtMs: 15_100 });
  expect(world.isMaster).toBe(true);
});

describe('nothing is asked of the daemon', () => {
  const refusals: readonly (readonly [string, LiveEvent, RegExp])[] = [
    [
      'the instance is Backup',
      { kind: 'status', instances: [{ ...master, state: 'Backup' }] },
      /is Backup there/,
    ],
    [
      'it has a fault',
      { kind: 'status', instances: [{ ...master, faults: ['eth0 is down'] }] },
      /has faults: eth0/,
    ],
    ['it is not there', { kind: 'status', instances: [] }, /there is no instance VI_1/],
    [
      'nobody else was heard',
      { kind: 'status', instances: [{ ...master, peers: [] }] },
      /heard no other router/,
    ],
    [
      'it is held',
      { kind: 'status', instances: [{ ...master, hold: { kind: 'drain' } }] },
      /is held already/,
    ],
    [
      'it has a rival',
      { kind: 'status', instances: [{ ...master, rival: { address: '10.0.0.6', forSeconds: 3 } }] },
      /10\.0\.0\.6 advertises as Master/,
    ],
    ['the daemon does not answer', { kind: 'statusFailed', reason: 'no such socket' }, /no such socket/],
    ['a request fails', { kind: 'request', service: 's', outcome: 'reset', atMs: 0 }, /ended with reset/],
    ['two advertise', { kind: 'twoMasters', text: 'VRID 51 has two Masters' }, /two Masters/],
  ];
  test.each(refusals)('when %s before', (_, event, reason) => {
    const world = new World().at(3000, () => world.take(event));
    expect(world.run()).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
    expect(world.asked).toEqual([]);
  });

  test('when it is interrupted before, and that is an abort', () => {
    const world = new World().at(3000, () => world.take({ kind: 'interrupted' }));
    expect(world.run()).toMatchObject({ outcome: 'aborted', hasReturned: true });
    expect(world.asked).toEqual([]);
  });

  test('when nobody asks the service, or the daemon says nothing', () => {
    const quiet = startLive(plan, 0);
    expect(liveStep(plan, quiet, { kind: 'timeout' }, 5000).next).toMatchObject({ outcome: 'refused' });
    const { next } = liveStep(plan, quiet, { kind: 'status', instances: [master] }, 100);
    expect(liveStep(plan, next, { kind: 'timeout' }, 5000).next).toMatchObject({
      outcome: 'refused',
      reason: 'only 0 requests were answered: that shows no steady state',
    });
  });

  test('when the peer was heard too long ago for --peer-heard-within, and only then', () => {
    expect(new World({}, { peerHeardWithinMs: 60_000 }).run()).toMatchObject({ outcome: 'refused' });
    expect(new World({}, { peerHeardWithinMs: 3_600_000 }).run()).toMatchObject({ outcome: 'done' });
  });
});

test('with --even-if-alone a router that has heard nobody is tried', () => {
  const { next } = liveStep(
    { ...plan, evenIfAlone: true },
    startLive(plan, 0),
    { kind: 'status', instances: [{ ...master, peers: [] }] },
    100,
  );
  expect(next).toMatchObject({ name: 'steady', hasStatus: true });
});

describe('it is broken off and given back at once', () => {
  test('when no request has succeeded for longer than a takeover may take', () => {
    const world = new World().at(7000, () => {
      world.serviceOk = false;
    });
    expect(world.run()).toMatchObject({
      outcome: 'aborted',
      hasReturned: true,
      reason: 'no request has succeeded for 6.0 s, and 6.0 s is the limit',
    });
    expect(world.asked).toEqual(['giveUp 20000', 'resume']);
    expect(world.state).toMatchObject({ resumedAtMs: 12_950 });
  });

  test.each([
    ['failed-requests<=2', 7200],
    ['failed-requests<3', 7200],
    ['outage<=1s', 8050],
  ])('when %s is broken', (slo, atMs) => {
    const read = readLimits(slo);
    const world = new World({}, { limits: read.ok ? read.limits : [] }).at(7000, () => {
      world.serviceOk = false;
    });
    expect(world.run()).toMatchObject({
      outcome: 'aborted',
      reason: expect.stringContaining(slo),
      hasReturned: true,
    });
    expect(world.state).toMatchObject({ resumedAtMs: atMs });
  });

  test.each([5050, 5100, 9000, 15_000])('at Ctrl-C, %d ms after the begin', (atMs) => {
    const world = new World().at(atMs, () => world.take({ kind: 'interrupted' }));
    expect(world.run()).toMatchObject({
      outcome: 'aborted',
      reason: 'it was interrupted',
      hasReturned: true,
    });
    expect(world.isMaster).toBe(true);
  });

  test('when nobody takes over', () => {
    const world = new World({ giveUp: 'nobody' });
    expect(world.run()).toMatchObject({ outcome: 'aborted', reason: 'nobody took over', hasReturned: true });
    expect(world.asked).toEqual(['giveUp 20000', 'resume']);
  });

  test('when the successor does not keep it', () => {
    const world = new World().at(9000, () => {
      world.awayUntilMs = undefined;
    });
    expect(world.run()).toMatchObject({
      outcome: 'aborted',
      reason: expect.stringContaining('Master there again'),
    });
  });

  test('when its time limit is over', () => {
    const world = new World({}, { timeoutMs: 8000 });
    expect(world.run()).toMatchObject({ outcome: 'aborted', reason: 'its time limit of 8 s was over' });
    expect(world.isMaster).toBe(true);
  });
});

describe('lost answers', () => {
  test('giveUp whose answer is lost is taken back, since it may have been heard', () => {
    const world = new World({ giveUp: 'lost' });
    expect(world.run()).toMatchObject({
      outcome: 'aborted',
      reason: 'the answer was lost',
      hasReturned: true,
    });
    expect(world.asked).toEqual(['giveUp 20000', 'resume']);
  });

  test('a giveUp that is answered after the resume is taken back once more', () => {
    const world = new World({ giveUp: 'silent' })
      .at(6000, () => world.take({ kind: 'interrupted' }))
      .at(6500, () => {
        world.awayUntilMs = world.nowMs + 20_000;
        world.take({ kind: 'giveUpAnswered', ok: true, lines: [] });
      });
    expect(world.run()).toMatchObject({ outcome: 'aborted', hasReturned: true });
    expect(world.asked).toEqual(['giveUp 20000', 'resume', 'resume']);
    expect(world.isMaster).toBe(true);
  });

  test('resume is asked every second until it is answered', () => {
    const world = new World({ lostResumes: 3 });
    expect(world.run()).toMatchObject({ outcome: 'done', hasReturned: true });
    expect(world.asked).toEqual(['giveUp 20000', 'resume', 'resume', 'resume', 'resume']);
  });
});

test('a daemon that dies while it holds ends the drill, which does not say that all is as before', () => {
  const world = new World().at(8000, () => {
    world.isDead = true;
  });
  const ended = world.run();
  expect(ended).toMatchObject({ outcome: 'aborted', hasReturned: false });
  expect(ended?.reason).toMatch(/^the daemon has told nothing for 5\.\d s/);
  expect(world.asked.filter((one) => one === 'resume').length).toBeGreaterThan(3);
});

test('a drill that dies is outlived by the time that it gave the daemon', () => {
  const world = new World().at(8000, () => {
    world.isDrillDead = true;
  });
  expect(world.run(24_900)).toBeUndefined();
  expect(world.isMaster).toBe(false);
  world.run(26_000);
  expect(world.isMaster).toBe(true);
  expect(world.asked).toEqual(['giveUp 20000']);
});

describe('the return', () => {
  test('that does not come is told, and the drill does not wait for ever', () => {
    const world = new World({ returnsAfterMs: 1_000_000 });
    expect(world.run()).toMatchObject({
      outcome: 'done',
      hasReturned: false,
      reason: 'the old Master is not back after 8.0 s',
    });
  });

  test('is none with nopreempt: the end of the hold is enough', () => {
    const world = new World({ returnsAfterMs: 1_000_000 }, { expectsReturn: false });
    expect(world.run()).toMatchObject({ outcome: 'done', hasReturned: true });
    expect(world.state).toMatchObject({ endedAtMs: 15_250 });
  });
});

test('whatever happens in whatever order, who was asked to give up is asked to resume, and it ends', () => {
  const anything: fc.Arbitrary<LiveEvent> = fc.oneof(
    fc.constant<LiveEvent>({ kind: 'interrupted' }),
    fc.constant<LiveEvent>({ kind: 'timeout' }),
    fc.constant<LiveEvent>({ kind: 'twoMasters', text: 'two' }),
    fc.constant<LiveEvent>({ kind: 'statusFailed', reason: 'none' }),
    fc
      .boolean()
      .map((ok): LiveEvent => ({ kind: 'request', service: 's', outcome: ok ? 'ok' : 'reset', atMs: 0 })),
    fc.boolean().map((ok): LiveEvent => ({ kind: 'giveUpAnswered', ok, lines: [] })),
    fc.boolean().map((ok): LiveEvent => ({ kind: 'resumeAnswered', ok, lines: [] })),
  );
  const story = fc.array(fc.tuple(fc.integer({ min: 5000, max: 40_000 }), anything), { maxLength: 12 });
  const parts = fc.record({
    giveUp: fc.constantFrom('takes', 'nobody', 'lost', 'silent'),
    lostResumes: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(story, parts, (events, daemon) => {
      const world = new World(daemon);
      for (const [atMs, event] of events) world.at(atMs - (atMs % 50), () => world.take(event));
      expect(world.run(400_000)).toBeDefined();
      const asked = world.asked.findIndex((one) => one.startsWith('giveUp'));
      expect(world.asked.filter((one) => one.startsWith('giveUp')).length).toBeLessThanOrEqual(1);
      if (asked !== -1) expect(world.asked.slice(asked + 1)).toContain('resume');
    }),
    { numRuns: 300 },
  );
});
