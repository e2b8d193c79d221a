/** The figures of a scenario beside what was expected and what is allowed: rows for every format. Pure. */
import {
  type FigureName,
  type FigureSummary,
  figureNames,
  type ReportFinding,
  type ScenarioReport,
  type ScenarioRun,
} from '../report.ts';
import { formatFigure } from './numbers.ts';

export interface FigureRow {
  readonly name: FigureName;
  readonly title: string;
  readonly median: string;
  /** Of one run it is the median. */
  readonly max: string;
  readonly runs: number;
  /** Of every run that has it, in the order of runs. */
  readonly values: readonly number[];
  readonly unit: FigureSummary['unit'];
  readonly expected?: string;
  readonly expectedValue?: number;
  /** As the finding has it: `at most 4.00 s`, `takeover<=4s`. */
  readonly limit?: string;
  /** Undefined where nothing limits it. */
  readonly holds?: boolean;
}

/** In the order of `figureNames`. */
export function figureRows(scenario: ScenarioReport): readonly FigureRow[] {
  return figureNames.flatMap((name) => {
    const summary = scenario.summary.find((one) => one.name === name);
    return summary === undefined ? [] : [rowOf(scenario, summary)];
  });
}

export function figureRow(scenario: ScenarioReport, name: FigureName): FigureRow | undefined {
  const summary = scenario.summary.find((one) => one.name === name);
  return summary === undefined ? undefined : rowOf(scenario, summary);
}

function rowOf(scenario: ScenarioReport, summary: FigureSummary): FigureRow {
  const { name, unit, expected } = summary;
  const judged = limitOf(scenario.runs, name);
  return {
    name,
    title: titleOf(summary),
    median: valueText(summary.median, unit),
    max: valueText(summary.max, unit),
    runs: summary.runs,
    values: valuesOf(scenario.runs, name),
    unit,
    ...(expected === undefined ? {} : { expected: formatFigure(expected, unit), expectedValue: expected }),
    ...(judged === undefined ? {} : { limit: judged.limit, holds: judged.holds }),
  };
}

/** No time at all did not happen. */
function valueText(value: number, unit: FigureSummary['unit']): string {
  return unit === 'ms' && value === 0 ? 'none' : formatFigure(value, unit);
}

/** Two figures are called alike, and differ in their unit only. */
export function titleOf({ title, unit }: Pick<FigureSummary, 'title' | 'unit'>): string {
  return unit === 'percent' ? `${title}, share` : title;
}

export function valuesOf(runs: readonly ScenarioRun[], name: FigureName): readonly number[] {
  return runs.flatMap(({ figures }) => figures.filter((one) => one.name === name).map(({ value }) => value));
}

/** An operator's limit comes before what the files lead to; a broken one before all. */
function limitOf(
  runs: readonly ScenarioRun[],
  name: FigureName,
): { readonly limit: string; readonly holds: boolean } | undefined {
  const ids = [`slo-${name}`, findingOf[name] ?? name];
  const own = runs.flatMap(({ findings }) => findings.filter(({ id }) => ids.includes(id)));
  const rank = (one: ReportFinding): number => (one.holds ? 2 : 0) + (one.kind === 'limit' ? 0 : 1);
  const first = own.toSorted((a, b) => rank(a) - rank(b))[0];
  return first === undefined ? undefined : { limit: first.limit, holds: own.every(({ holds }) => holds) };
}

/** Where a figure is judged by a finding of another name. */
const findingOf: Partial<Record<FigureName, string>> = {
  'takeover-after-last-advert': 'takeover-wait',
  settling: 'settled',
};

/** What did not hold in a scenario: each once, with the runs in which it did not. */
export interface BrokenFinding {
  readonly finding: ReportFinding;
  readonly runs: readonly number[];
}

export function brokenFindings({ runs }: ScenarioReport): readonly BrokenFinding[] {
  const broken = new Map<string, { finding: ReportFinding; runs: number[] }>();
  for (const { run, findings } of runs) {
    const seen = new Map<string, number>();
    for (const finding of findings.filter(({ holds }) => !holds)) {
      // Of two virtual routers the same may be said, and both be meant.
      const words = `${finding.id}\n${finding.what}`;
      const occurrence = (seen.get(words) ?? 0) + 1;
      seen.set(words, occurrence);
      const key = `${words}\n${occurrence}`;
      const known = broken.get(key);
      if (known === undefined) broken.set(key, { finding, runs: [run] });
      else known.runs.push(run);
    }
  }
  return [...broken.values()];
}

/** `in run 3`, `in runs 1, 2 and 5`, `in all 20 runs`; nothing where there is one run only. */
export function inRuns(runs: readonly number[], ofRuns: number): string {
  if (ofRuns < 2) return '';
  if (runs.length === ofRuns) return `in all ${ofRuns} runs`;
  return runs.length === 1 ? `in run ${runs[0]}` : `in ${runs.length} of ${ofRuns} runs (${runs.join(', ')})`;
}
