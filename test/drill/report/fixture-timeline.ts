/** The timeline of a fixture's run, as src/drill/judge/draw-timeline.ts draws it. */
import type { Timeline, TimelinePoint, TimelineSpan } from '../../../src/drill/report/report.ts';

/** 2026-11-23 08:00:00 UTC. */
export const zeroAtMs = Date.UTC(2026, 10, 23, 8, 0, 0);

/** After the injection the restore, and the end of the run; before it the begin. */
export const restoredAfterMs = 7000;
export const beganBeforeMs = 2000;
export const endedAfterMs = 14_000;

/** From the old Master's last word to the new one's first: Skew_Time after priority 0, else Master_Down_Interval. */
export function waitOf(takeoverMs: number): { readonly gapMs: number; readonly expectedMs: number } {
  return takeoverMs < 1000
    ? { gapMs: takeoverMs - 2, expectedMs: 609.375 }
    : { gapMs: 3609.8, expectedMs: 3609.375 };
}

/** After the injection: one interval after the last word nobody is Master any more. */
export function orphanedAtMs(takeoverMs: number): number {
  return takeoverMs < 1000 ? 2 : 810;
}

export function timelineOf(takeoverMs: number, doubleMasterMs: number, intervalMs: number): Timeline {
  const at = (ms: number): number => zeroAtMs + ms;
  const returnMs = 10_788;
  const service = '10.0.0.3:80/tcp';
  const point = (lane: string, kind: TimelinePoint['kind'], ms: number, label: string): TimelinePoint => ({
    lane,
    kind,
    atMs: at(ms),
    label,
  });
  const span = (
    lane: string,
    kind: TimelineSpan['kind'],
    fromMs: number,
    toMs: number,
    label: string,
  ): TimelineSpan => ({ lane, kind, fromMs: at(fromMs), toMs: at(toMs), label });
  const adverts = (lane: string, fromMs: number, toMs: number, priority: number): TimelinePoint[] => {
    const points: TimelinePoint[] = [];
    for (let ms = fromMs; ms <= toMs; ms += intervalMs)
      points.push(point(lane, 'advertisement', ms, `VRID 51, priority ${priority}`));
    return points;
  };
  const garps = (lane: string, ms: number): TimelinePoint[] =>
    [0.42, 0.6, 0.8, 1, 1.2, 5001, 5001.3, 5001.6].map((after) =>
      point(lane, 'announcement', ms + after, 'announces 10.0.0.3'),
    );
  const failed: TimelinePoint[] = [];
  for (let ms = 8; ms < takeoverMs; ms += 50)
    failed.push(point(service, 'request-failed', ms, 'timeout, from 10.0.0.100'));
  const spans = [
    span('drill', 'phase', -beganBeforeMs, 0, 'steady'),
    span('drill', 'phase', 0, restoredAfterMs, 'broken'),
    span('drill', 'phase', restoredAfterMs, 11_240, 'restored'),
    span('drill', 'phase', 11_240, endedAfterMs, 'steady'),
    span('lb01', 'master', -beganBeforeMs, takeoverMs - waitOf(takeoverMs).gapMs, 'VI_1 Master'),
    span('lb01', 'holds', -beganBeforeMs, restoredAfterMs, '10.0.0.3'),
    span('lb02', 'master', takeoverMs, returnMs - 2, 'VI_1 Master'),
    span('lb02', 'holds', takeoverMs, returnMs, '10.0.0.3'),
    span('lb01', 'master', returnMs, endedAfterMs, 'VI_1 Master'),
    span('lb01', 'holds', returnMs + 0.4, endedAfterMs, '10.0.0.3'),
    span('network', 'no-master', orphanedAtMs(takeoverMs), takeoverMs, 'VI_1: nobody, by advertisements'),
    ...(doubleMasterMs === 0
      ? []
      : [
          span(
            'network',
            'double-master',
            restoredAfterMs,
            restoredAfterMs + doubleMasterMs,
            'VI_1: lb01 and lb02, by addresses',
          ),
        ]),
    span(service, 'served', -beganBeforeMs, 8, 'served'),
    span(service, 'failing', 8, takeoverMs + 12, 'failing'),
    span(service, 'served', takeoverMs + 12, endedAfterMs, 'served'),
  ];
  const points = [
    point('drill', 'inject', 0, 'SIGKILL to all processes of lb01'),
    point('drill', 'restore', restoredAfterMs, 'lb01 is started again'),
    point('drill', 'settled', 11_240, 'the steady state is back'),
    ...adverts('lb01', -1990, takeoverMs - waitOf(takeoverMs).gapMs - 0.5, 150),
    ...adverts('lb02', takeoverMs, returnMs - 2, 100),
    ...adverts('lb01', returnMs, endedAfterMs, 150),
    ...garps('lb02', takeoverMs),
    ...garps('lb01', returnMs),
    point('lb02', 'address-added', takeoverMs + 0.2, '10.0.0.3 on eth0'),
    point('lb02', 'address-removed', returnMs, '10.0.0.3 on eth0'),
    point('lb01', 'address-removed', restoredAfterMs + 180, '10.0.0.3 on eth0'),
    point('lb01', 'address-added', returnMs + 0.4, '10.0.0.3 on eth0'),
    ...(takeoverMs < 1000 ? [point('lb01', 'priority-zero', 2, 'VRID 51, priority 0')] : []),
    point('lb02', 'log', takeoverMs, 'VI_1 MASTER'),
    point('lb02', 'notification', takeoverMs + 4, 'notify INSTANCE VI_1 MASTER 100'),
    point('network', 'neighbour-changed', takeoverMs + 1, 'client1: 10.0.0.3 is at 02:00:00:00:00:06'),
    point('network', 'neighbour-changed', returnMs + 1.1, 'client1: 10.0.0.3 is at 02:00:00:00:00:05'),
    ...failed,
  ];
  return {
    fromMs: at(-beganBeforeMs),
    toMs: at(endedAfterMs),
    zeroAtMs,
    lanes: [
      { id: 'drill', title: 'drill', kind: 'drill' },
      { id: 'lb01', title: 'lb01', kind: 'node' },
      { id: 'lb02', title: 'lb02', kind: 'node' },
      { id: 'network', title: 'virtual routers', kind: 'network' },
      { id: 'web01', title: 'web01 10.0.0.1', kind: 'server' },
      { id: 'web02', title: 'web02 10.0.0.2', kind: 'server' },
      { id: service, title: service, kind: 'client' },
    ],
    spans: spans.toSorted((a, b) => a.fromMs - b.fromMs),
    points: points.toSorted((a, b) => a.atMs - b.atMs),
  };
}
