/** What a drill found, each finding beside its limit, and the table that says so. */

export interface Finding {
  readonly what: string;
  /** `3.61 s`, `web01 web02`: for reading only. */
  readonly measured: string;
  readonly limit: string;
  readonly holds: boolean;
}

/** A time that must not be longer than its limit. */
export function timeFinding(what: string, measuredMs: number, limitMs: number): Finding {
  return {
    what,
    measured: milliseconds(measuredMs),
    limit: `at most ${milliseconds(limitMs)}`,
    holds: measuredMs <= limitMs,
  };
}

/** The drill is passed when there are findings and all of them hold. */
export function isPassed(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every((finding) => finding.holds);
}

export function formatVerdict(findings: readonly Finding[], colour: boolean): string {
  const rows = findings.map((finding) => [finding.what, finding.measured, finding.limit] as const);
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  return rows
    .map((row, index) => {
      const cells = row.map((cell, column) => cell.padEnd(width(column as 0 | 1 | 2)));
      return `  ${cells.join('   ')}   ${word(findings[index]?.holds === true, colour)}\n`;
    })
    .join('');
}

function word(holds: boolean, colour: boolean): string {
  if (!colour) return holds ? 'ok' : 'FAILED';
  return holds ? '\u001b[32mok\u001b[0m' : '\u001b[31mFAILED\u001b[0m';
}

function milliseconds(value: number): string {
  return `${(value / 1000).toFixed(3)} s`;
}
