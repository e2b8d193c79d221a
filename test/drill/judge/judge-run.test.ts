/** What the judge makes of a run: each finding, right and wrong, from observations alone. */
import { describe, expect, test } from 'vitest';
import { judgeRun, scenarioReport, worstVerdict } from '../../../src/drill/judge/judge-run.ts';
import { readLimits } from '../../../src/drill/judge/limits.ts';
import type { ReportFinding, ScenarioRun } from '../../../src/drill/report/report.ts';
import { exampleNode } from '../parsed-node.ts';
import { goodFailover, inputFor, moves, planFor, Story, times } from './story.ts';

function findingOf(run: ScenarioRun, id: string): ReportFinding | undefined {
  return run.findings.find((finding) => finding.id === id);
}

describe('a failover as it should be', () => {
  const run = judgeRun(inputFor(goodFailover(), planFor(moves)));

  test('passes, with every finding holding', () => {
    expect(run.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(run.verdict).toBe('pass');
    expect(run.findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'takeover',
        'takeover-wait',
        'double-master',
        'outage',
        'calm-requests',
        'settled',
      ]),
    );
  });

  test('has two takeovers, there and back, with the wait that the files say beside the first', () => {
    expect(run.takeovers).toMatchObject([
      { from: 'lb01', to: 'lb02', direction: 'failover', lastOfOldAtMs: 9000, expectedMs: 3609 },
      { from: 'lb02', to: 'lb01', direction: 'failback' },
    ]);
    expect(run.takeovers[0]?.gapMs).toBeCloseTo(3609, 3);
    expect(run.takeovers[0]?.announcedAtMs).toBeCloseTo(12_612, 3);
  });

  test('measures outage, neighbours and hand-over', () => {
    const figures = Object.fromEntries(run.figures.map(({ name, value }) => [name, value]));
    expect(figures).toMatchObject({ 'failed-requests': 26, 'failback-outage': 0, settling: 5000 });
    expect(figures['takeover']).toBeCloseTo(2609, 3);
    expect(figures['outage']).toBeCloseTo(2600, 3);
    expect(figures['neighbour-convergence']).toBeCloseTo(4, 3);
    expect(figures['double-master']).toBeCloseTo(9, 3);
  });

  test('tells latency in its three phases', () => {
    expect(run.traffic[0]?.latency.map(({ phase, requests }) => [phase, requests])).toEqual([
      ['before', 50],
      ['during', 100],
      ['after', 100],
    ]);
  });

  test('has a timeline with lanes for all that it has spans and points of', () => {
    const lanes = new Set(run.timeline.lanes.map(({ id }) => id));
    expect([...run.timeline.spans, ...run.timeline.points].filter(({ lane }) => !lanes.has(lane))).toEqual(
      [],
    );
    expect(run.timeline).toMatchObject({
      zeroAtMs: times.injectedAtMs,
      fromMs: times.beganAtMs,
      toMs: times.endedAtMs,
    });
    expect(run.timeline.spans).toContainEqual(expect.objectContaining({ lane: 'lb02', kind: 'master' }));
  });
});

describe('a failover that goes wrong fails, and says how', () => {
  test('when nobody takes over', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 9, 150)
      .asks(5, 10)
      .asks(10, 30, 'timeout');
    const run = judgeRun(
      inputFor(story, planFor(moves), { unsettled: ['VI_1 has no Master'], run: withoutSettled() }),
    );
    expect(run.verdict).toBe('fail');
    expect(findingOf(run, 'takeover')).toMatchObject({ holds: false, measured: 'it did not' });
    expect(findingOf(run, 'settled')).toMatchObject({ holds: false, measured: 'VI_1 has no Master' });
  });

  test('when the Backup waits for longer than its file says', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 9, 150)
      .advertises('lb02', 15, 30)
      .holds('lb02', 15);
    const run = judgeRun(inputFor(story, planFor(moves)));
    expect(findingOf(run, 'takeover')?.holds).toBe(false);
    expect(findingOf(run, 'takeover-wait')).toMatchObject({ holds: false, measured: '6.00 s' });
  });

  test('when the Backup takes over too early', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 9, 150)
      .advertises('lb02', 11, 30)
      .holds('lb02', 11);
    expect(findingOf(judgeRun(inputFor(story, planFor(moves))), 'takeover-wait')?.holds).toBe(false);
  });

  test('when two are Master together for longer than a hand-over', () => {
    const story = goodFailover().advertises('lb02', 24.609, 27.609);
    const run = judgeRun(inputFor(story, planFor(moves)));
    expect(findingOf(run, 'double-master')).toMatchObject({ holds: false });
    expect(run.reason).toContain('lb01 and lb02');
  });

  test('when a request fails in calm times', () => {
    const story = goodFailover().asks(7, 7.1, 'refused');
    const finding = findingOf(judgeRun(inputFor(story, planFor(moves))), 'calm-requests');
    expect(finding).toMatchObject({ holds: false });
    expect(finding?.measured).toMatch(/^1 of /);
  });

  test('when clients are without service for longer than the takeover explains', () => {
    const story = goodFailover().asks(12.6, 16, 'timeout');
    const run = judgeRun(
      inputFor(
        {
          observations: story.observations.filter(
            (one) =>
              !(one.kind === 'request' && one.outcome === 'ok' && one.atMs >= 12_600 && one.atMs < 16_000),
          ),
        } as Story,
        planFor(moves),
      ),
    );
    expect(findingOf(run, 'outage')?.holds).toBe(false);
  });

  test('when a daemon ends by itself', () => {
    const run = judgeRun(
      inputFor(goodFailover(), planFor(moves), {
        mishaps: ['holdfast on lb02 ended by itself with SIGSEGV'],
      }),
    );
    expect(run.reason).toContain('SIGSEGV');
  });

  test('when a client is left with the wrong neighbour', () => {
    const story = goodFailover().learns('lb02', 29);
    expect(findingOf(judgeRun(inputFor(story, planFor(moves))), 'stale-neighbour')).toMatchObject({
      holds: false,
    });
  });

  test('with what the files show for an explanation', () => {
    const story = new Story().holds('lb01', 1).advertises('lb01', 1, 9, 150);
    const run = judgeRun(inputFor(story, planFor(moves), { suspicions: ['VI_1 has priority 100 on both'] }));
    expect(run.reason).toContain('VI_1 has priority 100 on both');
  });
});

