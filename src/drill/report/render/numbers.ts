/** Numbers as people read them: with their unit, and with as many digits as they are good for. Pure. */
import type { FigureUnit } from '../report.ts';

/** `0.42 ms`, `361 ms`, `3.61 s`, `2 min 31 s`; `never` for what did not come. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return Number.isNaN(ms) ? 'unknown' : 'never';
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 9.995) return `${ms.toFixed(2)} ms`;
  if (size < 999.5) return `${Math.round(ms)} ms`;
  if (size < 99_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(size / 1000);
  const sign = ms < 0 ? '\u2212' : '';
  return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Of a figure, with its unit. */
export function formatFigure(value: number, unit: FigureUnit): string {
  if (unit === 'ms') return formatDuration(value);
  if (!Number.isFinite(value)) return 'unknown';
  if (unit === 'percent') return `${value.toFixed(2)} %`;
  return formatCount(Math.round(value * 10) / 10);
}

/** `12,345`. */
export function formatCount(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * A time after (+) or before (−) that of the injection: `+3.61 s`. Where times are told apart that lie closer together than
 * those digits, `finestMs` says how close: `+3.6098 s`.
 */
export function formatOffset(ms: number, finestMs = 10): string {
  if (!Number.isFinite(ms)) return 'unknown';
  if (ms === 0) return '0';
  const sign = ms < 0 ? '\u2212' : '+';
  const size = Math.abs(ms);
  if (size < 1000 || size >= 99_995 || finestMs >= 10) return `${sign}${formatDuration(size)}`;
  const digits = Math.min(6, Math.max(2, Math.ceil(3 - Math.log10(finestMs))));
  return `${sign}${(size / 1000).toFixed(digits)} s`;
}

/** `2026-11-23 08:09:12 UTC`, of an ISO 8601 time; what is none stays as it is. */
export function formatInstant(iso: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(iso);
  return found === null ? iso : `${found[1]} ${found[2]} UTC`;
}

/** Between two ISO 8601 times; undefined where one of them is none. */
export function durationBetween(startedAt: string, endedAt: string): number | undefined {
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** `1 scenario`, `2 scenarios`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `lb01`, `lb01 and lb02`, `lb01, lb02 and lb03`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
