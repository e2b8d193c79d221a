/** The lanes, spans and points of a run's timeline. Pure. */
import type { Observation } from '../observation.ts';
import type {
  PointKind,
  SpanKind,
  Timeline,
  TimelineLane,
  TimelinePoint,
  TimelineSpan,
} from '../report/report.ts';
import { claimsOf, holdsOf } from './claims.ts';
import type { Seen } from './findings.ts';
import type { JudgeInput } from './judge-input.ts';
import { within } from './spans.ts';
import { requestsOf } from './traffic.ts';

export function timelineOf(input: JudgeInput, seen: Seen): Timeline {
  const { run, topology } = input;
  const lanes: TimelineLane[] = [
    { id: 'drill', title: 'drill', kind: 'drill' },
    ...topology.nodes.map(({ name }) => ({ id: name, title: name, kind: 'node' as const })),
    { id: 'network', title: 'virtual routers', kind: 'network' },
    ...topology.realServers.map(({ name, address }) => ({
      id: name,
      title: `${name} ${address}`,
      kind: 'server' as const,
    })),
    ...topology.services.map(({ name }) => ({ id: name, title: name, kind: 'client' as const })),
  ];
  const spans = [...phases(input), ...nodeSpans(input), ...windowSpans(seen), ...serviceSpans(input)];
  const points = input.observations
    .filter(({ atMs }) => atMs >= run.beganAtMs && atMs <= run.endedAtMs)
    .flatMap((one) => pointsOf(one))
    .filter(({ lane }) => lanes.some(({ id }) => id === lane));
  return {
    fromMs: run.beganAtMs,
    toMs: run.endedAtMs,
    zeroAtMs: run.injectedAtMs,
    lanes,
    spans: spans.toSorted((a, b) => a.fromMs - b.fromMs),
    points: points.toSorted((a, b) => a.atMs - b.atMs),
  };
}

function phases({ run }: JudgeInput): readonly TimelineSpan[] {
  const span = (label: string, fromMs: number, toMs: number): TimelineSpan => ({
    lane: 'drill',
    kind: 'phase',
    fromMs,
    toMs,
    label,
  });
  const settledAtMs = run.settledAtMs ?? run.endedAtMs;
  return [
    span('steady', run.beganAtMs, run.injectedAtMs),
    span('broken', run.injectedAtMs, run.restoredAtMs),
    span('restored', run.restoredAtMs, settledAtMs),
    ...(settledAtMs < run.endedAtMs ? [span('steady', settledAtMs, run.endedAtMs)] : []),
  ];
}

function nodeSpans(input: JudgeInput): readonly TimelineSpan[] {
  const { beganAtMs, endedAtMs } = input.run;
  return input.routers.flatMap((router) => [
    ...within(claimsOf(input.observations, router), beganAtMs, endedAtMs).map((claim) => ({
      lane: claim.node,
      kind: 'master' as const,
      fromMs: claim.fromMs,
      toMs: claim.toMs,
      label: `${router.name} Master`,
    })),
    ...router.addresses.flatMap((address) =>
      within(holdsOf(input.observations, address, endedAtMs), beganAtMs, endedAtMs).map((held) => ({
        lane: held.node,
        kind: 'holds' as const,
        fromMs: held.fromMs,
        toMs: held.toMs,
        label: address,
      })),
    ),
  ]);
}

function windowSpans({ windows }: Seen): readonly TimelineSpan[] {
  return windows.map(({ kind, fromMs, toMs, instance, evidence, nodes }) => {
    const who = kind === 'double' ? nodes.join(' and ') : 'nobody';
    const spanKind: SpanKind = kind === 'double' ? 'double-master' : 'no-master';
    return { lane: 'network', kind: spanKind, fromMs, toMs, label: `${instance}: ${who}, by ${evidence}` };
  });
}

/** Requests in a row that succeeded or failed, as clients feel them. */
function serviceSpans(input: JudgeInput): readonly TimelineSpan[] {
  const requests = requestsOf(input);
  return input.topology.services.flatMap(({ name }) => {
    const spans: { lane: string; kind: SpanKind; fromMs: number; toMs: number; label: string }[] = [];
    for (const { atMs, outcome, endedAtMs } of requests.filter(({ service }) => service === name)) {
      const kind = outcome === 'ok' ? 'served' : 'failing';
      const last = spans.at(-1);
      if (last?.kind === kind) last.toMs = Math.max(last.toMs, endedAtMs);
      else {
        // The stretches follow each other without a hole.
        if (last !== undefined) last.toMs = atMs;
        spans.push({ lane: name, kind, fromMs: atMs, toMs: endedAtMs, label: kind });
      }
    }
    return spans;
  });
}

/** One observation is at most one point. */
function pointsOf(seen: Observation): readonly TimelinePoint[] {
  const { atMs } = seen;
  const point = (lane: string | undefined, kind: PointKind, label: string): readonly TimelinePoint[] =>
    lane === undefined ? [] : [{ lane, kind, atMs, label }];
  switch (seen.kind) {
    case 'step':
      return stepPoint(seen.step, atMs, seen.text);
    case 'advertisement':
      return point(
        seen.node,
        seen.priority === 0 ? 'priority-zero' : 'advertisement',
        `VRID ${seen.vrid}, priority ${seen.priority}`,
      );
    case 'announcement':
      return point(seen.node, 'announcement', `announces ${seen.address}`);
    case 'arpReply':
      return point(seen.node, 'arp-reply', `answers for ${seen.address}`);
    case 'holds':
      return point(
        seen.node,
        seen.holds ? 'address-added' : 'address-removed',
        `${seen.address} on ${seen.interface}`,
      );
    case 'request':
      return seen.outcome === 'ok'
        ? []
        : point(seen.service, 'request-failed', `${seen.outcome}, from ${seen.source}`);
    case 'longConnection':
      return seen.event === 'lost' ? point(seen.service, 'connection-lost', seen.error ?? 'lost') : [];
    case 'neighbour':
      return point(
        'network',
        'neighbour-changed',
        `${seen.client}: ${seen.address} is at ${seen.mac ?? 'nobody'} (${seen.state})`,
      );
    case 'notification':
      return point(seen.node, 'notification', `${seen.keyword} ${seen.words.join(' ')}`);
    case 'state':
      return point(seen.node, 'log', `${seen.instance} ${seen.state}`);
    default:
      return [];
  }
}

function stepPoint(step: string, atMs: number, label: string): readonly TimelinePoint[] {
  const kinds: Readonly<Record<string, PointKind>> = {
    inject: 'inject',
    restore: 'restore',
    settled: 'settled',
  };
  const kind = kinds[step];
  return kind === undefined ? [] : [{ lane: 'drill', kind, atMs, label }];
}
