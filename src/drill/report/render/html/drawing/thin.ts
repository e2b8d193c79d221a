/** Thousands of points as few marks: what would lie on the same pixel is one mark, and says how many it stands for. Pure. */
import type { TimelinePoint } from '../../../report.ts';
import type { Scale } from '../../scale.ts';

/** Points of one kind in a lane that lie within one cell of the drawing. */
export interface Mark {
  readonly kind: TimelinePoint['kind'];
  /** Of the first. */
  readonly atMs: number;
  readonly label: string;
  readonly count: number;
}

/** `points` of one lane, ascending; `cells` over the whole width. */
export function marksOf(points: readonly TimelinePoint[], scale: Scale, cells: number): readonly Mark[] {
  const marks = new Map<string, Mark>();
  for (const { kind, atMs, label } of points) {
    const key = `${kind} ${cellOf(scale, cells, atMs)}`;
    const known = marks.get(key);
    marks.set(key, known ? { ...known, count: known.count + 1 } : { kind, atMs, label, count: 1 });
  }
  return [...marks.values()];
}

function cellOf(scale: Scale, cells: number, atMs: number): number {
  return Math.min(cells - 1, Math.floor(scale.at(atMs) * cells));
}

/**
 * An SVG path of upright strokes, in a width of `cells` units, from `y` down to `y + height`; a row of neighbours is one
 * rectangle, which fills its cells.
 */
export function strokesPath(
  times: readonly number[],
  scale: Scale,
  { cells, y, height }: { readonly cells: number; readonly y: number; readonly height: number },
): string {
  const taken = [...new Set(times.map((atMs) => cellOf(scale, cells, atMs)))].sort((a, b) => a - b);
  const rows: { first: number; last: number }[] = [];
  for (const cell of taken) {
    const row = rows.at(-1);
    if (row !== undefined && cell === row.last + 1) row.last = cell;
    else rows.push({ first: cell, last: cell });
  }
  return rows
    .map(({ first, last }) =>
      first === last
        ? `M${first} ${y}v${height}`
        : `M${first} ${y}h${last - first}v${height}h${first - last}z`,
    )
    .join('');
}
