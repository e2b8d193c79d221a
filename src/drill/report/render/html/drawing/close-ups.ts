/** Stretches of a run that are worth a drawing of their own, since on the whole timeline they are too short to see. Pure. */
import type { ScenarioRun, TakeoverReport } from '../../../report.ts';

export interface CloseUp {
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A stretch of more than this part of the whole is seen well enough. */
const longestShare = 0.3;

/** Of the first takeover in each direction. */
export function closeUps({ takeovers, timeline }: ScenarioRun): readonly CloseUp[] {
  const titles = { failover: 'Close-up of the takeover', failback: 'Close-up of the return' };
  return (['failover', 'failback'] as const).flatMap((direction) => {
    const own = takeovers.filter((one) => one.direction === direction);
    const first = own[0];
    if (first === undefined) return [];
    return stretch(titles[direction], first, own, timeline);
  });
}

function stretch(
  title: string,
  first: TakeoverReport,
  all: readonly TakeoverReport[],
  timeline: ScenarioRun['timeline'],
): readonly CloseUp[] {
  const lengthMs = timeline.toMs - timeline.fromMs;
  // What led to it is worth a look only where it is close by.
  const lastWord = first.lastOfOldAtMs ?? first.causeAtMs;
  const begin = first.firstOfNewAtMs - lastWord <= lengthMs * longestShare ? lastWord : first.firstOfNewAtMs;
  const near = all.filter(({ firstOfNewAtMs }) => firstOfNewAtMs - begin <= lengthMs * longestShare);
  const ends = near.flatMap((one) => [
    one.firstOfNewAtMs,
    one.announcedAtMs ?? 0,
    one.firstServedAtMs ?? 0,
    one.addressAtMs ?? 0,
  ]);
  const end = Math.max(...ends);
  const paddingMs = Math.max((end - begin) * 0.25, 5);
  const fromMs = Math.max(timeline.fromMs, begin - paddingMs);
  const toMs = Math.min(timeline.toMs, end + 2 * paddingMs);
  return toMs > fromMs && toMs - fromMs <= lengthMs * longestShare ? [{ title, fromMs, toMs }] : [];
}
