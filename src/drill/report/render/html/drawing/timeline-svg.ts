/** The timeline of a run as inline SVG: widths in per cent, so that it is as wide as its place and its letters stay letters. Pure. */
import type { PointKind, Timeline, TimelineLane } from '../../../report.ts';
import { countOf, formatOffset } from '../../numbers.ts';
import { createScale, finestOf, percent, type Scale, ticksOf } from '../../scale.ts';
import { pointWords, spanWords } from '../../words.ts';
import { html, type Markup } from '../markup.ts';
import {
  layOut,
  type PlacedLane,
  type PlacedMark,
  type PlacedSpan,
  stepKinds,
  strokeHeight,
} from './lane-layout.ts';
import { strokesPath } from './thin.ts';

/** Strokes finer than a pixel of most screens help nobody. */
const strokeCells = 1500;
const top = 22;
const axisHeight = 26;
const nameWidth = 148;
const nameLetters = 20;

export interface TimelineDrawing {
  readonly timeline: Timeline;
  /** Unique in the page: what names the drawing for screen readers refers to it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Only this stretch. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

export function timelineSvg(drawing: TimelineDrawing): Markup {
  const { timeline, id, title, description } = drawing;
  const scale = createScale(drawing.fromMs ?? timeline.fromMs, drawing.toMs ?? timeline.toMs);
  const lanes = layOut(timeline, scale, top);
  const bottom = lanes.at(-1) === undefined ? top : lanes.reduce((sum, one) => sum + one.height, top);
  const height = bottom + axisHeight;
  return html`<div class="chart" tabindex="0" role="region" aria-label="${title}">
<svg class="names" width="${nameWidth}" height="${height}" aria-hidden="true">${lanes.map(laneName)}</svg>
<svg class="drawing" height="${height}" role="img" aria-labelledby="${id}-t ${id}-d" data-from="${scale.fromMs - timeline.zeroAtMs}" data-to="${scale.toMs - timeline.zeroAtMs}"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${phaseBands(timeline, scale, bottom)}${axis(timeline, scale, bottom)}${stepLines(timeline, scale, bottom)}${lanes.map((lane, index) => drawLane(lane, scale, index, timeline.zeroAtMs))}</svg></div>`;
}

function laneName({ lane, y }: PlacedLane): Markup {
  // A server's address is below its name.
  const space = lane.kind === 'server' ? lane.title.indexOf(' ') : -1;
  const [name, detail] =
    space === -1 ? [lane.title, ''] : [lane.title.slice(0, space), lane.title.slice(space + 1)];
  return html`<g><title>${lane.title}</title><text class="lane-name" x="0" y="${y + 17}">${cut(name)}</text>${
    detail !== '' && html`<text class="lane-detail" x="0" y="${y + 30}">${cut(detail)}</text>`
  }</g>`;
}

function cut(text: string): string {
  return text.length > nameLetters ? `${text.slice(0, nameLetters - 1)}…` : text;
}

/** From the injection to the restore everything lies on a tinted ground. */
function phaseBands(timeline: Timeline, scale: Scale, bottom: number): readonly Markup[] {
  return timeline.spans
    .filter(({ kind, label }) => kind === 'phase' && label === 'broken')
    .map(({ fromMs, toMs }) => bar('ground-broken', scale, { fromMs, toMs, y: top, height: bottom - top }));
}

interface Bar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly y: number;
  readonly height: number;
}

function bar(style: string, scale: Scale, { fromMs, toMs, y, height }: Bar, title?: string): Markup {
  const x = scale.at(fromMs);
  const width = Math.max(scale.at(toMs) - x, 0.0015);
  return html`<rect class="${style}" x="${percent(x)}" y="${y}" width="${percent(width)}" height="${height}">${
    title !== undefined && html`<title>${title}</title>`
  }</rect>`;
}

function axis(timeline: Timeline, scale: Scale, bottom: number): readonly Markup[] {
  return ticksOf(scale, timeline.zeroAtMs, 11).map(({ atMs, label }) => {
    const x = percent(scale.at(atMs));
    return html`<line class="tick" x1="${x}" x2="${x}" y1="${top}" y2="${bottom + 4}"/><text class="tick-label" x="${x}" y="${bottom + 17}" text-anchor="${anchorOf(scale.at(atMs))}">${label}</text>`;
  });
}

function anchorOf(share: number): 'start' | 'middle' | 'end' {
  if (share < 0.03) return 'start';
  return share > 0.97 ? 'end' : 'middle';
}

