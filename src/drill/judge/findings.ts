/** What had to hold in a run, and whether it did: invariants of any drill, and what its plan expected. Pure. */
import type { RequestSeen } from '../observation.ts';
import type {
  MasterWindow,
  NeighbourReport,
  ReportFinding,
  ServiceTraffic,
  TableReport,
  TakeoverReport,
} from '../report/report.ts';
import type { RouterExpectation } from '../scenarios/scenario.ts';
import { longestIntervalMs } from '../virtual-routers.ts';
import { claimsOf } from './claims.ts';
import { isCutByMove, tellCut } from './cut-requests.ts';
import { atMost, finding, ms } from './finding.ts';
import type { JudgeInput } from './judge-input.ts';
import { serverFindings, serverTimes } from './server-findings.ts';
import { requestsOf } from './traffic.ts';

export interface Seen {
  readonly takeovers: readonly TakeoverReport[];
  readonly windows: readonly MasterWindow[];
  readonly traffic: readonly ServiceTraffic[];
  readonly neighbours: readonly NeighbourReport[];
  readonly tables?: TableReport;
}

export function findingsOf(input: JudgeInput, seen: Seen): readonly ReportFinding[] {
  return [
    ...input.plan.expect.routers.flatMap((expectation) => routerFindings(input, seen, expectation)),
    ...serverFindings(input),
    ...windowFindings(input, seen),
    ...requestFindings(input, seen),
    settledFinding(input),
    ...(seen.tables === undefined ? [] : [tableFinding(seen.tables)]),
    ...staleFindings(seen),
    ...input.mishaps.map((text) =>
      finding({
        id: 'daemon-runs',
        kind: 'invariant',
        what: 'no daemon ends by itself',
        measured: text,
        limit: 'none',
        holds: false,
      }),
    ),
  ];
}

function routerFindings(
  input: JudgeInput,
  { takeovers }: Seen,
  { router, whileBroken }: RouterExpectation,
): readonly ReportFinding[] {
  const found = input.routers.find(({ name }) => name === router);
  if (found === undefined) return [];
  const isOurs = ({ vrid, family, direction }: TakeoverReport): boolean =>
    vrid === found.vrid && family === found.family && direction === 'failover';
  const own = takeovers.filter(isOurs);
  if (whileBroken.kind === 'open') return [];
  if (whileBroken.kind === 'stays') {
    return [
      finding({
        id: 'master-stays',
        kind: 'expectation',
        what: `${router} stays with ${whileBroken.node}`,
        measured:
          own.length === 0
            ? 'no takeover'
            : own.map(({ to, takeoverMs }) => `${to} after ${ms(takeoverMs)}`).join(', '),
        limit: 'no takeover',
        holds: own.length === 0,
      }),
    ];
  }
  if (whileBroken.kind === 'lost') return [lostFinding(input, found, whileBroken)];
  if (whileBroken.kind === 'split') return splitFindings(input, found, whileBroken);
  const taken = own.find(({ to }) => to === whileBroken.to);
  const what = `${whileBroken.to} takes ${router} over from ${whileBroken.from}`;
  if (taken === undefined)
    return [
      finding({
        id: 'takeover',
        kind: 'expectation',
        what,
        measured: 'it did not',
        limit: atMost(whileBroken.limitMs),
        holds: false,
      }),
    ];
  return [
    finding({
      id: 'takeover',
      kind: 'expectation',
      what,
      measured: ms(taken.takeoverMs),
      limit: atMost(whileBroken.limitMs),
      holds: taken.takeoverMs <= whileBroken.limitMs,
      margin: ms(whileBroken.limitMs - taken.takeoverMs),
    }),
    ...gapFindings(input, taken, whileBroken.toleranceMs ?? 0),
  ];
}

/** The protocol's own wait, counted as it counts: neither later than that and the kernel's slack, nor earlier. */
function gapFindings(
  { slackMs }: JudgeInput,
  { gapMs, expectedMs, to }: TakeoverReport,
  toleranceMs: number,
): readonly ReportFinding[] {
  if (gapMs === undefined || expectedMs === undefined) return [];
  // What comes much too early does not come of this wait.
  const lowMs = Math.max(0, expectedMs - toleranceMs - slackMs / 4);
  const highMs = expectedMs + toleranceMs + slackMs;
  return [
    finding({
      id: 'takeover-wait',
      kind: 'expectation',
      what: `${to} waits as long as its file says`,
      measured: ms(gapMs),
      limit: `${ms(lowMs)} to ${ms(highMs)}`,
      holds: gapMs >= lowMs && gapMs <= highMs,
      margin: ms(Math.min(highMs - gapMs, gapMs - lowMs)),
    }),
  ];
}

