/** All scenarios on a unicast pair of version 3 with both families, on this host's kernel. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { scenarios } from '../../../src/drill/scenarios/index.ts';
import {
  type DrillRun,
  drillNamespaces,
  failuresOf,
  lastingFailures,
  removeFolders,
  scenarioOf,
  startDrill,
} from './drill-fixture.ts';

let drill: DrillRun;
let report: DrillReport;

beforeAll(async () => {
  drill = startDrill('unicast-', ['--seed', '7']);
  await drill.ended;
  report = drill.report();
}, 600_000);
afterAll(removeFolders);

test('everything holds, and the exit status says so', async () => {
  const isPassed = failuresOf(report).length === 0;
  expect(report).toMatchObject({ verdict: isPassed ? 'pass' : 'fail', exitStatus: isPassed ? 0 : 1 });
  expect(await drill.ended).toBe(isPassed ? 0 : 1);
  expect(await lastingFailures(report, 'unicast-')).toEqual([]);
}, 300_000);

test('every scenario was played, or is skipped with a reason', () => {
  expect(report.scenarios.map(({ name }) => name)).toEqual([
    'steady-state',
    ...scenarios.map(({ name }) => name),
  ]);
  for (const { name, verdict, runs, reason } of report.scenarios) {
    if (verdict === 'skipped') expect(reason).toMatch(/virtual server|process|netem|clock|real servers/);
    else expect(runs.flatMap(({ findings }) => findings).length, name).toBeGreaterThan(0);
  }
});

describe('a crash', () => {
  test('is told with what the files lead one to expect, of both families', () => {
    const [run] = scenarioOf(report, 'sigkill').runs;
    const failovers = run?.takeovers.filter(({ direction }) => direction === 'failover') ?? [];
    expect(failovers.map(({ family }) => family).sort()).toEqual([4, 6]);
    for (const { from, to, expectedMs } of failovers) {
      expect([from, to]).toEqual(['unicast-lb01', 'unicast-lb02']);
      // RFC 5798 section 6.1: 3 * 0.5 s + (256 - 100) / 256 * 0.5 s.
      expect(expectedMs).toBeCloseTo(1804.6875, 4);
    }
    // The first packet over IPv6 may wait for its neighbour, or be missed by the capture: of one family it is all there.
    const whole = failovers.filter(
      ({ announcedAtMs, addressAtMs }) => announcedAtMs !== undefined && addressAtMs !== undefined,
    );
    expect(whole).not.toEqual([]);
  });

  test('has advertisements, announcements and states on its timeline', () => {
    const [run] = scenarioOf(report, 'sigkill').runs;
    const kinds = new Set(run?.timeline.points.map(({ kind }) => kind));
    for (const kind of [
      'inject',
      'restore',
      'settled',
      'advertisement',
      'announcement',
      'address-added',
      'log',
    ] as const)
      expect(kinds).toContain(kind);
    expect(run?.notifications.map(({ keyword }) => keyword)).toContain('notify');
  });
});

test('a split brain is measured while nobody hears the other', () => {
  const [run] = scenarioOf(report, 'cut-vrrp-both').runs;
  const doubles =
    run?.masterWindows.filter(({ kind, evidence }) => kind === 'double' && evidence === 'advertisements') ??
    [];
  expect(doubles.map(({ nodes }) => nodes)).toContainEqual(['unicast-lb01', 'unicast-lb02']);
});

test('no program of the files was run, and nothing of the drill is left', () => {
  expect(report.notes.join('\n')).toContain("the lab's recorder stood in for");
  expect(report.cleanUp?.checks.map(({ holds }) => holds)).toEqual([true, true, true]);
  expect(drillNamespaces(drill.child.pid)).toEqual([]);
});

test('its evidence lies beside the report', () => {
  for (const { name } of report.evidence) expect(existsSync(join(drill.folder, name)), name).toBe(true);
  const lines = readFileSync(join(drill.folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  expect(new Set(lines.map((line) => (JSON.parse(line) as { kind: string }).kind))).toEqual(
    new Set([
      'step',
      'log',
      'state',
      'advertisement',
      'announcement',
      'arpReply',
      'holds',
      'request',
      'neighbour',
      'notification',
    ]),
  );
  expect(readFileSync(join(drill.folder, 'report.html'), 'utf8')).toContain('</html>');
});
