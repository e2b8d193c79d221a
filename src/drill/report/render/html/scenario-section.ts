/** One scenario of the page: what was broken, its figures, and its runs. Pure. */
import type { ScenarioReport, ScenarioRun } from '../../report.ts';
import { brokenFindings, type FigureRow, figureRow, figureRows } from '../figure-rows.ts';
import { formatDuration } from '../numbers.ts';
import { verdictWords } from '../words.ts';
import { runsPlot } from './drawing/runs-plot.ts';
import { html, type Markup } from './markup.ts';
import { runBody } from './run-section.ts';
import { table } from './table.ts';
import { holdsBadge, verdictBadge } from './verdict-badge.ts';

export interface SectionPlace {
  readonly id: string;
  readonly isOpen: boolean;
}

export function scenarioSection(scenario: ScenarioReport, { id, isOpen }: SectionPlace): Markup {
  const { name, title, description, verdict, reason, runs } = scenario;
  return html`<article class="scenario is-${verdict}${runs.length > 0 && ' is-played'}" id="${id}"><details${isOpen && html` open`}>
<summary><h3>${verdictBadge(verdict)} <span class="name">${name}</span> <span class="aside">${title}</span></h3><span class="glance">${glance(scenario)}</span></summary>
<p class="description">${description}</p>
${reason !== undefined && brokenFindings(scenario).length === 0 && html`<p class="reason"><strong>${verdictWords[verdict]}:</strong> ${reason}</p>`}
${runs.length === 1 ? runBody(firstOf(runs), id, figureTable(figureRows(scenario))) : html`${figureTable(figureRows(scenario))}${runList(scenario, id)}`}
</details></article>
`;
}

function firstOf(runs: readonly ScenarioRun[]): ScenarioRun {
  const first = runs[0];
  if (first === undefined) throw new Error('a scenario with one run has a first');
  return first;
}

/** What is to be read while it is folded. */
function glance(scenario: ScenarioReport): string {
  const parts = (['takeover', 'outage', 'failed-requests'] as const).flatMap((name) => {
    const row = figureRow(scenario, name);
    return row === undefined ? [] : [`${row.title} ${row.median}`];
  });
  return parts.join(' · ');
}

function figureTable(rows: readonly FigureRow[]): Markup | undefined {
  const isRepeated = rows.some(({ runs }) => runs > 1);
  const hasExpected = rows.some(({ expected }) => expected !== undefined);
  return table({
    caption: isRepeated ? 'Figures over all runs' : 'Figures',
    columns: [
      { title: 'Figure' },
      { title: isRepeated ? 'Median' : 'Measured', isNumber: true },
      ...(isRepeated ? [{ title: 'Maximum', isNumber: true }, { title: 'Runs' }] : []),
      ...(hasExpected ? [{ title: 'Expected', isNumber: true }] : []),
      { title: 'Limit', isNumber: true },
      { title: 'Verdict' },
    ],
    rows: rows.map((row) => [
      row.title,
      row.median,
      ...(isRepeated ? [row.max, runsPlot(row)] : []),
      ...(hasExpected ? [row.expected] : []),
      row.limit,
      holdsBadge(row.holds),
    ]),
    style: 'plain figures',
  });
}

/** So many timelines a scenario; the others are in the JSON. */
const mostDrawn = 4;

/** The run that tells most is open: the first that failed, else the one with the longest outage. */
function runList({ runs }: ScenarioReport, id: string): Markup | undefined {
  if (runs.length === 0) return undefined;
  const telling = runs.toSorted((a, b) => rankOf(b) - rankOf(a));
  const drawn = new Set(telling.slice(0, mostDrawn).map(({ run }) => run));
  const omitted = runs.length - drawn.size;
  return html`${runs.map((run) => {
    const head = html`<h4>Run ${run.run}</h4> ${verdictBadge(run.verdict)} <span class="glance">${runGlance(run)}</span>`;
    if (!drawn.has(run.run))
      return html`<div class="run is-short">${head}</div>
`;
    return html`<details class="run"${run.run === telling[0]?.run && html` open`}><summary>${head}</summary>${runBody(run, `${id}-run-${run.run}`)}</details>
`;
  })}${
    omitted > 0 &&
    html`<p class="note">Drawn are the ${drawn.size} runs that failed or took longest; the other ${omitted} are whole in the report as JSON.</p>`
  }`;
}

function rankOf({ verdict, figures }: ScenarioRun): number {
  const outage =
    figures.find(({ name }) => name === 'outage') ?? figures.find(({ name }) => name === 'takeover');
  return (verdict === 'pass' ? 0 : 1e12) + Math.min(outage?.value ?? 0, 1e11);
}

function runGlance({ figures, reason }: ScenarioRun): string {
  const parts = figures
    .filter(({ name }) => name === 'takeover' || name === 'outage')
    .map(({ title, value }) => `${title} ${formatDuration(value)}`);
  return [...parts, ...(reason === undefined ? [] : [reason])].join(' · ');
}
