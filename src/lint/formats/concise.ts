/** One line a finding: `lb01.conf:7:23: error: message [rule]`. */
import { describeHidden, foldFindings } from '../fold.ts';
import { formatHeadline } from './message.ts';
import { coloured, plain } from './paint.ts';
import type { Format } from './report.ts';

export const formatConcise: Format = ({ findings, sources }, { isColoured, maxFindings }) => {
  const { shown, hidden } = foldFindings(findings, maxFindings, sources);
  const paint = isColoured ? coloured : plain;
  return [
    ...shown.map((finding) => formatHeadline({ ...finding, name: finding.rule }, sources, paint)),
    ...hidden.map(describeHidden),
  ]
    .map((line) => `${line}\n`)
    .join('');
};
