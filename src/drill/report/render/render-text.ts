/** The report for a terminal: the verdict first, then what a client would have felt, then every scenario. Pure. */

import type { Comparison } from '../compare.ts';
import type { CleanUpProof, DrillReport } from '../report.ts';
import { highlights } from './client-view.ts';
import { formatCommand } from './command-line.ts';
import { durationBetween, formatDuration } from './numbers.ts';
import { renderComparisonText } from './render-comparison-text.ts';
import { safeText } from './safe-text.ts';
import { columns, wrap } from './text/layout.ts';
import { type Paint, paintFor } from './text/paint.ts';
import { paintVerdict, scenarioText, type TextStyle } from './text/scenario-text.ts';
import { drilledNodes, exitSentence, tallySentence } from './words.ts';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; less than 60 count as 60. */
  readonly width: number;
  /** With a former report. */
  readonly comparison?: Comparison;
}

/** Ends with a newline. */
export function renderText(report: DrillReport, options: TextOptions): string {
  const style: TextStyle = {
    width: Math.max(60, Math.min(options.width, 160)),
    paint: paintFor(options.colour),
  };
  const { comparison } = options;
  const parts = [
    verdictPart(report, style),
    feltPart(report, style),
    ...report.scenarios.map((scenario) => scenarioText(scenario, style)),
    comparison === undefined ? '' : renderComparisonText(comparison, options),
    listPart('Notes', report.notes, style),
    evidencePart(report, style),
    cleanUpPart(report.cleanUp, style),
    `${heading('Repeat it', style.paint)}  ${formatCommand(report.command)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function heading(text: string, paint: Paint): string {
  return `${paint(text, 'bold')}\n`;
}

function verdictPart(report: DrillReport, { width, paint }: TextStyle): string {
  const { verdict, reason, startedAt, endedAt } = report;
  const tookMs = durationBetween(startedAt, endedAt);
  const took = tookMs === undefined ? '' : ` in ${formatDuration(tookMs)}`;
  const { kernel, mode } = report.environment;
  const where =
    mode === 'live'
      ? 'Watched on the real pair'
      : `Played in a lab on the ${kernel.which} kernel ${kernel.release}`;
  const lines = [
    `${paintVerdict(verdict, paint)}  failover drill of ${safeText(drilledNodes(report))}${took}`,
    ...wrap(tallySentence(report), width, '  '),
    ...(reason === undefined ? [] : wrap(reason, width, '  ')),
    ...wrap(`${where}.`, width, '  '),
    `  Exit status ${exitSentence(report)}.`,
  ];
  return `${lines.join('\n')}\n`;
}

function feltPart(report: DrillReport, { width, paint }: TextStyle): string {
  const rows = highlights(report).map(({ title, value, detail }) => [
    { text: title },
    { text: value, isNumber: true, paint: (text: string) => paint(text, 'bold') },
    { text: detail },
  ]);
  if (rows.length === 0) return '';
  return `${heading('What a client would have felt', paint)}${columns(rows, { width, indent: '  ', yielding: 2 }).join('\n')}\n`;
}

function listPart(title: string, sentences: readonly string[], { width, paint }: TextStyle): string {
  if (sentences.length === 0) return '';
  const lines = sentences.flatMap((sentence) =>
    wrap(sentence, width, '    ').map((line, index) => (index === 0 ? `  - ${line.trimStart()}` : line)),
  );
  return `${heading(title, paint)}${lines.join('\n')}\n`;
}

function evidencePart({ evidence }: DrillReport, { width, paint }: TextStyle): string {
  if (evidence.length === 0) return '';
  const rows = evidence.map(({ name, what }) => [{ text: name }, { text: what }]);
  return `${heading('Evidence', paint)}${columns(rows, { width, indent: '  ', yielding: 1 }).join('\n')}\n`;
}

function cleanUpPart(cleanUp: CleanUpProof | undefined, { width, paint }: TextStyle): string {
  if (cleanUp === undefined) return '';
  const broken = cleanUp.checks.filter(({ holds }) => !holds);
  if (cleanUp.isClean && broken.length === 0) {
    const found = cleanUp.checks.map(({ what, found: seen }) => `${what} (${seen})`).join('; ');
    return `${heading('Clean-up', paint)}${wrap(`Nothing of the drill is left: ${found || 'nothing was built'}.`, width, '  ').join('\n')}\n`;
  }
  const left = broken.flatMap(({ what, found }) => wrap(`${what}: ${found}`, width, '    '));
  return `${heading('Clean-up', paint)}  ${paint('Something of the drill is left.', 'red', 'bold')}\n${left.map((line) => `${line}\n`).join('')}`;
}
