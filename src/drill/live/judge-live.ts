/**
 * From what a live drill saw to a run of its report, by the same judge as a lab's. What only a lab can see (who holds an
 * address, the IPVS tables, the notifications) is not in it. Pure.
 */

import { timelineOf } from '../judge/draw-timeline.ts';
import { figuresOf } from '../judge/figures.ts';
import { finding } from '../judge/finding.ts';
import { findingsOf, type Seen } from '../judge/findings.ts';
import type { JudgeInput, RunTimes } from '../judge/judge-input.ts';
import { reasonOf } from '../judge/judge-run.ts';
import { limitFindings } from '../judge/limits.ts';
import { masterWindowsOf } from '../judge/master-windows.ts';
import { takeoversOf } from '../judge/takeovers.ts';
import { connectionsOf, neighboursOf, trafficOf } from '../judge/traffic.ts';
import type { Advertisement, Observation } from '../observation.ts';
import type { FigureName, Limit, MasterWindow, ReportFinding, ScenarioRun } from '../report/report.ts';
import type { Expectation } from '../scenarios/scenario.ts';
import type { Topology } from '../topology/topology.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import type { ProbeTarget } from './probe-targets.ts';

export interface LiveStory {
  /** Ascending. */
  readonly observations: readonly Observation[];
  readonly routers: readonly VirtualRouter[];
  readonly targets: readonly ProbeTarget[];
  readonly client: string;
  readonly limits: readonly Limit[];
  readonly paceMs: number;
  readonly requestTimeoutMs: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  /** Undefined for a watch. */
  readonly switchover?: SwitchoverStory;
}

export interface SwitchoverStory {
  readonly askedAtMs: number;
  readonly resumedAtMs: number;
  /** Undefined where the old Master did not come back. */
  readonly returnedAtMs?: number;
  readonly reason?: string;
}

/** What a machine that is not slowed by others may add to anything. */
export const liveSlackMs = 400;

export function judgeLive(story: LiveStory): ScenarioRun {
  const input = toInput(story);
  // Whoever was Master before it began to listen has taken nothing over.
  const takeovers = takeoversOf(input).filter(({ from }) => from !== undefined);
  const neighbours = neighboursOf(input, takeovers);
  // Who holds an address is told by its advertisements alone.
  const windows = masterWindowsOf(input).filter(
    (window) => window.evidence === 'advertisements' && !isBeforeTheFirst(window, story),
  );
  const seen: Seen = { takeovers, windows, traffic: trafficOf(input), neighbours };
  const figures = figuresOf(input, seen, connectionsOf(input)).filter(({ name }) => isMeasured(name, story));
  const findings = [
    ...findingsOf(input, seen)
      .filter(({ id }) => isJudged(id, story))
      .map(inLiveWords),
    ...limitFindings(story.limits, figures),
    ...(story.switchover === undefined ? masterFindings(story) : []),
  ];
  const failed = findings.find(({ holds }) => !holds);
  const { run } = input;
  return {
    run: 1,
    verdict: failed === undefined ? 'pass' : 'fail',
    ...(failed === undefined ? {} : { reason: reasonOf(failed) }),
    beganAtMs: run.beganAtMs,
    endedAtMs: run.endedAtMs,
    injectedAtMs: run.injectedAtMs,
    restoredAtMs: run.restoredAtMs,
    ...(run.settledAtMs === undefined ? {} : { settledAtMs: run.settledAtMs }),
    findings,
    figures,
    takeovers,
    traffic: seen.traffic,
    connections: [],
    masterWindows: windows,
    neighbours,
    notifications: [],
    states: [],
    timeline: timelineOf(input, seen),
  };
}

/** It began to listen between two advertisements. */
function isBeforeTheFirst({ kind, vrid, fromMs, ms }: MasterWindow, story: LiveStory): boolean {
  const members = story.routers.find((router) => router.vrid === vrid)?.members ?? [];
  const intervalMs = Math.max(0, ...members.map((one) => one.advertisementIntervalMs));
  return kind === 'none' && fromMs <= story.beganAtMs && ms <= 1.5 * intervalMs + 150;
}

