/** The report as JSON: always in the same order, so that two reports can be compared line by line. Pure. */
import { safeJson } from '../../../lint/formats/clean-text.ts';
import type { DrillReport } from '../report.ts';

/** What a reader looks for first; the rest follows by alphabet. */
const firstKeys = [
  'schemaVersion',
  'id',
  'run',
  'name',
  'title',
  'kind',
  'what',
  'verdict',
  'exitStatus',
  'reason',
  'holds',
  'measured',
  'limit',
];

/**
 * Ends with a newline. JSON has no number for what never came: it is the string "Infinity", so that a comparison with a
 * limit cannot take it for a small number, as it would take null. What is undefined is left out.
 */
export function renderJson(report: DrillReport): string {
  return safeJson(ordered(report));
}

function ordered(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

function rank(key: string): number {
  const place = firstKeys.indexOf(key);
  return place === -1 ? firstKeys.length : place;
}
