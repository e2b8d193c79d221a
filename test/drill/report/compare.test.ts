import { describe, expect, test } from 'vitest';
import { type Comparison, compareReports } from '../../../src/drill/report/compare.ts';
import { readFormerReport } from '../../../src/drill/report/compare-former.ts';
import { rankSumProbability } from '../../../src/drill/report/compare-ranks.ts';
import { renderComparisonText, renderJson } from '../../../src/drill/report/render/index.ts';
import type { DrillReport, FigureName, ScenarioRun } from '../../../src/drill/report/report.ts';
import { figure, sigkillRun } from './fixture-run.ts';
import {
  doubleMasterScenario,
  manyRuns,
  mixedReport,
  report,
  scenario,
  skippedScenario,
} from './fixtures.ts';

function withValues(name: FigureName, values: readonly number[]): DrillReport {
  const runs = values.map(
    (value, index): ScenarioRun => ({ ...sigkillRun({ run: index + 1 }), figures: [figure(name, value)] }),
  );
  return report({ scenarios: [scenario({ runs })] });
}

function changeOf(name: FigureName, before: readonly number[], after: readonly number[]): string | undefined {
  const { scenarios } = compareReports(withValues(name, before), withValues(name, after));
  return scenarios[0]?.figures[0]?.change;
}

const textOf = (comparison: Comparison): string =>
  renderComparisonText(comparison, { colour: false, width: 100 });

describe('figures', () => {
  test('are the same when the drill is the same', () => {
    const comparison = compareReports(mixedReport(), mixedReport());
    expect(comparison.scenarios.flatMap(({ figures }) => figures.map(({ change }) => change))).not.toContain(
      'worse',
    );
    expect(comparison.isWorse).toBe(false);
    expect(comparison.circumstances).toEqual([]);
    expect(textOf(comparison)).toContain('no verdict and no figure has changed beyond chance');
  });

  test('of one run each that depend on when the fault fell are unclear within an Advertisement_Interval', () => {
    expect(changeOf('takeover', [2700], [3560])).toBe('unclear');
    expect(changeOf('takeover', [2700], [3760])).toBe('worse');
    expect(changeOf('takeover', [3760], [2700])).toBe('better');
  });

  test('of one run each that do not depend on it are worse from a quarter on', () => {
    expect(changeOf('takeover-after-last-advert', [3610], [4400])).toBe('unclear');
    expect(changeOf('takeover-after-last-advert', [3610], [4900])).toBe('worse');
  });

  test('of few runs that overlap are unclear however far their medians are apart', () => {
    expect(changeOf('neighbour-convergence', [100, 110, 900], [800, 820, 950])).toBe('unclear');
    expect(changeOf('neighbour-convergence', [100, 110, 120], [800, 820, 950])).toBe('worse');
  });

  test('of many runs are told apart by ranks, below the length of an interval too', () => {
    const before = [2650, 2800, 2900, 3000, 3100, 3250];
    expect(
      changeOf(
        'takeover',
        before,
        before.map((value) => value + 700),
      ),
    ).toBe('worse');
    expect(
      changeOf(
        'takeover',
        before,
        before.map((value) => value + 160),
      ),
    ).toBe('unclear');
  });

  test('that differ by less than anybody would feel are the same', () => {
    expect(changeOf('announcement', [0.2, 0.2, 0.2, 0.2, 0.2], [9, 9, 9, 9, 9])).toBe('same');
    expect(changeOf('settling', [10_000], [10_400])).toBe('same');
    expect(changeOf('double-master', [0], [0])).toBe('same');
  });

  test('that never came are worse than any that did, and like each other', () => {
    const never = Number.POSITIVE_INFINITY;
    expect(changeOf('outage', [900], [never])).toBe('worse');
    expect(changeOf('outage', [never], [900])).toBe('better');
    expect(changeOf('outage', [never, never], [never, never])).toBe('same');
  });

  test('that only one of the drills has are new or gone', () => {
    expect(changeOf('takeover', [], [1])).toBe('new');
    expect(changeOf('takeover', [1], [])).toBe('gone');
  });
});

