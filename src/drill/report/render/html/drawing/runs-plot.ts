/** One dot a run on a line from 0, with what was expected: how far the runs of a figure lie apart. Pure. */
import type { FigureRow } from '../../figure-rows.ts';
import { formatFigure } from '../../numbers.ts';
import { percent } from '../../scale.ts';
import { html, type Markup } from '../markup.ts';

/** Nothing for a single run, or where all are alike. */
export function runsPlot({ values, unit, expectedValue, title }: FigureRow): Markup | undefined {
  const known = values.filter(Number.isFinite);
  if (new Set(known).size < 2) return undefined;
  const most = Math.max(...known, expectedValue ?? 0);
  const at = (value: number): string => percent(most <= 0 ? 0.04 : 0.04 + (0.92 * Math.max(0, value)) / most);
  const [least, greatest] = [Math.min(...known), Math.max(...known)];
  const words = `${title}: ${known.length} runs from ${formatFigure(least, unit)} to ${formatFigure(greatest, unit)}`;
  return html`<svg class="runs" height="20" role="img" aria-label="${words}"><title>${words}</title><line class="runs-axis" x1="4%" x2="96%" y1="10" y2="10"/>${
    expectedValue !== undefined &&
    html`<line class="runs-expected" x1="${at(expectedValue)}" x2="${at(expectedValue)}" y1="2" y2="18"/>`
  }${known.map((value) => html`<circle class="runs-dot" cx="${at(value)}" cy="10" r="3.5"/>`)}</svg>`;
}
