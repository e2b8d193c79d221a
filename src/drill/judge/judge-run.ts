/** From what was seen in a run to its report. Pure: the same observations are always judged the same. */

import type { TableSeen } from '../observation.ts';
import type {
  NotificationReport,
  ReportFinding,
  ReportVerdict,
  ScenarioReport,
  ScenarioRun,
  StateReport,
} from '../report/report.ts';
import { timelineOf } from './draw-timeline.ts';
import { figuresOf, summarize } from './figures.ts';
import { findingsOf, type Seen } from './findings.ts';
import type { JudgeInput } from './judge-input.ts';
import { limitFindings } from './limits.ts';
import { masterWindowsOf } from './master-windows.ts';
import { tableReport } from './tables.ts';
import { takeoversOf } from './takeovers.ts';
import { connectionsOf, neighboursOf, trafficOf } from './traffic.ts';

export function judgeRun(input: JudgeInput): ScenarioRun {
  const takeovers = takeoversOf(input);
  const neighbours = neighboursOf(input, takeovers);
  const tables = tablesAtEnd(input);
  const seen: Seen = {
    takeovers,
    windows: masterWindowsOf(input),
    traffic: trafficOf(input),
    neighbours,
    ...(tables === undefined ? {} : { tables }),
  };
  const connections = connectionsOf(input);
  const figures = figuresOf(input, seen, connections);
  const limits = limitFindings([...input.limits, ...(input.plan.limits ?? [])], figures);
  const findings = [...findingsOf(input, seen), ...limits].map((one) => explained(one, input.suspicions));
  const failed = findings.filter(({ holds }) => !holds);
  const { run } = input;
  return {
    run: run.run,
    verdict: failed.length === 0 ? 'pass' : 'fail',
    ...(failed[0] === undefined ? {} : { reason: reasonOf(failed[0]) }),
    beganAtMs: run.beganAtMs,
    endedAtMs: run.endedAtMs,
    injectedAtMs: run.injectedAtMs,
    restoredAtMs: run.restoredAtMs,
    ...(run.settledAtMs === undefined ? {} : { settledAtMs: run.settledAtMs }),
    findings,
    figures,
    takeovers,
    traffic: seen.traffic,
    connections,
    masterWindows: seen.windows,
    neighbours,
    ...(tables === undefined ? {} : { tables }),
    notifications: notificationsOf(input),
    states: statesOf(input),
    timeline: timelineOf(input, seen),
  };
}

/** One sentence: what was measured, and what had to be. */
export function reasonOf({ what, measured, limit, explanation }: ReportFinding): string {
  const why = explanation === undefined ? '' : `; ${explanation}`;
  return `${what}: ${measured}, where ${limit} was right${why}`;
}

/** What the files show about who is Master may be why one of these does not hold. */
const mayBeExplained: ReadonlySet<string> = new Set([
  'takeover',
  'takeover-wait',
  'settled',
  'double-master',
  'master-stays',
]);

function explained(finding: ReportFinding, suspicions: readonly string[]): ReportFinding {
  if (finding.holds || !mayBeExplained.has(finding.id) || suspicions.length === 0) return finding;
  return { ...finding, explanation: suspicions.join('; ') };
}

function tablesAtEnd({
  observations,
  nodes,
  run,
  hasIpvs,
}: JudgeInput): ReturnType<typeof tableReport> | undefined {
  if (!hasIpvs || nodes.every(({ config }) => config.virtualServers.length === 0)) return undefined;
  const last = (node: string): TableSeen | undefined =>
    observations.findLast(
      (seen): seen is TableSeen => seen.kind === 'table' && seen.node === node && seen.atMs <= run.endedAtMs,
    );
  return tableReport(nodes, (node) => last(node)?.services ?? []);
}

function notificationsOf({ observations, run }: JudgeInput): readonly NotificationReport[] {
  const counts = new Map<string, number>();
  return observations.flatMap((seen) => {
    if (seen.kind !== 'notification' || seen.atMs < run.beganAtMs || seen.atMs > run.endedAtMs) return [];
    const key = [seen.node, seen.keyword, ...seen.words].join('\n');
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    const { atMs, node, keyword, words } = seen;
    return [{ atMs, node, keyword, words, occurrence }];
  });
}

function statesOf({ observations, run }: JudgeInput): readonly StateReport[] {
  return observations.flatMap((seen) =>
    seen.kind === 'state' && seen.atMs >= run.beganAtMs && seen.atMs <= run.endedAtMs
      ? [{ node: seen.node, instance: seen.instance, atMs: seen.atMs, state: seen.state }]
      : [],
  );
}

const severity: readonly ReportVerdict[] = ['aborted', 'fail', 'could-not-run', 'pass', 'skipped'];

/** The worst of them; skipped where there is nothing else. */
export function worstVerdict(verdicts: readonly ReportVerdict[]): ReportVerdict {
  return severity.find((one) => verdicts.includes(one)) ?? 'skipped';
}

export function scenarioReport(
  about: Pick<ScenarioReport, 'name' | 'title' | 'description'>,
  runs: readonly ScenarioRun[],
): ScenarioReport {
  const verdict = worstVerdict(runs.map((run) => run.verdict));
  const reason = runs.find((run) => run.verdict === verdict)?.reason;
  const { name, title, description } = about;
  return {
    name,
    title,
    description,
    verdict,
    ...(verdict === 'pass' || reason === undefined ? {} : { reason }),
    runs,
    summary: summarize(runs),
  };
}