/** Neighbour entries and ARP of who advertised only later in the drill get their name here. */
export function named(observations: readonly Observation[]): readonly Observation[] {
  const nodes = new Map<string, Set<string>>();
  for (const seen of observations) {
    if (seen.kind !== 'advertisement') continue;
    const known = nodes.get(seen.sourceMac) ?? new Set();
    nodes.set(seen.sourceMac, known.add(seen.source));
  }
  return observations.map((seen) => {
    if (seen.kind !== 'announcement' && seen.kind !== 'arpReply' && seen.kind !== 'neighbour') return seen;
    if (seen.node !== undefined || seen.mac === undefined) return seen;
    const [node, other] = nodes.get(seen.mac) ?? [];
    // A virtual MAC address is that of whoever is Master.
    return node === undefined || other !== undefined ? seen : { ...seen, node };
  });
}

function toInput(story: LiveStory): JudgeInput {
  const { routers, limits, paceMs, requestTimeoutMs } = story;
  const observations = named(story.observations);
  const run = timesOf(story, observations);
  return {
    observations,
    topology: liveTopology(story),
    nodes: [],
    routers,
    plan: { inject: [], restore: [], holdMs: 0, expect: expectationOf(story, run) },
    run,
    limits,
    slackMs: liveSlackMs,
    requestTimeoutMs,
    paceMs,
    hasIpvs: false,
    unsettled: story.switchover?.reason === undefined ? [] : [story.switchover.reason],
    mishaps: [],
    suspicions: [],
  };
}

/** Of a watch nobody knows what was done when: it begins with the last word of who was Master before, or the first failure. */
function timesOf(story: LiveStory, observations: readonly Observation[]): RunTimes {
  const { beganAtMs, endedAtMs, switchover } = story;
  const common = { run: 1, beganAtMs, endedAtMs };
  if (switchover !== undefined) {
    const { askedAtMs, resumedAtMs, returnedAtMs } = switchover;
    const settled = returnedAtMs === undefined ? {} : { settledAtMs: returnedAtMs };
    const mendedAtMs = returnedAtMs ?? endedAtMs;
    return { ...common, injectedAtMs: askedAtMs, restoredAtMs: resumedAtMs, mendedAtMs, ...settled };
  }
  const { leftAtMs, backAtMs } = changesOf(observations, story.routers);
  const failedAtMs = observations.find((seen) => seen.kind === 'request' && seen.outcome !== 'ok')?.atMs;
  const restoredAtMs = backAtMs ?? endedAtMs;
  const firstSign = Math.min(leftAtMs ?? endedAtMs, failedAtMs ?? endedAtMs, restoredAtMs);
  return {
    ...common,
    injectedAtMs: Math.max(beganAtMs, firstSign),
    restoredAtMs,
    mendedAtMs: restoredAtMs,
    settledAtMs: restoredAtMs,
  };
}

/** When the first Master spoke last before another did, and when the other did before the first was back. */
function changesOf(
  observations: readonly Observation[],
  routers: readonly VirtualRouter[],
): { readonly leftAtMs?: number; readonly backAtMs?: number } {
  for (const { vrid, family } of routers) {
    const own = observations.filter(
      (seen): seen is Advertisement =>
        seen.kind === 'advertisement' && seen.vrid === vrid && seen.family === family && seen.priority > 0,
    );
    const [first] = own;
    const change = own.findIndex(({ source }) => source !== first?.source);
    const left = own[change - 1];
    if (left === undefined) continue;
    const back = own.slice(change).findIndex(({ source }) => source === first?.source);
    const before = back === -1 ? undefined : own[change + back - 1];
    return { leftAtMs: left.atMs, ...(before === undefined ? {} : { backAtMs: before.atMs }) };
  }
  return {};
}

