export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's JSON report that is read. */
export interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export function counts(passed: number, failed: number, skipped: number): Counts;
export function sum(all: readonly Counts[]): Counts;
export function summaryLine(counts: Counts): string;
export function countReport(report: Report | undefined, status: number): Counts;
