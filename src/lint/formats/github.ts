/** Commands to GitHub Actions, which shows them at the lines of a change: `::error file=...,line=...::message`. */
import type { Finding, Level } from '../finding.ts';
import { describeHidden, foldFindings } from '../fold.ts';
import { cleanText } from './clean-text.ts';
import { chainedNotes, placeText } from './message.ts';
import { regionOf } from './region.ts';
import type { Format, LintReport } from './report.ts';

const commands: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'notice' };

export const formatGithub: Format = ({ findings, sources }, { maxFindings }) => {
  const { shown, hidden } = foldFindings(findings, maxFindings, sources);
  return [
    ...shown.map((finding) => commandOf(finding, sources)),
    ...hidden.map(
      (part) => `::${commands[part.level]} title=${inProperty(part.rule)}::${inData(describeHidden(part))}`,
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
};

function commandOf(finding: Finding, sources: LintReport['sources']): string {
  const { level, rule, message, help } = finding;
  const properties = [...placeProperties(finding, sources), `title=${inProperty(rule)}`];
  const notes = chainedNotes(finding, sources).map((note) => {
    const place = placeText(note.span, sources);
    return `note: ${place === '' ? '' : `${place}: `}${note.message}`;
  });
  const lines = [message, ...(help === undefined ? [] : [`help: ${help}`]), ...notes];
  return `::${commands[level]} ${properties.join(',')}::${lines.map(inData).join('%0A')}`;
}

function placeProperties({ span }: Finding, sources: LintReport['sources']): readonly string[] {
  if (span === undefined) return [];
  const file = `file=${inProperty(span.file)}`;
  const region = regionOf(span, sources);
  if (region === undefined) return [file];
  const { line, column, endLine, endColumn } = region;
  // Columns are shown only within one line.
  const columns = line === endLine ? [`col=${column}`, `endColumn=${endColumn}`] : [];
  return [file, `line=${line}`, `endLine=${endLine}`, ...columns];
}

/** The runner takes these for the end of the message, or for the begin of an escape. */
function inData(text: string): string {
  return cleanText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