function splitFindings(
  { observations, run }: JudgeInput,
  router: JudgeInput['routers'][number],
  { nodes }: Extract<RouterExpectation['whileBroken'], { kind: 'split' }>,
): readonly ReportFinding[] {
  const claiming = claimsOf(observations, router)
    .filter(({ fromMs, toMs }) => toMs > run.injectedAtMs && fromMs < run.restoredAtMs)
    .map(({ node }) => node);
  const missing = nodes.filter((node) => !claiming.includes(node));
  return [
    finding({
      id: 'split',
      kind: 'expectation',
      what: `${nodes.join(' and ')} are each Master of ${router.name}, since they do not hear each other`,
      measured: missing.length === 0 ? 'they are' : `${missing.join(', ')} is not`,
      limit: 'all of them',
      holds: missing.length === 0,
    }),
  ];
}

/** Said where it is so: a reader of the report is to know what the files do not keep out. */
function lostFinding(
  input: JudgeInput,
  router: JudgeInput['routers'][number],
  { why }: Extract<RouterExpectation['whileBroken'], { kind: 'lost' }>,
): ReportFinding {
  const { observations, run } = input;
  const still = claimsOf(observations, router).find(
    // Who advertises goes on until its next is due.
    ({ fromMs, toMs }) =>
      fromMs < run.restoredAtMs && toMs > run.restoredAtMs - longestIntervalMs(input.routers),
  );
  return finding({
    id: 'master-lost',
    kind: 'expectation',
    what: `no director is Master of ${router.name}, for ${why}`,
    measured: still === undefined ? 'none is' : `${still.node} is`,
    limit: 'none is',
    holds: still === undefined,
  });
}

/** How long two nodes may be Master together where no split is expected: a hand-over's moment. */
function windowFindings(input: JudgeInput, { windows }: Seen): readonly ReportFinding[] {
  const { run, plan, slackMs } = input;
  const tolerated = (window: MasterWindow): boolean => {
    const expected = plan.expect.routers.find(({ router }) => router === window.instance)?.whileBroken;
    const mayOverlap = expected?.kind === 'split' || expected?.kind === 'open';
    // A daemon that was killed or stands still leaves its addresses behind: the kernel goes on holding them.
    const isLeftBehind = window.evidence === 'addresses' && expected?.kind === 'moves';
    const beganBroken = window.fromMs >= run.injectedAtMs && window.fromMs < run.mendedAtMs;
    return beganBroken && (mayOverlap || isLeftBehind);
  };
  const doubles = windows.filter(({ kind }) => kind === 'double');
  const judged = doubles.map((window) => (tolerated(window) ? afterRestore(window, run.mendedAtMs) : window));
  const worst = judged.toSorted((a, b) => b.ms - a.ms)[0];
  const isTolerant = doubles.some(tolerated);
  const daemonStarts = plan.restore.some((action) => action.do === 'start' || action.do === 'wait');
  // What it left behind stays until it has started again.
  const limitMs = isTolerant
    ? slackMs + (daemonStarts ? plan.expect.settleLimitMs : 2 * longestIntervalMs(input.routers))
    : slackMs;
  return [
    finding({
      id: 'double-master',
      kind: 'invariant',
      what: 'no two directors are Master together, or have the address, for longer than a hand-over',
      measured:
        worst === undefined
          ? 'never'
          : `${ms(worst.ms)} (${worst.nodes.join(' and ')}, by ${worst.evidence})`,
      limit: atMost(limitMs),
      holds: worst === undefined || worst.ms <= limitMs,
      ...(worst === undefined ? {} : { margin: ms(limitMs - worst.ms) }),
    }),
  ];
}

function afterRestore(window: MasterWindow, mendedAtMs: number): MasterWindow {
  const fromMs = Math.max(window.fromMs, mendedAtMs);
  return { ...window, fromMs, ms: Math.max(0, window.toMs - fromMs) };
}

function requestFindings(input: JudgeInput, { traffic, takeovers }: Seen): readonly ReportFinding[] {
  const { outageLimitMs, failbackOutageLimitMs } = input.plan.expect;
  const worst = (of: (one: ServiceTraffic) => number): number => Math.max(0, ...traffic.map(of));
  // An outage is seen by requests, which come at a pace and wait for their time limit.
  const grainMs = input.paceMs;
  const findings: ReportFinding[] = [];
  if (outageLimitMs !== undefined && outageLimitMs > 0)
    findings.push(
      outage(
        'outage',
        'clients are without service after the failure',
        worst((one) => one.failoverOutageMs),
        outageLimitMs + grainMs,
      ),
    );
  if (failbackOutageLimitMs !== undefined && failbackOutageLimitMs > 0)
    findings.push(
      outage(
        'failback-outage',
        'clients are without service while it returns',
        worst((one) => one.failbackOutageMs),
        failbackOutageLimitMs + grainMs,
      ),
    );
  return [...findings, calmFinding(input, takeovers)];
}

function outage(id: string, what: string, measuredMs: number, limitMs: number): ReportFinding {
  return finding({
    id,
    kind: 'expectation',
    what,
    measured: measuredMs === 0 ? 'never' : ms(measuredMs),
    limit: atMost(limitMs),
    holds: measuredMs <= limitMs,
    margin: ms(limitMs - measuredMs),
  });
}

