/** The last line for people: `3 errors, 5 warnings, 2 notes in 2 files (1 fixable with --fix)`. */
import { type Finding, type Level, levels } from '../finding.ts';
import { withThousands } from '../fold.ts';
import type { LintReport } from './report.ts';

const nouns: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'note' };

export function summaryOf({ findings, fileNames, suppressedCount }: LintReport): string {
  const found = levels.map((level) => counted(countOf(findings, level), nouns[level])).join(', ');
  const fixable = findings.filter(({ fix }) => fix?.isSafe).length;
  const asides = [
    ...(fixable > 0 ? [`${withThousands(fixable)} fixable with --fix`] : []),
    ...(suppressedCount > 0 ? [`${withThousands(suppressedCount)} suppressed by comments`] : []),
  ];
  const files = counted(fileNames.length, 'file');
  return `${found} in ${files}${asides.length > 0 ? ` (${asides.join(', ')})` : ''}`;
}

export function countOf(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

function counted(count: number, noun: string): string {
  return `${withThousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}
