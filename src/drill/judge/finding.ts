/** How a finding is made and how its figures read. */
import type { ReportFinding } from '../report/report.ts';

export function finding(parts: ReportFinding): ReportFinding {
  return parts;
}

/** `3.61 s`, `12 ms`. */
export function ms(value: number): string {
  if (Math.abs(value) >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${Math.abs(value) < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function atMost(limitMs: number): string {
  return `at most ${ms(limitMs)}`;
}