function withoutSettled(): typeof times {
  const { settledAtMs: _never, ...rest } = times;
  return rest;
}

describe('what must not change', () => {
  const calm = planFor(
    { kind: 'stays', node: 'lb01' },
    { disturbance: { kind: 'none' }, outageLimitMs: 0, failbackOutageLimitMs: 0, restoreDisturbance: 'none' },
  );

  test('passes where it does not', () => {
    const story = new Story().holds('lb01', 1).advertises('lb01', 1, 30, 150).asks(5, 30);
    expect(judgeRun(inputFor(story, calm)).verdict).toBe('pass');
  });

  test('fails where another takes over', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 30, 150)
      .asks(5, 30)
      .advertises('lb02', 14, 16);
    const run = judgeRun(inputFor(story, calm));
    expect(findingOf(run, 'master-stays')?.holds).toBe(false);
    expect(findingOf(run, 'double-master')?.holds).toBe(false);
  });
});

describe('a split that the fault makes', () => {
  const split = planFor(
    { kind: 'split', nodes: ['lb01', 'lb02'], why: 'deaf', limitMs: 5000 },
    { disturbance: { kind: 'while-broken', why: 'deaf' }, restoreDisturbance: 'until-settled' },
  );

  test('is right while it is broken, and ends soon after', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 30, 150)
      .advertises('lb02', 14, 20)
      .holds('lb02', 14)
      .holds('lb02', 20.2, false)
      .asks(5, 30);
    expect(judgeRun(inputFor(story, split)).findings.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('is a failure when it goes on after the restore', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 30, 150)
      .advertises('lb02', 14, 30)
      .holds('lb02', 14);
    const still = { ...split, restore: [{ do: 'heal' }] as const };
    expect(findingOf(judgeRun(inputFor(story, still)), 'double-master')?.holds).toBe(false);
  });

  test('that begins while it is still being mended is the fault as well', () => {
    const story = new Story()
      .holds('lb01', 1)
      .advertises('lb01', 1, 30, 150)
      .holds('lb02', 20.5)
      .holds('lb02', 22.5, false);
    const lossy = planFor({ kind: 'open', why: 'chance' });
    const mending = { ...times, mendedAtMs: 22_400 };
    expect(findingOf(judgeRun(inputFor(story, lossy, { run: mending })), 'double-master')?.holds).toBe(true);
    expect(findingOf(judgeRun(inputFor(story, lossy)), 'double-master')?.holds).toBe(false);
  });

  test('is missed where it should have been', () => {
    const story = new Story().holds('lb01', 1).advertises('lb01', 1, 30, 150);
    expect(findingOf(judgeRun(inputFor(story, split)), 'split')?.holds).toBe(false);
  });
});

describe('a virtual router that no director can be Master of', () => {
  const lost = planFor({ kind: 'lost', why: 'it has no secret' });

  test('is named with the reason while none claims it', () => {
    const story = new Story().holds('lb01', 1).advertises('lb01', 1, 11, 150).advertises('lb01', 24, 30, 150);
    const found = findingOf(judgeRun(inputFor(story, lost)), 'master-lost');
    expect(found).toMatchObject({ holds: true, measured: 'none is' });
    expect(found?.what).toContain('it has no secret');
  });

  test('is a finding that does not hold where a director goes on as Master', () => {
    const story = new Story().holds('lb01', 1).advertises('lb01', 1, 30, 150);
    expect(findingOf(judgeRun(inputFor(story, lost)), 'master-lost')).toMatchObject({
      holds: false,
      measured: 'lb01 is',
    });
  });
});

