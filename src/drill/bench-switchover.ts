/** lb01 leaves as planned and comes back, while clients open new connections all the time. */
import { setTimeout as delay } from 'node:timers/promises';
import { askDaemon, type ControlRequest } from '../daemon/control-socket/index.ts';
import { startConnections, startResponder, type TimedRequest } from './bench-load.ts';
import { entered } from './bench-many.ts';
import { type BenchPair, benchAddress, buildBenchPair } from './bench-pair.ts';
import type { DaemonKind } from './director.ts';
import { until } from './until.ts';

export interface SwitchoverMeasurement {
  /** `stop`: SIGTERM to lb01. `return`: started again, it takes the address back. The others: by `holdfast ctl`. */
  readonly kind: 'stop' | 'return' | 'failover' | 'resume';
  readonly requests: number;
  readonly failed: number;
  /** By kind of failure, when each began, in milliseconds after the switchover began. */
  readonly failures: ReadonlyMap<string, readonly number[]>;
  /** The longest time between two requests, one after the other, that were answered. */
  readonly longestGapMs: number;
  readonly slowestMs: number;
}

export interface SwitchoverOptions {
  readonly version: 2 | 3;
  readonly intervalMs: number;
  readonly perSecond: number;
}

interface Event {
  readonly kind: SwitchoverMeasurement['kind'];
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is watched before and after each switchover. */
const beforeMs = 1000;
const afterMs = 5000;

/** Each kind once, in one network. keepalived has no switchover by command. */
export async function measureSwitchovers(
  daemon: DaemonKind,
  { version, intervalMs, perSecond }: SwitchoverOptions,
): Promise<readonly SwitchoverMeasurement[]> {
  const pair = await buildBenchPair(daemon, { version, intervalMs, instances: 1 });
  try {
    const { lb01, lb02 } = pair;
    await startResponder(pair, 'lb01');
    await startResponder(pair, 'lb02');
    lb01.start();
    await until('lb01 has the address', 15_000, () => lb01.holds(benchAddress(1)));
    lb02.start();
    await until('lb02 waits', 15_000, () => entered(lb02, 'BACKUP') > 0);
    const connections = startConnections(pair, perSecond);
    // The first seconds of a program are not what is measured.
    await delay(4000);
    const events = [await watched('stop', () => lb01.stop()), await watched('return', () => restart(pair))];
    if (daemon === 'holdfast') {
      const instances = ['VI_1'];
      // A Backup is silent: the operator says that it is there.
      const giveUp = { kind: 'giveUp', hold: 'failover', instances, evenIfAlone: true } as const;
      events.push(await watched('failover', () => ask(pair, giveUp)));
      events.push(await watched('resume', () => ask(pair, { kind: 'resume', instances })));
    }
    await delay(1500);
    const requests = connections.requests();
    return events.map((event) => summarizeSwitchover(requests, event));
  } finally {
    pair.close();
  }
}

export function summarizeSwitchover(
  requests: readonly TimedRequest[],
  { kind, fromMs, toMs }: Event,
): SwitchoverMeasurement {
  const within = requests.filter(({ atMs }) => atMs >= fromMs - beforeMs && atMs < toMs);
  const failures = new Map<string, number[]>();
  for (const { atMs, server, error = 'wrong answer' } of within) {
    if (server === undefined) failures.set(error, [...(failures.get(error) ?? []), atMs - fromMs]);
  }
  const answeredAt = within.filter(({ server }) => server !== undefined).map(({ atMs }) => atMs);
  const gaps = answeredAt.slice(1).map((atMs, index) => atMs - (answeredAt[index] ?? atMs));
  const largest = (values: readonly number[]): number => values.reduce((most, one) => Math.max(most, one), 0);
  return {
    kind,
    requests: within.length,
    failed: within.length - answeredAt.length,
    failures,
    longestGapMs: largest(gaps),
    slowestMs: largest(within.map(({ tookMs }) => tookMs)),
  };
}

async function watched(kind: Event['kind'], act: () => Promise<unknown>): Promise<Event> {
  await delay(beforeMs);
  const fromMs = Date.now();
  await act();
  await delay(afterMs);
  return { kind, fromMs, toMs: Date.now() };
}

async function restart({ lb01 }: BenchPair): Promise<void> {
  lb01.start();
  await until('lb01 has the address again', 15_000, () => lb01.holds(benchAddress(1)));
}

async function ask({ lb01 }: BenchPair, request: ControlRequest): Promise<void> {
  const answer = await askDaemon(lb01.controlSocket, request, 15_000);
  if (!answer.ok) throw new Error(`${lb01.name} refuses ${request.kind}: ${answer.lines.join(' ')}`);
}
