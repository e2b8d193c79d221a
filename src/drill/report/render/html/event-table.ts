/** The timeline as a list, for those who do not see the drawing and for those who want the words. Pure. */
import type { PointKind, Timeline, TimelinePoint } from '../../report.ts';
import { countOf, formatOffset } from '../numbers.ts';
import { pointWords } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';

/** Come by the hundred; only the first and the last of a row of them are events. */
const frequent: readonly PointKind[] = ['advertisement', 'arp-reply', 'request-failed', 'announcement'];
const mostRows = 150;

interface Event {
  readonly point: TimelinePoint;
  /** How many of the kind follow in the lane without a break. */
  readonly count: number;
}

export function eventTable(timeline: Timeline): Markup | undefined {
  const events = foldFrequent(timeline.points);
  const lanes = new Map(timeline.lanes.map(({ id, title }) => [id, title]));
  const left = events.length - mostRows;
  const list = table({
    caption: 'Events, counted from the injection',
    columns: [{ title: 'Time', isNumber: true }, { title: 'Where' }, { title: 'What' }, { title: 'Detail' }],
    rows: events
      .slice(0, mostRows)
      .map(({ point, count }) => [
        formatOffset(point.atMs - timeline.zeroAtMs),
        lanes.get(point.lane) ?? point.lane,
        count > 1
          ? `${pointWords[point.kind] ?? point.kind} × ${count}`
          : (pointWords[point.kind] ?? point.kind),
        point.label,
      ]),
    style: 'plain events',
  });
  if (list === undefined || left <= 0) return list;
  return html`${list}<p class="note">${countOf(left, 'more event')} in the report as JSON.</p>`;
}

/** A row of the same in a lane is one event, at the time of its first; the gap of a takeover breaks it. */
function foldFrequent(points: readonly TimelinePoint[]): readonly Event[] {
  const open = new Map<string, { point: TimelinePoint; count: number; lastAtMs: number; gapMs: number }>();
  const events: { point: TimelinePoint; count: number }[] = [];
  for (const point of points) {
    const key = `${point.lane}\n${point.kind}\n${point.label}`;
    const known = open.get(key);
    const gapMs = known === undefined ? 0 : point.atMs - known.lastAtMs;
    const isNext = known !== undefined && (known.count === 1 || gapMs <= 2 * known.gapMs + 1);
    if (frequent.includes(point.kind) && isNext) {
      known.count += 1;
      known.lastAtMs = point.atMs;
      known.gapMs = Math.max(known.gapMs, gapMs);
    } else {
      const event = { point, count: 1, lastAtMs: point.atMs, gapMs: 0 };
      open.set(key, event);
      events.push(event);
    }
  }
  return events;
}
