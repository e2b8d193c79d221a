/** All scenarios in one table: verdict, and what was measured beside what was expected and allowed. Pure. */
import type { DrillReport, FigureName, ScenarioReport } from '../../report.ts';
import { type FigureRow, figureRow } from '../figure-rows.ts';
import type { Anchors } from './headline.ts';
import { html, type Markup } from './markup.ts';
import { verdictBadge } from './verdict-badge.ts';

interface Shown {
  readonly name: FigureName;
  readonly title: string;
}

const shown: readonly Shown[] = [
  { name: 'takeover', title: 'Takeover' },
  { name: 'takeover-after-last-advert', title: 'After last advert' },
  { name: 'outage', title: 'Outage' },
  { name: 'failback-outage', title: 'Outage at return' },
  { name: 'failed-requests', title: 'Failed requests' },
  { name: 'double-master', title: 'Two Masters' },
];

/** On a narrow screen every row becomes a card; the roles keep it a table for those who do not see it. */
export function overview({ scenarios, runsWanted }: DrillReport, anchors: Anchors): Markup | undefined {
  if (scenarios.length === 0) return undefined;
  const columns = shown.filter(({ name }) => scenarios.some((one) => figureRow(one, name) !== undefined));
  const which = runsWanted > 1 ? 'Medians of all runs, with the maximum where it differs; ' : '';
  return html`<section aria-labelledby="overview"><h2 id="overview">All scenarios</h2>
<table class="overview" role="table"><caption>${which}${which === '' ? 'Below' : 'below'} each figure is what the files lead one to expect, and the limit that it was judged by.</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Scenario</th><th role="columnheader" scope="col">Verdict</th>${columns.map(
    ({ title }) => html`<th role="columnheader" scope="col" class="number">${title}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${scenarios.map((one) => overviewRow(one, columns, anchors))}</tbody></table></section>`;
}

function overviewRow(scenario: ScenarioReport, columns: readonly Shown[], anchors: Anchors): Markup {
  const { name, title, verdict, reason, runs } = scenario;
  const heading = html`<th role="rowheader" scope="row"><a href="#${anchors(name)}">${name}</a><span class="aside">${title}</span></th><td role="cell">${verdictBadge(verdict)}</td>`;
  if (runs.length === 0)
    return html`<tr role="row" class="not-played">${heading}<td role="cell" class="reason" colspan="${columns.length}">${reason ?? ''}</td></tr>
`;
  return html`<tr role="row">${heading}${columns.map((column) => overviewCell(figureRow(scenario, column.name), column))}</tr>
`;
}

function overviewCell(row: FigureRow | undefined, { title }: Shown): Markup {
  if (row === undefined)
    return html`<td role="cell" class="number is-empty"><span aria-label="not measured">–</span></td>`;
  const { median, max, expected, limit, holds } = row;
  return html`<td role="cell" class="number${holds === false && ' is-broken'}"><span class="label">${title}</span> <span class="value">${
    holds === false && html`<span aria-hidden="true">✗</span> `
  }${median}</span>${max !== median && html`<span class="beside">max ${max}</span>`}${
    expected !== undefined && html`<span class="beside">expected ${expected}</span>`
  }${limit !== undefined && html`<span class="beside">${holds === false && 'broken: '}${limit}</span>`}</td>`;
}