test('scenarios that are new or gone and verdicts that changed are told', () => {
  const before = report({ scenarios: [scenario(), scenario({ name: 'pause' }), skippedScenario] });
  const after = report({ scenarios: [scenario(), doubleMasterScenario, scenario({ name: 'stop' })] });
  const comparison = compareReports(before, after);
  expect(
    comparison.scenarios.map(({ name, presence, verdictChange }) => [name, presence, verdictChange]),
  ).toEqual([
    ['sigkill', 'both', 'same'],
    ['pause', 'both', 'worse'],
    ['stop', 'new', 'same'],
    ['clock-step', 'gone', 'same'],
  ]);
  expect(comparison.isWorse).toBe(true);
  const text = textOf(comparison);
  expect(text).toContain('pause passed before, and failed now.');
  expect(text).toContain('pause breaks now: no two directors are Master together');
  expect(text).toContain('stop is new, and passed.');
  expect(text).toContain('clock-step is not in this drill any more; it was skipped.');
  expect(textOf(compareReports(after, before))).toContain('pause holds again: no two directors');
});

test('a configuration file that changed is told by its hash', () => {
  const before = report();
  const [first, ...others] = before.environment.nodes;
  if (first === undefined) throw new Error('the fixture has nodes');
  const nodes = [{ ...first, configHash: 'c3'.repeat(32) }, ...others];
  const after = report({ environment: { ...before.environment, nodes } });
  expect(compareReports(before, after).circumstances).toEqual([
    { what: 'configuration of lb01', before: 'a1'.repeat(32), after: 'c3'.repeat(32) },
  ]);
  expect(textOf(compareReports(before, after))).toContain(
    'configuration of lb01 differs: a1a1a1a1a1a1 before',
  );
});

describe('the rank sum test', () => {
  test('has the probabilities of the tables', () => {
    // Mann and Whitney 1947, table I: of 252 orders of five and five one in each tail is complete.
    expect(rankSumProbability([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])).toBeCloseTo(2 / 252, 10);
    expect(rankSumProbability([1, 2, 3], [4, 5, 6])).toBeCloseTo(2 / 20, 10);
    expect(rankSumProbability([1, 3, 4], [2, 5, 6])).toBeCloseTo(8 / 20, 10);
  });

  test('finds nothing in equal values, in equal sets and in no values', () => {
    expect(rankSumProbability([7, 7, 7, 7], [7, 7, 7, 7])).toBe(1);
    expect(rankSumProbability([1, 2, 3, 4], [1, 2, 3, 4])).toBe(1);
    expect(rankSumProbability([], [1])).toBe(1);
  });

  test('is approximated closely where there are many', () => {
    const [few, many] = [12, 13].map((count) => Array.from({ length: count }, (_, index) => index));
    const shifted = few?.map((value) => value + 3.5) ?? [];
    const exact = rankSumProbability(few ?? [], shifted);
    const normal = rankSumProbability(many ?? [], shifted);
    expect(Math.abs(exact - normal)).toBeLessThan(0.06);
    expect(normal).toBeGreaterThan(0.01);
  });
});

describe('a former report', () => {
  test('is read as it was written', () => {
    const former = report({ scenarios: [scenario({ runs: manyRuns(3) })] });
    const read = readFormerReport(renderJson(former));
    expect(read.ok && compareReports(read.report, former).isWorse).toBe(false);
    expect(read.ok).toBe(true);
  });

  test.each([
    ['{', 'It is not JSON'],
    ['[]', 'It is no report of a drill'],
    ['{}', 'it has no schemaVersion'],
    ['{"schemaVersion": 99}', 'schemaVersion 99, and only 1 can be compared'],
    ['{"schemaVersion": 1}', '"environment" is not as a drill writes it'],
    ['{"schemaVersion":1,"environment":{"kernel":{},"nodes":[]},"scenarios":[{}]}', '"scenarios" is not as'],
  ])('%s is refused with a reason', (text, problem) => {
    const read = readFormerReport(text);
    expect(read.ok ? '' : read.problem).toContain(problem);
  });
});
