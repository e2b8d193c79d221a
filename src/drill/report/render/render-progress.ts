/** Lines for somebody who watches a drill: what is being done now, and each scenario's outcome as soon as there is one. Pure. */

import type { ScenarioReport } from '../report.ts';
import { brokenFindings, figureRow } from './figure-rows.ts';
import { formatDuration } from './numbers.ts';
import { safeText } from './safe-text.ts';
import { cut, padEnd, wrap } from './text/layout.ts';
import { paintFor } from './text/paint.ts';
import { paintVerdict } from './text/scenario-text.ts';

export interface ProgressStyle {
  readonly colour: boolean;
  readonly width: number;
}

export interface ProgressPlace {
  /** 1 for the first. */
  readonly scenario: number;
  readonly ofScenarios: number;
  readonly name: string;
  readonly run: number;
  readonly ofRuns: number;
  /** Of the scenario. */
  readonly elapsedMs: number;
}

/** ` 3/24  sigkill  run 2 of 5  12.4 s  lb01 is started again`: one line without its end, cut to the width. */
export function renderProgress(place: ProgressPlace, what: string, { colour, width }: ProgressStyle): string {
  const paint = paintFor(colour);
  const { scenario, ofScenarios, name, run, ofRuns, elapsedMs } = place;
  const head = `${counter(scenario, ofScenarios)}  ${safeText(name)}`;
  const runs = ofRuns > 1 ? `  run ${run} of ${ofRuns}` : '';
  const before = `${head}${runs}  ${padEnd(formatSeconds(elapsedMs), 7)}`;
  const room = Math.max(10, width - before.length - 1);
  return `${paint(before, 'dim')} ${cut(safeText(what), room)}`;
}

/** A scenario's outcome with its main figures; of a failure the first reason below it. Ends with a newline. */
export function renderOutcome(
  scenario: ScenarioReport,
  { number, of }: { readonly number: number; readonly of: number },
  { colour, width }: ProgressStyle,
): string {
  const paint = paintFor(colour);
  const figures = (['takeover', 'outage', 'failed-requests'] as const).flatMap((name) => {
    const row = figureRow(scenario, name);
    return row === undefined ? [] : [`${row.title} ${row.median}`];
  });
  const head = `${counter(number, of)}  ${paintVerdict(scenario.verdict, paint)}  ${paint(safeText(scenario.name), 'bold')}`;
  const line = figures.length === 0 ? head : `${head}  ${figures.join(', ')}`;
  const first = brokenFindings(scenario)[0]?.finding;
  const why =
    first === undefined ? scenario.reason : `${first.what}: ${first.measured}; limit: ${first.limit}`;
  const lines =
    scenario.verdict === 'pass' || why === undefined ? [line] : [line, ...wrap(why, width, '       ')];
  return `${lines.join('\n')}\n`;
}

function counter(number: number, of: number): string {
  return `${String(number).padStart(String(of).length + 1)}/${of}`;
}

function formatSeconds(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatDuration(ms);
}
