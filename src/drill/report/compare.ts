/**
 * What changed between two drills: verdicts, figures beyond what chance explains, findings, and what was drilled. Pure.
 */
import { compareFigures, type FigureComparison, timingNoiseMs } from './compare-figures.ts';
import type { DrillReport, ReportVerdict, ScenarioReport } from './report.ts';

export interface Comparison {
  readonly before: ComparedDrill;
  readonly after: ComparedDrill;
  /** In the order of the later drill, then those that are gone. */
  readonly scenarios: readonly ScenarioComparison[];
  /** Versions, kernel, configuration files: what may explain a change. */
  readonly circumstances: readonly Circumstance[];
  /** Sentences: how it is decided what counts as a change. */
  readonly method: readonly string[];
  /** A verdict or a figure is worse. */
  readonly isWorse: boolean;
}

export interface ComparedDrill {
  readonly startedAt: string;
  readonly verdict: ReportVerdict;
}

export interface Circumstance {
  /** `configuration of lb01`, `kernel`. */
  readonly what: string;
  /** Undefined where there was none. */
  readonly before?: string;
  readonly after?: string;
}

export interface ScenarioComparison {
  readonly name: string;
  readonly title: string;
  readonly presence: 'both' | 'new' | 'gone';
  readonly verdictBefore?: ReportVerdict;
  readonly verdictAfter?: ReportVerdict;
  readonly verdictChange: 'same' | 'better' | 'worse';
  /** What holds no more, and what holds again. */
  readonly brokenNow: readonly string[];
  readonly mended: readonly string[];
  readonly figures: readonly FigureComparison[];
}

export function compareReports(before: DrillReport, after: DrillReport): Comparison {
  const noiseMs = Math.max(timingNoiseMs(before), timingNoiseMs(after));
  const scenarios = [
    ...after.scenarios.map((one) => compareScenario(find(before, one.name), one, noiseMs)),
    ...before.scenarios
      .filter(({ name }) => find(after, name) === undefined)
      .map((one) => compareScenario(one, undefined, noiseMs)),
  ].filter((one) => one !== undefined);
  return {
    before: { startedAt: before.startedAt, verdict: before.verdict },
    after: { startedAt: after.startedAt, verdict: after.verdict },
    scenarios,
    circumstances: circumstances(before, after),
    method: method(noiseMs),
    isWorse: scenarios.some(
      ({ verdictChange, figures }) =>
        verdictChange === 'worse' || figures.some(({ change }) => change === 'worse'),
    ),
  };
}

function find({ scenarios }: DrillReport, name: string): ScenarioReport | undefined {
  return scenarios.find((one) => one.name === name);
}

function compareScenario(
  before: ScenarioReport | undefined,
  after: ScenarioReport | undefined,
  noiseMs: number,
): ScenarioComparison | undefined {
  const known = after ?? before;
  if (known === undefined) return undefined;
  const [failedBefore, failedAfter] = [brokenIn(before), brokenIn(after)];
  const isBoth = before !== undefined && after !== undefined;
  return {
    name: known.name,
    title: known.title,
    presence: isBoth ? 'both' : before === undefined ? 'new' : 'gone',
    ...(before === undefined ? {} : { verdictBefore: before.verdict }),
    ...(after === undefined ? {} : { verdictAfter: after.verdict }),
    verdictChange: isBoth ? verdictChange(before.verdict, after.verdict) : 'same',
    brokenNow: isBoth ? failedAfter.filter((one) => !failedBefore.includes(one)) : [],
    mended: isBoth && after.runs.length > 0 ? failedBefore.filter((one) => !failedAfter.includes(one)) : [],
    figures: isBoth ? compareFigures(before.runs, after.runs, noiseMs) : [],
  };
}

function brokenIn(scenario: ScenarioReport | undefined): readonly string[] {
  const broken = scenario?.runs.flatMap(({ findings }) => findings.filter(({ holds }) => !holds)) ?? [];
  return [...new Set(broken.map(({ what }) => what))];
}

/** Skipped is neither good nor bad, so that going there or leaving it is no change for the better or the worse. */
const badness: Readonly<Record<ReportVerdict, number | undefined>> = {
  pass: 0,
  aborted: 1,
  'could-not-run': 1,
  fail: 2,
  skipped: undefined,
};

function verdictChange(before: ReportVerdict, after: ReportVerdict): ScenarioComparison['verdictChange'] {
  const [was, is] = [badness[before], badness[after]];
  if (was === undefined || is === undefined || was === is) return 'same';
  return is > was ? 'worse' : 'better';
}

function circumstances(before: DrillReport, after: DrillReport): readonly Circumstance[] {
  const [was, is] = [factsOf(before), factsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((what) => {
    const [one, other] = [was.get(what), is.get(what)];
    if (one === other) return [];
    return [
      {
        what,
        ...(one === undefined ? {} : { before: one }),
        ...(other === undefined ? {} : { after: other }),
      },
    ];
  });
}

function factsOf({ environment, runsWanted }: DrillReport): ReadonlyMap<string, string> {
  const { holdfast, node, mode, kernel, nodes } = environment;
  return new Map([
    ['holdfast', holdfast],
    ['Node.js', node],
    ['mode', mode],
    ['kernel', `${kernel.which} ${kernel.release}, processors: ${kernel.processors}`],
    ['runs of each scenario', String(runsWanted)],
    ...nodes.flatMap((one): [string, string][] => [
      [`daemon of ${one.name}`, `${one.daemon} ${one.daemonVersion}`],
      [`configuration of ${one.name}`, one.configHash],
    ]),
  ]);
}

function method(noiseMs: number): readonly string[] {
  return [
    'Medians of all runs are compared; less is better in every figure. Differences below 5 %, 20 ms, one request or 0.1 % of the requests are none.',
    'With five runs or more on both sides a figure has changed when the rank sum test of Mann and Whitney finds a chance below 1 % that both come from the same.',
    `With fewer, the runs of one side must all lie beyond those of the other, and the medians must be further apart than a quarter of the larger; times that depend on when between two advertisements the fault fell, also further than the longest Advertisement_Interval (${noiseMs} ms). What lies between is called unclear: more runs would tell.`,
  ];
}
