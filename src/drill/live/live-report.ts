/** The report of a live drill, in the form of a lab's. */
import { availableParallelism, release } from 'node:os';
import { exitStatusOf } from '../drill.ts';
import { timersOf } from '../environment.ts';
import { scenarioReport } from '../judge/judge-run.ts';
import type {
  CleanUpProof,
  DrillReport,
  EvidenceFile,
  Limit,
  NodeEnvironment,
  ReportVerdict,
  ScenarioReport,
  ScenarioRun,
} from '../report/report.ts';
import { reportSchemaVersion } from '../report/report.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import type { EndedState } from './live-messages.ts';

export interface LiveOutcome {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly command: readonly string[];
  readonly holdfastVersion: string;
  readonly limits: readonly Limit[];
  readonly notes: readonly string[];
  readonly routers: readonly VirtualRouter[];
  readonly evidence: readonly EvidenceFile[];
  /** Undefined where it could not begin. */
  readonly run?: ScenarioRun;
  /** Of a switchover. */
  readonly ended?: EndedState;
  readonly instances: readonly string[];
  /** What kept it from beginning or ended it early, whatever was seen. */
  readonly early?: { readonly verdict: ReportVerdict; readonly reason: string };
}

export function liveReport(outcome: LiveOutcome): DrillReport {
  const scenarios = outcome.run === undefined ? [] : [scenarioOf(outcome, outcome.run)];
  const verdict = outcome.early?.verdict ?? scenarios[0]?.verdict ?? 'could-not-run';
  const reason = outcome.early?.reason ?? scenarios[0]?.reason;
  return {
    schemaVersion: reportSchemaVersion,
    verdict,
    exitStatus: exitStatusOf(verdict),
    ...(verdict === 'pass' || reason === undefined ? {} : { reason }),
    startedAt: outcome.startedAt,
    endedAt: new Date().toISOString(),
    command: outcome.command,
    seed: 0,
    runsWanted: 1,
    environment: {
      holdfast: outcome.holdfastVersion,
      node: process.version,
      mode: 'live',
      kernel: {
        which: 'host',
        release: release(),
        reason: "this machine's own, which only watched",
        processors: availableParallelism(),
      },
      nodes: nodesOf(outcome.routers),
    },
    notes: outcome.notes,
    limits: outcome.limits,
    scenarios,
    evidence: outcome.evidence,
    cleanUp: proofOf(outcome),
  };
}

function scenarioOf({ ended, early, instances }: LiveOutcome, run: ScenarioRun): ScenarioReport {
  const judged: ScenarioRun = early === undefined ? run : { ...run, ...early };
  if (ended === undefined)
    return scenarioReport(
      {
        name: 'watch',
        title: 'Watching the real pair',
        description: 'Nothing was done to it but to ask for its services and to listen.',
      },
      [judged],
    );
  const names = instances.join(', ');
  return scenarioReport(
    {
      name: 'switchover',
      title: `Switchover of ${names} on the real pair`,
      description: `The director that was Master of ${names} was asked over its control socket to fail over, and later to take part again.`,
    },
    [judged],
  );
}

/** What is known of a router from what it sent. */
function nodesOf(routers: readonly VirtualRouter[]): readonly NodeEnvironment[] {
  const names = [...new Set(routers.flatMap(({ members }) => members.map(({ node }) => node)))].sort();
  return names.map((name) => ({
    name,
    daemon: 'unknown',
    daemonVersion: 'seen from outside',
    configFile: 'not read',
    configHash: '',
    instances: timersOf(routers, name),
  }));
}

function proofOf({ ended, instances }: LiveOutcome): CleanUpProof {
  if (ended?.askedAtMs === undefined) {
    const found =
      instances.length === 0 ? 'it only watched' : 'nothing was asked of the daemon but its status';
    return { isClean: true, checks: [{ what: 'nothing was changed', holds: true, found }] };
  }
  const { hasReturned, reason } = ended;
  return {
    isClean: hasReturned,
    checks: [
      {
        what: `${instances.join(', ')} is as before`,
        holds: hasReturned,
        found: hasReturned ? 'it is, by its daemon' : (reason ?? 'it is not'),
      },
    ],
  };
}
