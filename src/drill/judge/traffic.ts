/** What clients felt: requests, outages, latency, connections, neighbours. Pure. */
import type { LongConnectionSeen, NeighbourSeen, RequestSeen } from '../observation.ts';
import type {
  ConnectionReport,
  LatencyReport,
  NeighbourReport,
  ServiceTraffic,
  TakeoverReport,
} from '../report/report.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import { claimsOf } from './claims.ts';
import type { JudgeInput, RunTimes } from './judge-input.ts';

export function requestsOf({ observations, run }: JudgeInput): readonly RequestSeen[] {
  return observations
    .filter((seen): seen is RequestSeen => seen.kind === 'request')
    .filter(({ atMs }) => atMs >= run.beganAtMs && atMs < run.endedAtMs)
    .toSorted((a, b) => a.atMs - b.atMs);
}

export function trafficOf(input: JudgeInput): readonly ServiceTraffic[] {
  const requests = requestsOf(input);
  const { injectedAtMs, restoredAtMs, endedAtMs } = input.run;
  return input.topology.services.map(({ name }) => {
    const own = requests.filter(({ service }) => service === name);
    return {
      service: name,
      requests: own.length,
      failed: own.filter(({ outcome }) => outcome !== 'ok').length,
      failures: countFailures(own),
      failoverOutageMs: longestOutageMs(own, injectedAtMs - input.requestTimeoutMs, restoredAtMs),
      failbackOutageMs: longestOutageMs(own, restoredAtMs, endedAtMs),
      latency: latencies(own, input.run),
      servers: countServers(own),
    };
  });
}

function countFailures(requests: readonly RequestSeen[]): ServiceTraffic['failures'] {
  const counts = new Map<RequestSeen['outcome'], number>();
  for (const { outcome } of requests)
    if (outcome !== 'ok') counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => ({ outcome, count }));
}

function countServers(requests: readonly RequestSeen[]): ServiceTraffic['servers'] {
  const counts = new Map<string, number>();
  for (const { server, outcome } of requests)
    if (outcome === 'ok' && server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
  return [...counts].map(([server, answers]) => ({ server, answers }));
}

/**
 * The longest time without an answer: from the begin of a request that failed, with none since the last success, to the
 * begin of the next that succeeded. Only outages that began between the two times count, to their end.
 */
export function longestOutageMs(requests: readonly RequestSeen[], fromMs: number, toMs: number): number {
  let longestMs = 0;
  let since: number | undefined;
  let lastEndMs = 0;
  const close = (endMs: number): void => {
    if (since !== undefined && since >= fromMs && since < toMs)
      longestMs = Math.max(longestMs, endMs - since);
    since = undefined;
  };
  for (const { atMs, outcome, endedAtMs } of requests) {
    if (outcome === 'ok') close(atMs);
    else {
      since ??= atMs;
      lastEndMs = endedAtMs;
    }
  }
  close(lastEndMs);
  return longestMs;
}

function latencies(requests: readonly RequestSeen[], run: RunTimes): readonly LatencyReport[] {
  const phases = [
    ['before', run.beganAtMs, run.injectedAtMs],
    ['during', run.injectedAtMs, run.restoredAtMs],
    ['after', run.restoredAtMs, run.endedAtMs],
  ] as const;
  return phases.map(([phase, fromMs, toMs]) => {
    const inside = requests.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    const times = inside
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ atMs, endedAtMs }) => endedAtMs - atMs)
      .toSorted((a, b) => a - b);
    const [p50Ms, p99Ms, maxMs] = [percentile(times, 50), percentile(times, 99), times.at(-1)];
    if (p50Ms === undefined || p99Ms === undefined || maxMs === undefined)
      return { phase, requests: inside.length };
    return { phase, requests: inside.length, p50Ms, p99Ms, maxMs };
  });
}

