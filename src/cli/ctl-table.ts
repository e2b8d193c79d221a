/** Columns of text, each as wide as its widest cell. */

export interface TableRow {
  readonly cells: readonly string[];
  /** Lines below it, set in. */
  readonly notes?: readonly string[];
}

export function formatTable(heads: readonly string[], rows: readonly TableRow[]): string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    line(heads),
    ...rows.flatMap(({ cells, notes = [] }) => [line(cells), ...notes.map((note) => `    ${note}`)]),
  ];
}
