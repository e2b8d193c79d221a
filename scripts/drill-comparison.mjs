/**
 * Prints two drills of one pair side by side, as a table for docs/drill-comparison.md: `node scripts/drill-comparison.mjs A/report.json
 * B/report.json`. Medians where a scenario was played several times.
 */
import { readFileSync } from 'node:fs';

const [first, second] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
if (second === undefined) throw new Error('usage: drill-comparison.mjs REPORT.json REPORT.json');

const figures = [
  ['takeover', 'takeover'],
  ['longest outage', 'outage'],
  ['outage at the return', 'failback-outage'],
  ['failed requests', 'failed-requests'],
  ['two Masters', 'double-master'],
  ['long connections lost', 'connections-lost'],
];

const heads = ['scenario', 'verdict', ...figures.map(([title]) => title)];
process.stdout.write(`${row(heads)}${row(heads.map(() => '---'))}`);
for (const one of first.scenarios) {
  const other = second.scenarios.find(({ name }) => name === one.name);
  if (other === undefined || one.name === 'steady-state') continue;
  if (one.verdict === 'skipped' && other.verdict === 'skipped') continue;
  const cells = figures.map(([, figure]) => both(value(one, figure), value(other, figure)));
  process.stdout.write(row([one.name, both(one.verdict, other.verdict), ...cells]));
}

function row(cells) {
  return `| ${cells.join(' | ')} |\n`;
}

function both(one, other) {
  return one === other ? one : `${one} / ${other}`;
}

function value({ summary }, name) {
  const found = summary.find((figure) => figure.name === name);
  if (found === undefined) return '-';
  return found.unit === 'ms' ? `${(found.median / 1000).toFixed(2)} s` : String(found.median);
}
