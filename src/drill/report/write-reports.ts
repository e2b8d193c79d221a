/** A report in files: JSON and an HTML page in its folder, what else was asked for where it was asked for, and the terminal's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, compareReports } from './compare.ts';
import { readFormerReport } from './compare-former.ts';
import { renderHtml, renderJson, renderJunit, renderText } from './render/index.ts';
import type { DrillReport } from './report.ts';

export interface ReportWishes {
  readonly json: string | undefined;
  readonly junit: string | undefined;
  readonly html: string | undefined;
  /** With the report to compare with. */
  readonly former: DrillReport | undefined;
  readonly colour: boolean;
  readonly columns: number;
  readonly streams: { readonly out: (text: string) => void; readonly error: (text: string) => void };
}

export const reportFile = 'report.json';
export const pageFile = 'report.html';

/** What was drilled, for whoever makes the rest of it. */
export function writeReport(report: DrillReport, folder: string): void {
  writeFileSync(join(folder, reportFile), renderJson(report));
}

export function readReport(folder: string): DrillReport {
  const read = readFormerReport(readFileSync(join(folder, reportFile), 'utf8'));
  if (!read.ok) throw new Error(`${join(folder, reportFile)}: ${read.problem}`);
  return read.report;
}

/** Ends with where the page lies: what the operator looks at next. */
export function publishReports(report: DrillReport, folder: string, wishes: ReportWishes): void {
  const { former, streams, colour, columns } = wishes;
  const comparison: Comparison | undefined = former && compareReports(former, report);
  const compared = comparison === undefined ? {} : { comparison };
  const page = renderHtml(report, compared);
  writeFileSync(join(folder, pageFile), page);
  if (wishes.html !== undefined) writeFileSync(wishes.html, page);
  if (wishes.junit !== undefined) writeFileSync(wishes.junit, renderJunit(report));
  if (wishes.json !== undefined && wishes.json !== '-') writeFileSync(wishes.json, renderJson(report));
  const text = renderText(report, { colour, width: columns, ...compared });
  // Who wants JSON on standard output wants nothing else there.
  const say = wishes.json === '-' ? streams.error : streams.out;
  say(text);
  if (wishes.json === '-') streams.out(renderJson(report));
  say(`The report is ${join(folder, pageFile)}\n`);
}