describe('servers that fail', () => {
  const nodes = [exampleNode('lb01'), exampleNode('lb02')];
  const both = ['10.0.0.7:80', '10.0.0.8:80'];
  const plan = planFor(
    { kind: 'stays', node: 'lb01' },
    {
      server: { servers: ['rs1'], outLimitMs: 5000, backLimitMs: 3000, why: 'delay_loop' },
      disturbance: { kind: 'server-out' },
      outageLimitMs: 0,
      failbackOutageLimitMs: 0,
    },
  );
  const told = (outAt: number, backAt: number): Story =>
    ['lb01', 'lb02'].reduce(
      (story, node) =>
        story.table(node, 1, both).table(node, outAt, ['10.0.0.8:80']).table(node, backAt, both),
      new Story().holds('lb01', 1).advertises('lb01', 1, 30, 150),
    );

  test('leave all tables and come back in time', () => {
    const run = judgeRun(inputFor(told(13, 22), plan, { hasIpvs: true }, nodes));
    expect(findingOf(run, 'server-out')).toMatchObject({ holds: true, measured: '3.00 s' });
    expect(findingOf(run, 'server-back')).toMatchObject({ holds: true, measured: '2.00 s' });
    expect(run.tables).toMatchObject({ areEqual: true, asConfigured: true });
  });

  test('fail the run when they come back too late, or not', () => {
    expect(
      findingOf(judgeRun(inputFor(told(13, 24), plan, { hasIpvs: true }, nodes)), 'server-back')?.holds,
    ).toBe(false);
    const never = judgeRun(inputFor(told(13, 40), plan, { hasIpvs: true }, nodes));
    expect(findingOf(never, 'tables')?.holds).toBe(false);
    expect(never.tables?.differences[0]).toContain('10.0.0.7:80 weight 1 is missing');
  });

  test('are awaited from when they are well, for to start one takes the lab a while', () => {
    const late = { ...times, mendedAtMs: 21_500 };
    const run = judgeRun(inputFor(told(13, 24), plan, { hasIpvs: true, run: late }, nodes));
    expect(findingOf(run, 'server-back')).toMatchObject({ holds: true, measured: '2.50 s' });
    expect(run.figures.find(({ name }) => name === 'server-back')?.value).toBe(2500);
    const early = judgeRun(inputFor(told(13, 21), plan, { hasIpvs: true, run: late }, nodes));
    expect(findingOf(early, 'server-back')).toMatchObject({ holds: true, measured: '0.0 ms' });
  });

  test('that no check notices must stay', () => {
    const unnoticed = planFor(
      { kind: 'stays', node: 'lb01' },
      { server: { servers: ['rs1'], backLimitMs: 3000, why: 'TCP_CHECK cannot see it' } },
    );
    expect(
      findingOf(judgeRun(inputFor(told(13, 22), unnoticed, { hasIpvs: true }, nodes)), 'server-unnoticed')
        ?.holds,
    ).toBe(false);
  });
});

describe('limits', () => {
  const read = (text: string) => {
    const result = readLimits(text);
    if (!result.ok) throw new Error(result.problem);
    return result.limits;
  };

  test('that are kept make findings that hold, those that are broken fail the run', () => {
    const limits = read('takeover<=4s,failed-requests<=1%,double-master<250ms');
    const run = judgeRun(inputFor(goodFailover(), planFor(moves), { limits }));
    expect(run.findings.filter(({ kind }) => kind === 'limit').map(({ id, holds }) => [id, holds])).toEqual([
      ['slo-takeover', true],
      ['slo-failed-requests-percent', false],
      ['slo-double-master', true],
    ]);
    expect(run.verdict).toBe('fail');
  });

  test.each([
    ['takeover<=4', 'is a time'],
    ['takeover=4s', 'is not NAME<=VALUE'],
    ['speed<=4s', 'there is no figure "speed"'],
    ['failed-requests<=4s', 'a number without a unit'],
    ['', 'names no limit'],
  ])('%s is refused', (text, problem) => {
    const result = readLimits(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problem).toContain(problem);
  });
});

test('a scenario is as bad as its worst run, and its figures are medians and maxima', () => {
  const good = judgeRun(inputFor(goodFailover(), planFor(moves)));
  const bad = judgeRun(inputFor(goodFailover(), planFor(moves), { mishaps: ['it ended'] }));
  const report = scenarioReport({ name: 'x', title: 'X', description: '' }, [good, bad]);
  expect(report.verdict).toBe('fail');
  expect(report.summary.find(({ name }) => name === 'settling')).toMatchObject({
    median: 5000,
    max: 5000,
    runs: 2,
  });
});

test('skipped scenarios do not count', () => {
  expect(worstVerdict(['skipped', 'pass'])).toBe('pass');
  expect(worstVerdict(['pass', 'could-not-run', 'fail'])).toBe('fail');
  expect(worstVerdict(['fail', 'aborted'])).toBe('aborted');
});