/** The nearest rank; `sorted` ascends. Undefined of nothing. */
export function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** One for each client and service that keeps one. */
export function connectionsOf({ observations, run }: JudgeInput): readonly ConnectionReport[] {
  const seen = observations.filter((one): one is LongConnectionSeen => one.kind === 'longConnection');
  const keys = [...new Set(seen.map(({ client, service }) => `${client}\n${service}`))];
  return keys.map((key) => {
    const [client = '', service = ''] = key.split('\n');
    const own = seen.filter((one) => one.client === client && one.service === service);
    const during = own.filter(({ atMs }) => atMs >= run.beganAtMs && atMs < run.endedAtMs);
    const lost = during.find(({ event }) => event === 'lost');
    return {
      client,
      service,
      kept: lost === undefined,
      ...(lost === undefined ? {} : { lostAtMs: lost.atMs }),
      longestStallMs: longestStallMs(during, run.endedAtMs),
    };
  });
}

/** A stall is told after 1.5 s of silence. */
function longestStallMs(events: readonly LongConnectionSeen[], endedAtMs: number): number {
  let longestMs = 0;
  let since: number | undefined;
  for (const { event, atMs } of events) {
    if (event === 'stalled') since = atMs - 1500;
    else if (since !== undefined) {
      longestMs = Math.max(longestMs, atMs - since);
      since = undefined;
    }
  }
  return since === undefined ? longestMs : Math.max(longestMs, endedAtMs - since);
}

/** What each client had for each virtual address, and how long it took to follow the first takeover. */
export function neighboursOf(
  input: JudgeInput,
  takeovers: readonly TakeoverReport[],
): readonly NeighbourReport[] {
  const { observations, run, routers } = input;
  const seen = observations.filter((one): one is NeighbourSeen => one.kind === 'neighbour');
  const keys = [...new Set(seen.map(({ client, address }) => `${client}\n${address}`))];
  return keys.map((key) => {
    const [client = '', address = ''] = key.split('\n');
    const own = seen.filter(
      (one) => one.client === client && one.address === address && one.atMs < run.endedAtMs,
    );
    const router = routers.find(({ addresses }) => addresses.some((one) => one === address));
    const nodes = new Set(router?.members.map(({ instance }) => instance));
    const ofRouter = takeovers.filter(({ vrid, instance }) => vrid === router?.vrid && nodes.has(instance));
    const first = ofRouter.find(({ direction }) => direction === 'failover');
    const changes = changesOf(own).filter(({ atMs }) => atMs >= run.beganAtMs);
    const followed =
      first && changes.find((one) => one.node === first.to && one.atMs >= first.firstOfNewAtMs - 100);
    const announcements =
      followed &&
      observations.filter(
        (one) =>
          one.kind === 'announcement' &&
          one.address === address &&
          one.node === first?.to &&
          one.atMs >= first.firstOfNewAtMs - 100 &&
          one.atMs <= followed.atMs + 1,
      ).length;
    const lastMac = own.findLast(({ mac }) => mac !== undefined);
    const lastHolder = router && masterAtEnd(input, router);
    return {
      client,
      address,
      changes,
      ...(followed === undefined || first === undefined
        ? {}
        : {
            convergedAfterMs: Math.max(0, followed.atMs - first.firstOfNewAtMs),
            announcementsNeeded: announcements ?? 0,
          }),
      isStaleAtEnd: lastHolder !== undefined && lastMac?.node !== undefined && lastMac.node !== lastHolder,
    };
  });
}

/** Who spoke last; the one that spoke longer where two did at once. */
function masterAtEnd({ observations, run }: JudgeInput, router: VirtualRouter): string | undefined {
  const claims = claimsOf(observations, router).filter(
    ({ fromMs, isReleased }) => fromMs < run.endedAtMs && !isReleased,
  );
  const longestMs = Math.max(
    0,
    ...router.members.map(({ advertisementIntervalMs }) => advertisementIntervalMs),
  );
  const current = claims.filter(({ toMs }) => toMs > run.endedAtMs - 1.5 * longestMs - 250);
  return current.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0]?.node;
}

/** Only other addresses, not every REACHABLE and STALE. */
function changesOf(seen: readonly NeighbourSeen[]): NeighbourReport['changes'] {
  let last: string | undefined;
  return seen.flatMap(({ atMs, mac, node }) => {
    if (mac === last || mac === undefined) return [];
    last = mac;
    return [{ atMs, mac, ...(node === undefined ? {} : { node }) }];
  });
}
