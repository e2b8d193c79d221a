/** For people: every finding with its line, what to do about it and where to read on, then the numbers. */
import type { Finding } from '../finding.ts';
import { describeHidden, foldFindings } from '../fold.ts';
import { joinEqual } from '../join-equal.ts';
import { formatMessage } from './message.ts';
import { coloured, plain } from './paint.ts';
import type { Format } from './report.ts';
import { summaryOf } from './summary.ts';

export const formatText: Format = (report, { isColoured, maxFindings, hasSummary }) => {
  const paint = isColoured ? coloured : plain;
  const { shown, hidden } = foldFindings(
    joinEqual(report.findings, maxFindings, report.sources),
    maxFindings,
    report.sources,
  );
  return [
    ...shown.map((finding) =>
      formatMessage({ ...finding, name: finding.rule, more: furtherLines(finding) }, report.sources, paint),
    ),
    ...(hidden.length > 0 ? [hidden.map(describeHidden).join('\n')] : []),
    ...(hasSummary ? [summaryOf(report)] : []),
  ]
    .map((part) => `${part}\n`)
    .join('\n');
};

function furtherLines({ rule, fix }: Finding): readonly (readonly [string, string])[] {
  const docs = ['docs', `holdfast explain ${rule}`] as const;
  if (fix === undefined) return [docs];
  return [['fix', `${fix.title} (fixable with ${fix.isSafe ? '--fix' : '--unsafe-fixes'})`], docs];
}
