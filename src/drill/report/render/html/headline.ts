/** The first screen: did it pass, what would a client have felt, and what is wrong. Pure. */
import type { DrillReport, ScenarioReport } from '../../report.ts';
import { type Highlight, highlights } from '../client-view.ts';
import { brokenFindings, inRuns } from '../figure-rows.ts';
import { countOf, durationBetween, formatDuration, formatInstant } from '../numbers.ts';
import { drilledNodes, exitSentence, tallySentence, verdictSigns, verdictWords } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { verdictBadge } from './verdict-badge.ts';

/** The place of a scenario in the page; names are no safe ids. */
export type Anchors = (scenario: string) => string;

export function headline(report: DrillReport): Markup {
  const { verdict, startedAt, endedAt, environment, reason } = report;
  const tookMs = durationBetween(startedAt, endedAt);
  const took = tookMs === undefined ? '' : `, took ${formatDuration(tookMs)}`;
  const { kernel, mode } = environment;
  const where = mode === 'live' ? 'on the real pair' : `in a lab on the ${kernel.which} kernel`;
  return html`<header class="headline is-${verdict}">
<p class="kind">Failover drill ${where}</p>
<h1><span class="sign" aria-hidden="true">${verdictSigns[verdict]}</span> <span class="verdict">${capital(verdictWords[verdict])}</span>: ${drilledNodes(report)}</h1>
<p class="lede">${tallySentence(report)}</p>${reason !== undefined && html`<p class="lede">${reason}</p>`}
<p class="meta">${formatInstant(startedAt)}${took} · ${countOf(report.runsWanted, 'run')} of each scenario · seed ${report.seed} · exit status ${exitSentence(report)}</p>
</header>`;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

export function clientTiles(report: DrillReport, anchors: Anchors): Markup | undefined {
  const tiles = highlights(report);
  if (tiles.length === 0) return undefined;
  return html`<section aria-labelledby="felt"><h2 id="felt">What a client would have felt</h2>
<dl class="tiles">${tiles.map((tile) => tileOf(tile, anchors))}</dl></section>`;
}

function tileOf({ title, value, detail, scenario }: Highlight, anchors: Anchors): Markup {
  const text =
    scenario === undefined
      ? detail
      : html`<a href="#${anchors(scenario)}">${scenario}</a>${detail.slice(scenario.length)}`;
  return html`<div class="tile"><dt>${title}</dt><dd><span class="value">${value}</span> <span class="detail">${text}</span></dd></div>
`;
}

/** Every broken finding, and every scenario that did not come to a verdict; nothing where all held. */
export function problems({ scenarios, cleanUp }: DrillReport, anchors: Anchors): Markup | undefined {
  const items = [
    ...scenarios
      .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skipped')
      .map((one) => problem(one, anchors)),
    ...(cleanUp?.checks ?? [])
      .filter(({ holds }) => !holds)
      .map(
        ({ what, found }) =>
          html`<li class="is-fail"><h3><a href="#clean-up">clean-up</a></h3><p class="broken"><strong>${what}</strong>: ${found}</p></li>`,
      ),
  ];
  if (items.length === 0) return undefined;
  return html`<section aria-labelledby="wrong"><h2 id="wrong">What went wrong</h2><ul class="problems">${items}</ul></section>`;
}

function problem(scenario: ScenarioReport, anchors: Anchors): Markup {
  const { name, title, verdict, reason } = scenario;
  const broken = brokenFindings(scenario);
  return html`<li class="is-${verdict}"><h3>${verdictBadge(verdict)} <a href="#${anchors(name)}">${name}</a> <span class="aside">${title}</span></h3>${
    broken.length === 0 && html`<p class="broken">${reason ?? 'No reason is known.'}</p>`
  }${broken.map(
    ({ finding, runs }) =>
      html`<p class="broken"><strong>${finding.what}</strong>: ${finding.measured} (limit: ${finding.limit})${orNothing(inRuns(runs, scenario.runs.length))}. ${
        finding.explanation !== undefined && html`<span class="why">${finding.explanation}</span>`
      }</p>`,
  )}</li>
`;
}

function orNothing(words: string): string {
  return words === '' ? '' : `, ${words}`;
}
