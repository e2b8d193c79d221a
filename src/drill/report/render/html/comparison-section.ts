/** What changed since a former drill, as a part of the page. Pure. */
import type { Comparison } from '../../compare.ts';
import type { FigureComparison } from '../../compare-figures.ts';
import {
  changedFigures,
  changeWords,
  comparisonSentences,
  formatDifference,
  spreadDetail,
} from '../comparison-words.ts';
import { titleOf } from '../figure-rows.ts';
import { formatFigure } from '../numbers.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

export function comparisonSection(comparison: Comparison): Markup {
  const [first, ...rest] = comparisonSentences(comparison);
  return html`<section aria-labelledby="compared"><h2 id="compared">Compared with before</h2>
<p>${first}</p>${rest.length > 0 && html`<ul>${rest.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}
${figureTable(comparison)}
${circumstanceTable(comparison)}
<details class="fold"><summary>How a change is told from chance</summary>${comparison.method.map((sentence) => html`<p>${sentence}</p>`)}</details>
</section>`;
}

const signs = { better: '▼ ', worse: '▲ ', same: '', unclear: '? ', new: '', gone: '' } as const;

function figureTable(comparison: Comparison): Markup | undefined {
  return table({
    caption: 'Figures whose medians differ',
    columns: [
      { title: 'Scenario' },
      { title: 'Figure' },
      { title: 'Before', isNumber: true },
      { title: 'Now', isNumber: true },
      { title: 'Difference', isNumber: true },
      { title: 'Change' },
    ],
    rows: changedFigures(comparison).map(({ scenario, figure }) => [
      scenario,
      titleOf(figure),
      spreadCell(figure, 'before'),
      spreadCell(figure, 'after'),
      formatDifference(figure),
      html`<span class="${figure.change}">${signs[figure.change]}${changeWords[figure.change]}</span>`,
    ]),
  });
}

function spreadCell(figure: FigureComparison, side: 'before' | 'after'): Markup {
  const spread = figure[side];
  if (spread === undefined) return html`–`;
  const more = spreadDetail(spread, figure.unit);
  return html`${formatFigure(spread.median, figure.unit)}${more !== '' && html`<span class="aside">${more}</span>`}`;
}

function circumstanceTable({ circumstances }: Comparison): Markup | undefined {
  return table({
    caption: 'What else is different, and may explain it',
    columns: [{ title: 'What' }, { title: 'Before' }, { title: 'Now' }],
    rows: circumstances.map(({ what, before, after }) => [
      what,
      html`<code class="hash">${before ?? 'none'}</code>`,
      html`<code class="hash">${after ?? 'none'}</code>`,
    ]),
  });
}
