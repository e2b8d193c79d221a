/** What changed since a former drill, for a terminal. Pure. */

import type { Comparison } from '../compare.ts';
import type { FigureComparison, Spread } from '../compare-figures.ts';
import {
  changedFigures,
  changeWords,
  comparisonSentences,
  formatDifference,
  spreadDetail,
} from './comparison-words.ts';
import { titleOf } from './figure-rows.ts';
import { formatFigure } from './numbers.ts';
import { columns, wrap } from './text/layout.ts';
import { paintFor } from './text/paint.ts';

const styles = {
  better: 'green',
  worse: 'red',
  unclear: 'yellow',
  same: 'dim',
  new: 'dim',
  gone: 'dim',
} as const;

/** On a narrower terminal medians must do. */
const rangesWidth = 130;

/** Ends with a newline. */
export function renderComparisonText(
  comparison: Comparison,
  options: { readonly colour: boolean; readonly width: number },
): string {
  const paint = paintFor(options.colour);
  const width = Math.max(60, options.width);
  const changed = changedFigures(comparison);
  const rows = changed.map(({ scenario, figure }) => [
    { text: `${scenario}: ${titleOf(figure)}` },
    { text: medianText(figure.before, figure.unit), isNumber: true },
    { text: '->' },
    { text: medianText(figure.after, figure.unit), isNumber: true },
    { text: formatDifference(figure), isNumber: true },
    { text: changeWords[figure.change], paint: (text: string) => paint(text, styleOf(figure)) },
    ...(width < rangesWidth
      ? []
      : [{ text: rangesText(figure), paint: (text: string) => paint(text, 'dim') }]),
  ]);
  const lines = [
    paint('Compared with before', 'bold'),
    ...comparisonSentences(comparison).flatMap((sentence) => wrap(sentence, width, '  ')),
    ...columns(rows, { width, indent: '  ' }),
    ...comparison.circumstances.flatMap(({ what, before, after }) =>
      wrap(`${what} differs: ${shorten(before)} before, ${shorten(after)} now.`, width, '  '),
    ),
    ...(changed.length === 0 ? [] : comparison.method.flatMap((sentence) => wrap(sentence, width, '  '))),
  ];
  return `${lines.join('\n')}\n`;
}

function medianText(spread: Spread | undefined, unit: FigureComparison['unit']): string {
  return spread === undefined ? '-' : formatFigure(spread.median, unit);
}

/** Nothing where there was one run on either side. */
function rangesText({ before, after, unit }: FigureComparison): string {
  const details = [before, after].map((spread) => (spread === undefined ? '' : spreadDetail(spread, unit)));
  return details.every((detail) => detail === '')
    ? ''
    : details.map((detail) => detail || 'one run').join(' -> ');
}

function styleOf({ change }: FigureComparison): (typeof styles)[keyof typeof styles] {
  return styles[change];
}

/** Of a SHA-256 its first 12 digits. */
function shorten(value: string | undefined): string {
  if (value === undefined) return 'none';
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
}