function drawLane(placed: PlacedLane, scale: Scale, index: number, zeroAtMs: number): Markup {
  const { lane, y, height, spans, marks, strokesY, strokes, labels } = placed;
  return html`<g class="lane" data-lane="${lane.title}">${
    index > 0 && html`<line class="divide" x1="0" x2="100%" y1="${y}" y2="${y}"/>`
  }${spans.map((span) => drawSpan(span, scale, zeroAtMs))}${
    strokes.length > 0 &&
    html`<svg class="strokes" x="0" y="${y}" width="100%" height="${height}" viewBox="0 0 ${strokeCells} ${height}" preserveAspectRatio="none">${strokes.map(
      (one) => drawStrokes(one, scale, strokesY - y, zeroAtMs),
    )}</svg>`
  }${marks.map((mark) => drawMark(mark, scale, zeroAtMs))}${labels.map(
    (label) =>
      html`<text class="mark-label" x="${percent(scale.at(label.atMs))}" y="${label.y + 10}" text-anchor="${label.anchor}">${label.text}</text>`,
  )}</g>
`;
}

function drawSpan({ span, y, height, label }: PlacedSpan, scale: Scale, zeroAtMs: number): Markup {
  const { kind, fromMs, toMs } = span;
  const title = `${span.label} (${spanWords[kind] ?? kind}), ${formatOffset(fromMs - zeroAtMs, finestOf(scale))} to ${formatOffset(toMs - zeroAtMs, finestOf(scale))}`;
  const style = `span-${kind}${kind === 'phase' && span.label === 'broken' ? ' is-broken' : ''}`;
  const text =
    label !== undefined &&
    html`<text class="span-label on-${kind}" x="${percent(scale.at(fromMs))}" dx="5" y="${y + 12}">${label}</text>`;
  return html`${bar(style, scale, { fromMs, toMs, y, height }, title)}${text}`;
}

function drawStrokes(
  { kind, times }: PlacedLane['strokes'][number],
  scale: Scale,
  middle: number,
  zeroAtMs: number,
): Markup {
  const half = kind === 'arp-reply' ? 2 : kind === 'advertisement' ? 5 : strokeHeight / 2 - 1;
  const path = strokesPath(times, scale, { cells: strokeCells, y: middle - half, height: 2 * half });
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const title = `${countOf(times.length, pointWords[kind], plurals[kind])}, ${formatOffset(first - zeroAtMs)} to ${formatOffset(last - zeroAtMs)}`;
  return html`<path class="stroke-${kind}" d="${path}"><title>${title}</title></path>`;
}

const plurals: Partial<Record<PointKind, string>> = {
  'arp-reply': 'answers to ARP or NS',
  'request-failed': 'requests failed',
};

function drawMark({ kind, label, atMs, count, y }: PlacedMark, scale: Scale, zeroAtMs: number): Markup {
  const more = count > 1 ? ` (and ${count - 1} more close by)` : '';
  const title = `${formatOffset(atMs - zeroAtMs, finestOf(scale))}: ${label}${more} (${pointWords[kind] ?? kind})`;
  return html`<use class="mark-${kind}" href="#mark-${kind}" x="${percent(scale.at(atMs))}" y="${y}"><title>${title}</title></use>`;
}

/** Named above the lanes; names that would lie over each other share a line. */
function stepLines(timeline: Timeline, scale: Scale, bottom: number): readonly Markup[] {
  const steps = timeline.points.filter(
    ({ kind, atMs }) => stepKinds.includes(kind) && atMs >= scale.fromMs && atMs <= scale.toMs,
  );
  let freeFrom = 0;
  return steps.map(({ kind, atMs, label }) => {
    const share = scale.at(atMs);
    const x = percent(share);
    const isRoom = share >= freeFrom;
    const isLate = share > 0.86;
    if (isRoom) freeFrom = share + 0.15;
    const text =
      isRoom &&
      html`<text class="step-label" x="${x}" dx="${isLate ? -4 : 4}" y="13" text-anchor="${isLate ? 'end' : 'start'}">${stepNames[kind] ?? kind} ${stepTime(atMs - timeline.zeroAtMs, finestOf(scale))}</text>`;
    return html`<g class="step step-${kind}"><title>${label}, ${formatOffset(atMs - timeline.zeroAtMs)}</title><line x1="${x}" x2="${x}" y1="2" y2="${bottom}"/>${text}</g>`;
  });
}

/** What no eye can tell from 0 is there. */
function stepTime(offsetMs: number, finestMs: number): string {
  return Math.abs(offsetMs) < finestMs ? 'at 0' : formatOffset(offsetMs, finestMs);
}

const stepNames: Partial<Record<PointKind, string>> = {
  inject: 'broken',
  restore: 'mended',
  settled: 'steady',
};

/** What a reader who does not see the drawing is told. */
export function describeTimeline(timeline: Timeline): string {
  const lanes = timeline.lanes.map(({ title }: TimelineLane) => title).join(', ');
  const steps = timeline.points
    .filter(({ kind }) => stepKinds.includes(kind))
    .map(({ label, atMs }) => `${label} at ${formatOffset(atMs - timeline.zeroAtMs)}`);
  const said = steps.length === 0 ? '' : ` ${steps.join('; ')}.`;
  return `Lanes from top to bottom: ${lanes}.${said} The events are listed below the drawing.`;
}
