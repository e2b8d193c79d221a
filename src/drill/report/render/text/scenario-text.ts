/** One scenario as a compact block of text: verdict, what was broken, figures, failures, a timeline. Pure. */

import type { ReportVerdict, ScenarioReport, ScenarioRun } from '../../report.ts';
import { brokenFindings, type FigureRow, figureRows, inRuns } from '../figure-rows.ts';
import { safeText } from '../safe-text.ts';
import { verdictWords } from '../words.ts';
import { type Cell, columns, cut, widthOf, wrap } from './layout.ts';
import type { Paint, Tone } from './paint.ts';
import { timelineText } from './timeline-text.ts';

export interface TextStyle {
  readonly width: number;
  readonly paint: Paint;
}

const verdictStyles: Readonly<Record<ReportVerdict, Tone>> = {
  pass: 'green',
  fail: 'red',
  skipped: 'dim',
  aborted: 'yellow',
  'could-not-run': 'yellow',
};

export function paintVerdict(verdict: ReportVerdict, paint: Paint): string {
  return paint(verdictWords[verdict].toUpperCase(), 'bold', verdictStyles[verdict]);
}

export function scenarioText(scenario: ScenarioReport, { width, paint }: TextStyle): string {
  const { name, title, description, verdict, reason, runs } = scenario;
  const rows = figureRows(scenario);
  // The findings that are broken say it better.
  const hasBroken = brokenFindings(scenario).length > 0;
  const room = width - verdictWords[verdict].length - widthOf(safeText(name)) - 4;
  const lines = [
    `${paintVerdict(verdict, paint)}  ${paint(safeText(name), 'bold')}  ${cut(safeText(title), Math.max(10, room))}`,
    ...wrap(description, width, '  '),
    ...(reason === undefined || hasBroken ? [] : wrap(reason, width, '  ')),
    ...(rows.length === 0 ? [] : ['', ...figureLines(rows, width, paint)]),
    ...failureLines(scenario, width, paint),
    ...timelineLines(telling(runs), runs.length, width, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function figureLines(rows: readonly FigureRow[], width: number, paint: Paint): readonly string[] {
  const isRepeated = rows.some(({ runs }) => runs > 1);
  const dim = (text: string): string => paint(text, 'dim');
  const heads = [
    '',
    isRepeated ? 'median' : 'measured',
    ...(isRepeated ? ['maximum'] : []),
    'expected',
    'limit',
    '',
  ];
  return columns(
    [
      heads.map((text, index) => ({ text, paint: dim, isNumber: index > 0 && index < heads.length - 1 })),
      ...rows.map((row): readonly Cell[] => [
        { text: row.title },
        { text: row.median, isNumber: true },
        ...(isRepeated ? [{ text: row.max, isNumber: true }] : []),
        { text: row.expected ?? '', isNumber: true },
        { text: row.limit ?? '', isNumber: true },
        holdsCell(row.holds, paint),
      ]),
    ],
    { width, indent: '  ' },
  );
}

function holdsCell(holds: boolean | undefined, paint: Paint): Cell {
  if (holds === undefined) return { text: '' };
  return holds
    ? { text: 'ok', paint: (text) => paint(text, 'green') }
    : { text: 'BROKEN', paint: (text) => paint(text, 'red', 'bold') };
}

function failureLines(scenario: ScenarioReport, width: number, paint: Paint): readonly string[] {
  return brokenFindings(scenario).flatMap(({ finding, runs }) => {
    const where = inRuns(runs, scenario.runs.length);
    return [
      '',
      ...wrap(`${finding.what}: ${finding.measured}; limit: ${finding.limit}`, width - 9, '').map(
        (line, index) => (index === 0 ? `  ${paint('BROKEN', 'red', 'bold')} ${line}` : `         ${line}`),
      ),
      ...(where === '' ? [] : wrap(`${where}.`, width, '         ')),
      ...(finding.explanation === undefined ? [] : wrap(finding.explanation, width, '         ')),
    ];
  });
}

/** The first that failed, else the one with the longest outage. */
function telling(runs: readonly ScenarioRun[]): ScenarioRun | undefined {
  const outage = ({ figures }: ScenarioRun): number =>
    figures.find(({ name }) => name === 'outage')?.value ?? 0;
  return runs.find(({ verdict }) => verdict !== 'pass') ?? runs.toSorted((a, b) => outage(b) - outage(a))[0];
}

function timelineLines(
  run: ScenarioRun | undefined,
  ofRuns: number,
  width: number,
  paint: Paint,
): readonly string[] {
  if (run === undefined) return [];
  const lines = timelineText(run.timeline, width - 2, paint).map((line) => `  ${line}`);
  if (lines.length === 0) return [];
  return ['', ...(ofRuns > 1 ? [`  ${paint(`run ${run.run} of ${ofRuns}`, 'dim')}`] : []), ...lines];
}
