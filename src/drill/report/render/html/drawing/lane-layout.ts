/** Where everything of a timeline lies: rows of spans, a row of marks and rows of labels in each lane, none over another. Pure. */
import type { PointKind, Timeline, TimelineLane, TimelinePoint, TimelineSpan } from '../../../report.ts';
import { formatOffset } from '../../numbers.ts';
import { finestOf, type Scale } from '../../scale.ts';
import { type Mark, marksOf } from './thin.ts';

/** Labels are laid out for a drawing of this width; a wider one has more room. */
export const drawnWidth = 760;
const textWidth = 6.1;
export const spanHeight = 16;
export const thinSpanHeight = 7;
export const markHeight = 14;
export const labelHeight = 14;
const lanePadding = 6;
/** A mark is some pixels wide. */
const markCells = 190;
const labelRows = 2;
/** Marks that would lie over each other lie below each other, as far as this goes. */
const markRows = 3;
export const strokeHeight = 14;

export interface PlacedSpan {
  readonly span: TimelineSpan;
  readonly y: number;
  readonly height: number;
  /** What there is room for. */
  readonly label?: string;
}

export interface PlacedMark extends Mark {
  readonly y: number;
}

export interface PlacedLabel {
  readonly atMs: number;
  readonly y: number;
  readonly text: string;
  readonly anchor: 'start' | 'end';
}

export interface PlacedLane {
  readonly lane: TimelineLane;
  readonly y: number;
  readonly height: number;
  readonly spans: readonly PlacedSpan[];
  readonly marks: readonly PlacedMark[];
  /** The middle of the row of strokes. */
  readonly strokesY: number;
  /** Times of what comes too often for a mark each. */
  readonly strokes: readonly { readonly kind: PointKind; readonly times: readonly number[] }[];
  readonly labels: readonly PlacedLabel[];
}

/** Drawn as strokes; the rest are marks. */
const strokeKinds: readonly PointKind[] = ['advertisement', 'arp-reply', 'request-failed'];
/** What is worth a label, the most telling first. */
const labelKinds: readonly PointKind[] = [
  'priority-zero',
  'address-added',
  'address-removed',
  'server-out',
  'server-back',
  'connection-lost',
  'announcement',
  'neighbour-changed',
];
const thinSpans: readonly TimelineSpan['kind'][] = ['holds', 'backup'];
/** Drawn through all lanes, and named above them. */
export const stepKinds: readonly PointKind[] = ['inject', 'restore', 'settled'];

export function layOut(timeline: Timeline, scale: Scale, top: number): readonly PlacedLane[] {
  let y = top;
  return shownLanes(timeline).map((lane) => {
    const placed = layOutLane(timeline, lane, scale, y);
    y += placed.height;
    return placed;
  });
}

/** A real server to which nothing happened, as most of them in most scenarios, is left out. */
function shownLanes({ lanes, spans, points }: Timeline): readonly TimelineLane[] {
  const busy = new Set([...spans, ...points].map(({ lane }) => lane));
  return lanes.filter(({ id, kind }) => kind !== 'server' || busy.has(id));
}

function layOutLane(timeline: Timeline, lane: TimelineLane, scale: Scale, y: number): PlacedLane {
  const isInside = (fromMs: number, toMs: number): boolean => toMs >= scale.fromMs && fromMs <= scale.toMs;
  const spans = timeline.spans.filter((one) => one.lane === lane.id && isInside(one.fromMs, one.toMs));
  const points = timeline.points.filter(
    (one) => one.lane === lane.id && isInside(one.atMs, one.atMs) && !stepKinds.includes(one.kind),
  );
  const placedSpans = placeSpans(spans, scale, y + lanePadding);
  const spansEnd = Math.max(y + lanePadding, ...placedSpans.map((one) => one.y + one.height + 2));
  const strokes = strokesOf(points);
  const strokesEnd = strokes.length === 0 ? spansEnd : spansEnd + strokeHeight;
  const unplaced = marksOf(
    points.filter(({ kind }) => !strokeKinds.includes(kind)),
    scale,
    markCells,
  );
  const marks = placeMarks(unplaced, scale, strokesEnd);
  const marksEnd = Math.max(strokesEnd, ...marks.map((one) => one.y + markHeight / 2));
  const labels = placeLabels(marks, timeline.zeroAtMs, scale, marksEnd);
  const labelsEnd = Math.max(marksEnd, ...labels.map((one) => one.y + labelHeight));
  return {
    lane,
    y,
    height: Math.max(labelsEnd + lanePadding - y, 36),
    spans: placedSpans,
    marks,
    strokesY: spansEnd + strokeHeight / 2,
    strokes,
    labels,
  };
}

