/** The sentences of a comparison, for every format. Pure. */
import type { Comparison, ScenarioComparison } from '../compare.ts';
import type { FigureComparison, Spread } from '../compare-figures.ts';
import { countOf, formatFigure, formatInstant } from './numbers.ts';
import { verdictPhrase } from './words.ts';

export interface ChangedFigure {
  readonly scenario: string;
  readonly figure: FigureComparison;
}

/** Figures that got worse, then better, then those that are unclear. */
export function changedFigures({ scenarios }: Comparison): readonly ChangedFigure[] {
  const order: readonly FigureComparison['change'][] = ['worse', 'better', 'unclear'];
  const all = scenarios.flatMap(({ name, figures }) => figures.map((figure) => ({ scenario: name, figure })));
  return order.flatMap((change) => all.filter(({ figure }) => figure.change === change));
}

/** Sentences, most important first; one that says so where nothing changed. */
export function comparisonSentences(comparison: Comparison): readonly string[] {
  const { scenarios, before } = comparison;
  const changed = changedFigures(comparison);
  const count = (change: FigureComparison['change']): number =>
    changed.filter(({ figure }) => figure.change === change).length;
  const sentences = scenarios.flatMap(scenarioSentences);
  const [worse, better, unclear] = [count('worse'), count('better'), count('unclear')];
  const figures = [
    ...(worse > 0 ? [`${countOf(worse, 'figure')} got worse`] : []),
    ...(better > 0 ? [`${countOf(better, 'figure')} got better`] : []),
    ...(unclear > 0 ? [`${countOf(unclear, 'difference')} may be chance`] : []),
  ];
  const since = `Since the drill of ${formatInstant(before.startedAt)}`;
  if (sentences.length === 0 && figures.length === 0)
    return [`${since} no verdict and no figure has changed beyond chance.`];
  return [`${since}: ${figures.join(', ') || 'no figure has changed beyond chance'}.`, ...sentences];
}

function scenarioSentences(one: ScenarioComparison): readonly string[] {
  const { name, presence, verdictBefore, verdictAfter, brokenNow, mended } = one;
  if (presence === 'new') return [`${name} is new, and ${word(verdictAfter)}.`];
  if (presence === 'gone') return [`${name} is not in this drill any more; it ${word(verdictBefore)}.`];
  return [
    ...(verdictBefore !== verdictAfter
      ? [`${name} ${word(verdictBefore)} before, and ${word(verdictAfter)} now.`]
      : []),
    ...brokenNow.map((what) => `${name} breaks now: ${what}.`),
    ...mended.map((what) => `${name} holds again: ${what}.`),
  ];
}

function word(verdict: ScenarioComparison['verdictBefore']): string {
  return verdict === undefined ? 'is unknown' : verdictPhrase(verdict);
}

/** `3.50 s to 3.72 s, 5 runs`; nothing of a single run. */
export function spreadDetail({ min, max, runs }: Spread, unit: FigureComparison['unit']): string {
  if (runs === 1) return '';
  const [least, most] = [formatFigure(min, unit), formatFigure(max, unit)];
  return least === most ? `${runs} runs` : `${least} to ${most}, ${runs} runs`;
}

/** `+1.20 s (+33 %)`. */
export function formatDifference({ difference, before, unit }: FigureComparison): string {
  if (difference === undefined) return '';
  const sign = difference < 0 ? '\u2212' : '+';
  const size = Math.abs(difference);
  if (!Number.isFinite(size)) return difference > 0 ? 'never now' : 'never before';
  const share = before !== undefined && before.median > 0 ? size / before.median : undefined;
  const relative = share === undefined ? '' : ` (${sign}${Math.round(share * 100)} %)`;
  return `${sign}${formatFigure(size, unit)}${relative}`;
}

export const changeWords: Readonly<Record<FigureComparison['change'], string>> = {
  better: 'better',
  worse: 'worse',
  same: 'same',
  unclear: 'unclear',
  new: 'new',
  gone: 'gone',
};