function expectationOf(story: LiveStory, { injectedAtMs, restoredAtMs }: RunTimes): Expectation {
  const { routers, switchover, limits } = story;
  const hasOwnLimit = limits.some(({ figure }) => /^(failed-requests|outage)/.test(figure));
  if (switchover !== undefined)
    return {
      routers: [],
      // Nothing fails when a router that lives hands over, unless the operator allows for it.
      disturbance: hasOwnLimit ? { kind: 'while-broken', why: 'a limit says how much' } : { kind: 'none' },
      restoreDisturbance: hasOwnLimit ? 'until-settled' : 'none',
      settleLimitMs: 0,
    };
  const hasTakeover = routers.some(({ members }) => members.length > 1);
  const waitsMs = routers.flatMap(({ members }) => members.map((one) => one.masterDownIntervalMs));
  return {
    routers: [],
    disturbance: hasTakeover && injectedAtMs < restoredAtMs ? { kind: 'takeover' } : { kind: 'none' },
    restoreDisturbance: 'takeover',
    ...(hasTakeover ? { outageLimitMs: Math.max(0, ...waitsMs) + liveSlackMs } : {}),
    settleLimitMs: 0,
  };
}

const ofRequests: ReadonlySet<string> = new Set([
  'outage',
  'failback-outage',
  'failed-requests',
  'failed-requests-percent',
  'calm-requests',
]);
const ofAdvertisements: ReadonlySet<string> = new Set(['double-master', 'no-master']);

/** What nobody looked at is no figure, and a watch has done nothing that could settle. */
function isMeasured(name: FigureName, { switchover, routers, targets }: LiveStory): boolean {
  if (name === 'settling') return switchover !== undefined;
  if (ofRequests.has(name)) return targets.length > 0;
  return !ofAdvertisements.has(name) || routers.length > 0;
}

function isJudged(id: string, { switchover, routers, targets }: LiveStory): boolean {
  if (id === 'settled') return switchover !== undefined;
  if (ofRequests.has(id)) return targets.length > 0;
  return !ofAdvertisements.has(id) || routers.length > 0;
}

function inLiveWords(one: ReportFinding): ReportFinding {
  if (one.id === 'settled')
    return {
      ...one,
      what: 'the old Master is back, or nopreempt keeps it away',
      limit: 'within the time it has',
    };
  if (one.id === 'double-master')
    return { ...one, what: 'no two directors are Master together for longer than a hand-over' };
  return one.id === 'calm-requests'
    ? { ...one, what: 'no request fails but around a takeover that was seen' }
    : one;
}

/** At the end of a watch somebody must be Master. */
function masterFindings({ observations, routers, endedAtMs }: LiveStory): readonly ReportFinding[] {
  return routers.map(({ name, vrid, family, members }) => {
    const last = observations.findLast(
      (seen): seen is Advertisement =>
        seen.kind === 'advertisement' && seen.vrid === vrid && seen.family === family,
    );
    const intervalMs = Math.max(...members.map((one) => one.advertisementIntervalMs));
    const isThere =
      last !== undefined && last.priority > 0 && endedAtMs - last.atMs <= 1.6 * intervalMs + 150;
    return finding({
      id: 'one-master',
      kind: 'invariant',
      what: `${name} has a Master at the end`,
      measured: isThere ? last.source : 'none',
      limit: 'one',
      holds: isThere,
    });
  });
}

export function liveTopology({
  routers,
  targets,
  client,
}: Pick<LiveStory, 'routers' | 'targets' | 'client'>): Topology {
  const nodes = [...new Set(routers.flatMap(({ members }) => members.map(({ node }) => node)))].sort();
  return {
    networks: [],
    nodes: nodes.map((name) => ({
      name,
      interfaces: [],
      gateways: [],
      configFile: '',
      configId: '',
      forwards: false,
      dummies: [],
    })),
    realServers: [],
    clients: [],
    routers: [],
    services: targets.map(({ name, kind, address, port, path }) => ({
      name,
      kind,
      address,
      port,
      path,
      clients: [client],
      servers: [],
      sorryServers: [],
    })),
    notes: [],
  };
}
