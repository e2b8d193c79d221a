/** One run of a scenario: what had to hold, the timeline, and everything that was measured. Pure. */
import type { ScenarioRun } from '../../report.ts';
import { formatDuration, formatOffset } from '../numbers.ts';
import { connectionTable, latencyTable, neighbourTable, trafficTable } from './client-tables.ts';
import { closeUps } from './drawing/close-ups.ts';
import { legend } from './drawing/symbols.ts';
import { describeTimeline, timelineSvg } from './drawing/timeline-svg.ts';
import { eventTable } from './event-table.ts';
import { type Child, html, type Markup } from './markup.ts';
import { notificationTable, stateTable, tableSection, takeoverTable, windowTable } from './node-tables.ts';
import { table } from './table.ts';
import { holdsBadge } from './verdict-badge.ts';

/** `figures` stand below the timeline where the scenario has no table of its own, for it has one run only. */
export function runBody(run: ScenarioRun, id: string, figures?: Markup): Markup {
  const zero = run.timeline.zeroAtMs;
  return html`${timelineFigure(run, id)}
${findingTable(run)}
${figures}
<div class="folds">${fold('What clients felt', [trafficTable(run), latencyTable(run), connectionTable(run, zero), neighbourTable(run, zero)])}
${fold('Who was Master', [takeoverTable(run, zero), windowTable(run, zero), stateTable(run, zero)])}
${fold('IPVS tables', [tableSection(run)])}
${fold('Notifications', [notificationTable(run, zero)])}
${fold('Events, as a list', [eventTable(run.timeline)])}</div>`;
}

/** Nothing where there is nothing in it. */
function fold(title: string, contents: readonly (Markup | undefined)[]): Markup | undefined {
  const present: readonly Child[] = contents.filter((one) => one !== undefined);
  if (present.length === 0) return undefined;
  return html`<details class="fold"><summary>${title}</summary>${present}</details>`;
}

function findingTable({ findings }: ScenarioRun): Markup | undefined {
  return table({
    caption: 'What had to hold',
    columns: [
      { title: 'What' },
      { title: 'Measured', isNumber: true },
      { title: 'Limit', isNumber: true },
      { title: 'Margin', isNumber: true },
      { title: 'Verdict' },
    ],
    rows: findings
      .toSorted((a, b) => Number(a.holds) - Number(b.holds))
      .map(({ what, explanation, measured, limit, margin, holds }) => [
        html`${what}${!holds && explanation !== undefined && html`<span class="why">${explanation}</span>`}`,
        measured,
        limit,
        holds ? (margin ?? '') : '',
        holdsBadge(holds),
      ]),
    style: 'plain findings',
  });
}

function timelineFigure(run: ScenarioRun, id: string): Markup | undefined {
  const { timeline } = run;
  if (timeline.lanes.length === 0) return undefined;
  const lengthMs = timeline.toMs - timeline.fromMs;
  return html`<figure class="timeline"><figcaption>Timeline of ${formatDuration(lengthMs)}; 0 is when the fault began${leftOut(timeline)}.</figcaption>
${timelineSvg({ timeline, id: `${id}-whole`, title: 'Timeline of the whole run', description: describeTimeline(timeline) })}
${closeUps(run).map(
  (
    { title, fromMs, toMs },
    index,
  ) => html`<p class="close-up">${title}: ${formatDuration(toMs - fromMs)}, from ${formatOffset(fromMs - timeline.zeroAtMs, 1)}</p>
${timelineSvg({ timeline, id: `${id}-close-${index + 1}`, title, description: describeTimeline(timeline), fromMs, toMs })}`,
)}${legend(timeline)}</figure>`;
}

function leftOut({ lanes, spans, points }: ScenarioRun['timeline']): string {
  const busy = new Set([...spans, ...points].map(({ lane }) => lane));
  const isOut = lanes.some(({ id, kind }) => kind === 'server' && !busy.has(id));
  return isOut ? '; real servers to which nothing happened are left out' : '';
}
