/** Whether a figure has changed between two drills by more than chance explains. Pure. */
import { rankSumProbability } from './compare-ranks.ts';
import {
  type DrillReport,
  type FigureName,
  type FigureUnit,
  figureNames,
  type ScenarioRun,
} from './report.ts';

export interface FigureComparison {
  readonly name: FigureName;
  readonly title: string;
  readonly unit: FigureUnit;
  /** Undefined where no run has the figure. */
  readonly before?: Spread;
  readonly after?: Spread;
  /** Between the medians, later less earlier; undefined where one is missing. */
  readonly difference?: number;
  /** `unclear`: the medians differ, and chance may have done it. */
  readonly change: 'better' | 'worse' | 'same' | 'unclear' | 'new' | 'gone';
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** Figures that are longer or shorter by where between two advertisements the fault fell. */
const phaseDependent: readonly FigureName[] = [
  'detection',
  'takeover',
  'outage',
  'failback-outage',
  'double-master',
  'no-master',
  'settling',
];

/** The longest Advertisement_Interval of the drill, in milliseconds. */
export function timingNoiseMs({ environment }: DrillReport): number {
  const intervals = environment.nodes.flatMap(({ instances }) =>
    instances.map(({ advertisementIntervalMs }) => advertisementIntervalMs),
  );
  return Math.max(0, ...intervals);
}

export function compareFigures(
  before: readonly ScenarioRun[],
  after: readonly ScenarioRun[],
  noiseMs: number,
): readonly FigureComparison[] {
  return figureNames.flatMap((name) => {
    const [was, is] = [ofName(before, name), ofName(after, name)];
    const known = is[0] ?? was[0];
    if (known === undefined) return [];
    const { title, unit } = known;
    return [{ name, title, unit, ...compareValues(valuesOf(was), valuesOf(is), { name, unit, noiseMs }) }];
  });
}

function ofName(runs: readonly ScenarioRun[], name: FigureName): ScenarioRun['figures'] {
  return runs.flatMap(({ figures }) => figures.filter((figure) => figure.name === name));
}

function valuesOf(figures: ScenarioRun['figures']): readonly number[] {
  return figures.map(({ value }) => value);
}

interface FigureKind {
  readonly name: FigureName;
  readonly unit: FigureUnit;
  readonly noiseMs: number;
}

function compareValues(
  was: readonly number[],
  is: readonly number[],
  kind: FigureKind,
): Pick<FigureComparison, 'before' | 'after' | 'difference' | 'change'> {
  const [before, after] = [spreadOf(was), spreadOf(is)];
  if (before === undefined) return after === undefined ? { change: 'same' } : { after, change: 'new' };
  if (after === undefined) return { before, change: 'gone' };
  const difference = before.median === after.median ? 0 : after.median - before.median;
  return { before, after, difference, change: changeOf(was, is, { ...kind, before, after, difference }) };
}

function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const middle = (at: number): number => sorted[Math.floor(at)] ?? min;
  const [lower, upper] = [middle((sorted.length - 1) / 2), middle(sorted.length / 2)];
  // Half of two times never is never, not nothing.
  return { median: lower === upper ? lower : (lower + upper) / 2, min, max, runs: sorted.length };
}

/** So many runs on both sides let the rank sum test reach 1 %. */
const enoughRuns = 5;
const chance = 0.01;
const floors: Readonly<Record<FigureUnit, number>> = { ms: 20, count: 1, percent: 0.1 };

interface Question extends FigureKind {
  readonly before: Spread;
  readonly after: Spread;
  readonly difference: number;
}

function changeOf(
  was: readonly number[],
  is: readonly number[],
  { name, unit, noiseMs, before, after, difference }: Question,
): FigureComparison['change'] {
  const size = Math.abs(difference);
  const larger = Math.max(before.median, after.median);
  const isNever = !Number.isFinite(size);
  if (size < floors[unit] || (!isNever && size < larger * 0.05)) return 'same';
  const direction = difference > 0 ? 'worse' : 'better';
  if (was.length >= enoughRuns && is.length >= enoughRuns)
    return rankSumProbability(was, is) <= chance ? direction : 'unclear';
  const isApart = before.max < after.min || after.max < before.min;
  const isFar = isNever || size > larger / 4;
  const isBeyondPhase = !phaseDependent.includes(name) || size > noiseMs;
  return isApart && isFar && isBeyondPhase ? direction : 'unclear';
}
