/** The numbers of a run, and what several runs make of them. Pure. */
import type {
  ConnectionReport,
  Figure,
  FigureName,
  FigureSummary,
  FigureUnit,
  ScenarioRun,
} from '../report/report.ts';
import { median } from '../timeline.ts';
import type { Seen } from './findings.ts';
import type { JudgeInput } from './judge-input.ts';
import { serverTimes } from './server-findings.ts';
import { percentile, requestsOf } from './traffic.ts';

export const figureTitles: Readonly<Record<FigureName, string>> = {
  detection: 'detection',
  takeover: 'takeover',
  'takeover-after-last-advert': 'takeover after the last advertisement',
  announcement: 'announcement after the first advertisement',
  outage: 'outage',
  'failback-outage': 'outage at the return',
  'failed-requests': 'failed requests',
  'failed-requests-percent': 'failed requests',
  'latency-p50': 'latency, median',
  'latency-p99': 'latency, 99th percentile',
  'double-master': 'two Masters',
  'no-master': 'no Master',
  'neighbour-convergence': "clients' neighbour entries",
  'connections-lost': 'long connections lost',
  'server-out': 'server out of the tables',
  'server-back': 'server back in the tables',
  settling: 'settling',
};

export const figureUnits: Readonly<Record<FigureName, FigureUnit>> = {
  detection: 'ms',
  takeover: 'ms',
  'takeover-after-last-advert': 'ms',
  announcement: 'ms',
  outage: 'ms',
  'failback-outage': 'ms',
  'failed-requests': 'count',
  'failed-requests-percent': 'percent',
  'latency-p50': 'ms',
  'latency-p99': 'ms',
  'double-master': 'ms',
  'no-master': 'ms',
  'neighbour-convergence': 'ms',
  'connections-lost': 'count',
  'server-out': 'ms',
  'server-back': 'ms',
  settling: 'ms',
};

/** The value, then what is expected. */
type NamedValue = readonly [FigureName, number | undefined, (number | undefined)?];

export function figuresOf(
  input: JudgeInput,
  seen: Seen,
  connections: readonly ConnectionReport[],
): readonly Figure[] {
  const values: NamedValue[] = [
    ...takeoverFigures(seen),
    ['outage', worst(seen.traffic.map((one) => one.failoverOutageMs))],
    ['failback-outage', worst(seen.traffic.map((one) => one.failbackOutageMs))],
    ...requestFigures(input),
    ['double-master', worst(seen.windows.filter(({ kind }) => kind === 'double').map((one) => one.ms)) ?? 0],
    ['no-master', worst(seen.windows.filter(({ kind }) => kind === 'none').map((one) => one.ms)) ?? 0],
    [
      'neighbour-convergence',
      worst(seen.neighbours.flatMap(({ convergedAfterMs }) => convergedAfterMs ?? [])),
    ],
    [
      'connections-lost',
      connections.length === 0 ? undefined : connections.filter(({ kept }) => !kept).length,
    ],
    ...serverFigures(input),
    [
      'settling',
      input.run.settledAtMs === undefined ? undefined : input.run.settledAtMs - input.run.restoredAtMs,
    ],
  ];
  return values.flatMap(([name, value, expected]) =>
    value === undefined
      ? []
      : [
          {
            name,
            title: figureTitles[name],
            value,
            unit: figureUnits[name],
            ...(expected === undefined ? {} : { expected }),
          },
        ],
  );
}

function worst(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}

/** Of several virtual routers the slowest. */
function takeoverFigures({ takeovers }: Seen): NamedValue[] {
  const slowest = takeovers
    .filter(({ direction }) => direction === 'failover')
    .toSorted((a, b) => b.takeoverMs - a.takeoverMs)[0];
  if (slowest === undefined) return [];
  const { takeoverMs, gapMs, expectedMs, announcedAtMs, firstOfNewAtMs, addressAtMs } = slowest;
  const firstSignMs = Math.min(firstOfNewAtMs, addressAtMs ?? firstOfNewAtMs) - slowest.causeAtMs;
  return [
    ['detection', firstSignMs],
    ['takeover', takeoverMs],
    ['takeover-after-last-advert', gapMs, expectedMs],
    ['announcement', announcedAtMs === undefined ? undefined : Math.max(0, announcedAtMs - firstOfNewAtMs)],
  ];
}

function requestFigures(input: JudgeInput): NamedValue[] {
  const requests = requestsOf(input);
  const failed = requests.filter(({ outcome }) => outcome !== 'ok').length;
  const times = requests
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ atMs, endedAtMs }) => endedAtMs - atMs)
    .toSorted((a, b) => a - b);
  return [
    ['failed-requests', failed],
    ['failed-requests-percent', requests.length === 0 ? undefined : (100 * failed) / requests.length],
    ['latency-p50', percentile(times, 50)],
    ['latency-p99', percentile(times, 99)],
  ];
}

function serverFigures(input: JudgeInput): NamedValue[] {
  const { outAtMs, backAtMs } = serverTimes(input);
  const { server } = input.plan.expect;
  return [
    ['server-out', outAtMs === undefined ? undefined : outAtMs - input.run.injectedAtMs, server?.outLimitMs],
    [
      'server-back',
      backAtMs === undefined ? undefined : backAtMs - input.run.mendedAtMs,
      server?.backLimitMs,
    ],
  ];
}

/** Medians and maxima over the runs that have the figure. */
export function summarize(runs: readonly ScenarioRun[]): readonly FigureSummary[] {
  const names = [...new Set(runs.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return names.map((name) => {
    const own = runs.flatMap(({ figures }) => figures.filter((figure) => figure.name === name));
    const values = own.map(({ value }) => value);
    const expected = own.find((one) => one.expected !== undefined)?.expected;
    return {
      name,
      title: figureTitles[name],
      unit: figureUnits[name],
      median: median(values),
      max: Math.max(...values),
      runs: own.length,
      ...(expected === undefined ? {} : { expected }),
    };
  });
}