/** Outside what had to fail, nothing may have failed. */
function calmFinding(input: JudgeInput, takeovers: readonly TakeoverReport[]): ReportFinding {
  const windows = disturbedWindows(input, takeovers);
  const isCalm = ({ atMs }: RequestSeen): boolean =>
    !windows.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  const calm = requestsOf(input).filter(isCalm);
  const notServed = calm.filter(({ outcome }) => outcome !== 'ok');
  const failed = notServed.filter((request) => !isCutByMove(request, takeovers));
  const first = failed[0];
  const stalls = allowedStalls(input, calm.length);
  const onlyStalls = failed.every(({ outcome }) => outcome === 'timeout');
  const where =
    first === undefined
      ? ''
      : ` (the first ${ms(first.atMs - input.run.injectedAtMs)} after the injection: ${nameFailure(first)})`;
  return finding({
    id: 'calm-requests',
    kind: 'invariant',
    what: 'no request fails outside of what the fault explains',
    measured: `${failed.length} of ${calm.length}${where}${tellCut(notServed.length - failed.length)}`,
    limit: stalls === 0 ? 'none' : `none but ${stalls} without an answer, for a kernel that stalls`,
    holds: failed.length === 0 || (onlyStalls && failed.length <= stalls),
  });
}

/** One request in fifty may find no answer in its time on a kernel that may itself be late by so much. */
const stallShare = 0.02;

function allowedStalls({ requestTimeoutMs, slackMs }: JudgeInput, requests: number): number {
  return requestTimeoutMs > slackMs ? 0 : Math.ceil(requests * stallShare);
}

function nameFailure({ service, outcome, error }: RequestSeen): string {
  return `${service} ${outcome}${error === undefined ? '' : `, ${error}`}`;
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Requests that began in these may fail; also those that were under way when one began. */
export function disturbedWindows(input: JudgeInput, takeovers: readonly TakeoverReport[]): readonly Window[] {
  const { run, plan, requestTimeoutMs, slackMs } = input;
  const { disturbance, restoreDisturbance, outageLimitMs = 0 } = plan.expect;
  const fromMs = run.injectedAtMs - requestTimeoutMs;
  const windows: Window[] = [];
  if (disturbance.kind === 'for') windows.push({ fromMs, toMs: run.injectedAtMs + disturbance.ms });
  if (disturbance.kind === 'while-broken') windows.push({ fromMs, toMs: run.mendedAtMs + slackMs });
  if (disturbance.kind === 'takeover') windows.push({ fromMs, toMs: run.injectedAtMs + outageLimitMs });
  if (disturbance.kind === 'server-out') {
    const { outAtMs } = serverTimes(input);
    windows.push({ fromMs, toMs: (outAtMs ?? run.restoredAtMs) + slackMs });
  }
  const failbacks = takeovers.filter(({ direction }) => direction === 'failback');
  if (restoreDisturbance === 'takeover')
    windows.push(...failbacks.map(({ firstOfNewAtMs }) => around(firstOfNewAtMs, input)));
  if (restoreDisturbance === 'until-settled')
    windows.push({
      fromMs: run.restoredAtMs - requestTimeoutMs,
      toMs: (run.settledAtMs ?? run.endedAtMs) + slackMs,
    });
  return windows;
}

function around(atMs: number, { requestTimeoutMs, slackMs }: JudgeInput): Window {
  return { fromMs: atMs - requestTimeoutMs, toMs: atMs + slackMs };
}

function settledFinding({ run, unsettled, plan }: JudgeInput): ReportFinding {
  const { settledAtMs, restoredAtMs } = run;
  const limitMs = plan.expect.settleLimitMs;
  const tookMs = settledAtMs === undefined ? undefined : settledAtMs - restoredAtMs;
  return finding({
    id: 'settled',
    kind: 'invariant',
    what: 'everything is as before: one Master, the right one, its addresses, tables and answers',
    measured: tookMs === undefined ? (unsettled[0] ?? 'it is not') : `after ${ms(tookMs)}`,
    limit: `within ${ms(limitMs)}`,
    holds: tookMs !== undefined,
    ...(tookMs === undefined ? {} : { margin: ms(limitMs - tookMs) }),
  });
}

function tableFinding({ areEqual, asConfigured, differences }: TableReport): ReportFinding {
  return finding({
    id: 'tables',
    kind: 'invariant',
    what: 'the IPVS tables are as the files say, and the same on all directors',
    measured: differences[0] ?? (areEqual ? 'they are' : 'they differ from each other'),
    limit: 'equal',
    holds: areEqual && asConfigured,
  });
}

function staleFindings({ neighbours }: Seen): readonly ReportFinding[] {
  const stale = neighbours.filter(({ isStaleAtEnd }) => isStaleAtEnd);
  return stale.map(({ client, address }) =>
    finding({
      id: 'stale-neighbour',
      kind: 'invariant',
      what: `${client} knows who has ${address}`,
      measured: 'it has the MAC address of another director',
      limit: "the Master's",
      holds: false,
    }),
  );
}