function strokesOf(points: readonly TimelinePoint[]): PlacedLane['strokes'] {
  return strokeKinds.flatMap((kind) => {
    const times = points.filter((one) => one.kind === kind).map(({ atMs }) => atMs);
    return times.length === 0 ? [] : [{ kind, times }];
  });
}

interface Row {
  readonly isThin: boolean;
  readonly spans: TimelineSpan[];
}

/** Thin ones below. What begins with the same word, an instance's name say, stays in its row where it can. */
function placeSpans(spans: readonly TimelineSpan[], scale: Scale, top: number): readonly PlacedSpan[] {
  const rows: Row[] = [];
  for (const span of spans) {
    const isThin = thinSpans.includes(span.kind);
    const free = rows.filter((row) => row.isThin === isThin && (row.spans.at(-1)?.toMs ?? 0) <= span.fromMs);
    const own = free.find((row) => firstWord(row.spans.at(-1)) === firstWord(span)) ?? free[0];
    if (own === undefined) rows.push({ isThin, spans: [span] });
    else own.spans.push(span);
  }
  let y = top;
  return rows
    .toSorted((a, b) => Number(a.isThin) - Number(b.isThin))
    .flatMap((row) => {
      const height = row.isThin ? thinSpanHeight : spanHeight;
      const placed = row.spans.map((span) => placeSpan(span, scale, y, height));
      y += height + 2;
      return placed;
    });
}

function firstWord(span: TimelineSpan | undefined): string {
  return span?.label.split(/[\s:]/)[0] ?? '';
}

function placeSpan(span: TimelineSpan, scale: Scale, y: number, height: number): PlacedSpan {
  const room = (scale.at(span.toMs) - scale.at(span.fromMs)) * drawnWidth - 8;
  const fits = (text: string): boolean => text.length * textWidth <= room;
  const [whole, short] = [span.label, span.label.split(/[,:]/)[0] ?? ''];
  const label = height < spanHeight ? undefined : fits(whole) ? whole : fits(short) ? short : undefined;
  return { span, y, height, ...(label === undefined ? {} : { label }) };
}

/** Each in the first row in which it touches no other. */
function placeMarks(marks: readonly Mark[], scale: Scale, top: number): readonly PlacedMark[] {
  const ends: number[] = [];
  return marks.map((mark) => {
    const x = scale.at(mark.atMs) * drawnWidth;
    const found = ends.findIndex((end) => end + 13 <= x);
    const row = Math.min(found === -1 ? ends.length : found, markRows - 1);
    ends[row] = x;
    return { ...mark, y: top + markHeight * (row + 0.5) };
  });
}

/** The most telling first, each where there is room, in the first row that has it. What finds none has its mark only. */
function placeLabels(
  marks: readonly Mark[],
  zeroAtMs: number,
  scale: Scale,
  top: number,
): readonly PlacedLabel[] {
  const taken: { row: number; from: number; to: number }[] = [];
  const telling = labelKinds.flatMap((kind) => marks.filter((mark) => mark.kind === kind));
  return telling.flatMap((mark) => {
    const text = labelText(mark, zeroAtMs, finestOf(scale));
    const [x, width] = [scale.at(mark.atMs) * drawnWidth, text.length * textWidth];
    const anchor = x + width > drawnWidth ? 'end' : 'start';
    const from = anchor === 'start' ? x : x - width;
    if (from < 0) return [];
    for (let row = 0; row < labelRows; row += 1) {
      const isFree = taken.every(
        (other) => other.row !== row || other.to + 8 < from || other.from - 8 > from + width,
      );
      if (!isFree) continue;
      taken.push({ row, from, to: from + width });
      return [{ atMs: mark.atMs, y: top + row * labelHeight, text, anchor } as const];
    }
    return [];
  });
}

function labelText({ kind, label, atMs }: Mark, zeroAtMs: number, finestMs: number): string {
  const words = shortWords(kind, label);
  const short = words.length > 34 ? `${words.slice(0, 33)}…` : words;
  return `${short} ${formatOffset(atMs - zeroAtMs, finestMs)}`;
}

/** The mark's title has all of it. */
function shortWords(kind: PointKind, label: string): string {
  const [first = label] = label.split(' ');
  if (kind === 'priority-zero') return 'priority 0';
  if (kind === 'address-added') return `gets ${first}`;
  if (kind === 'address-removed') return `loses ${first}`;
  return kind === 'neighbour-changed' ? (label.split(' is at ')[0] ?? label) : label;
}
