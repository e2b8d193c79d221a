/** A run's timeline in letters: a line a lane, a column a stretch of time. Pure. */

import type { PointKind, SpanKind, Timeline, TimelineLane } from '../../report.ts';
import { safeText } from '../safe-text.ts';
import { createScale, type Scale, ticksOf } from '../scale.ts';
import { cut, padEnd, widthOf } from './layout.ts';
import type { Paint } from './paint.ts';

/** Of spans over each other the later in this list is seen. */
const spanLetters: readonly (readonly [SpanKind, string])[] = [
  ['backup', '.'],
  ['holds', '-'],
  ['stopped', ' '],
  ['served', '·'],
  ['master', '='],
  ['fault', 'f'],
  ['stale', 's'],
  ['no-master', '0'],
  ['failing', 'x'],
  ['double-master', '2'],
];

/** Only what must not be missed; what comes by the hundred is in the spans. */
const pointLetters: readonly (readonly [PointKind, string])[] = [
  ['server-back', '^'],
  ['server-out', 'v'],
  ['announcement', 'A'],
  ['priority-zero', 'P'],
  ['connection-lost', 'X'],
];

const letterWords: Readonly<Record<string, string>> = {
  '.': 'Backup',
  '-': 'holds the address',
  '·': 'served',
  '=': 'Master',
  f: 'FAULT',
  s: 'stale neighbour entry',
  '0': 'no Master',
  x: 'requests fail',
  '2': 'two Masters',
  '^': 'server back',
  v: 'server out',
  A: 'announces',
  P: 'priority 0',
  X: 'connection lost',
};

const badLetters = new Set(['0', 'x', '2', 'X', 'f']);
const mostName = 24;

export function timelineText(timeline: Timeline, width: number, paint: Paint): readonly string[] {
  const lanes = timeline.lanes.filter((lane) => lane.kind === 'drill' || isBusy(timeline, lane));
  if (lanes.length === 0) return [];
  const nameWidth = Math.min(mostName, Math.max(...lanes.map(({ title }) => widthOf(safeText(title)))));
  const cells = Math.max(20, width - nameWidth - 2);
  const scale = createScale(timeline.fromMs, timeline.toMs);
  const used = new Set<string>();
  const lines = lanes.map((lane) => {
    const name = padEnd(cut(safeText(lane.title), nameWidth), nameWidth);
    const letters =
      lane.kind === 'drill' ? phases(timeline, scale, cells) : drawLane(timeline, lane, scale, cells);
    if (lane.kind !== 'drill') for (const letter of letters) used.add(letter);
    return `${paint(name, 'bold')}  ${paintLetters(letters, paint)}`.trimEnd();
  });
  const legend = [...used]
    .filter((letter) => letterWords[letter])
    .map((letter) => `${letter} ${letterWords[letter]}`);
  return [
    ...lines,
    `${' '.repeat(nameWidth)}  ${axis(timeline, scale, cells)}`.trimEnd(),
    ...wrapItems(legend, width).map((line) => paint(line, 'dim')),
  ];
}

/** None is broken in two. */
function wrapItems(items: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = last === undefined ? item : `${last}   ${item}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines;
}

function isBusy({ spans, points }: Timeline, { id }: TimelineLane): boolean {
  const letters = new Set<PointKind>(pointLetters.map(([kind]) => kind));
  return (
    spans.some(({ lane }) => lane === id) || points.some(({ lane, kind }) => lane === id && letters.has(kind))
  );
}

function drawLane({ spans, points }: Timeline, lane: TimelineLane, scale: Scale, cells: number): string {
  const letters = Array.from({ length: cells }, () => ' ');
  for (const [kind, letter] of spanLetters)
    for (const span of spans.filter((one) => one.lane === lane.id && one.kind === kind))
      letters.fill(letter, cellOf(scale, cells, span.fromMs), cellOf(scale, cells, span.toMs) + 1);
  for (const [kind, letter] of pointLetters)
    for (const point of points.filter((one) => one.lane === lane.id && one.kind === kind))
      letters[cellOf(scale, cells, point.atMs)] = letter;
  return letters.join('');
}

function cellOf(scale: Scale, cells: number, ms: number): number {
  return Math.min(cells - 1, Math.floor(scale.at(ms) * cells));
}

function phases({ spans }: Timeline, scale: Scale, cells: number): string {
  const letters = Array.from({ length: cells }, () => ' ');
  for (const { fromMs, toMs, label } of spans.filter(({ kind }) => kind === 'phase')) {
    const [first, last] = [cellOf(scale, cells, fromMs), cellOf(scale, cells, toMs)];
    write(letters, first, `|${cut(safeText(label), Math.max(1, last - first - 1))}`);
  }
  return letters.join('');
}

function axis(timeline: Timeline, scale: Scale, cells: number): string {
  const letters = Array.from({ length: cells }, () => ' ');
  let freeFrom = 0;
  for (const { atMs, label } of ticksOf(scale, timeline.zeroAtMs, Math.max(2, Math.floor(cells / 9)))) {
    const start = Math.min(cellOf(scale, cells, atMs), cells - label.length);
    if (start < freeFrom) continue;
    write(letters, start, label);
    freeFrom = start + label.length + 1;
  }
  return letters.join('');
}

function write(letters: string[], at: number, text: string): void {
  for (const [index, char] of [...text].entries())
    if (at + index < letters.length) letters[at + index] = char;
}

function paintLetters(letters: string, paint: Paint): string {
  return letters.replace(/0+|x+|2+|X+|f+|=+/g, (row) => {
    if (row.startsWith('=')) return paint(row, 'blue');
    return badLetters.has(row[0] ?? '') ? paint(row, 'red') : row;
  });
}
