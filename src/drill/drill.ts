/**
 * A drill from its first to its last step: builds the lab, waits for the steady state, plays the scenarios one after the
 * other, judges each, and cleans up. Where it reports to is the caller's business.
 */
import type { SourceReader } from '../config-parser/index.ts';
import { cleanUpProof } from './clean-up-proof.ts';
import type { DaemonKind } from './director.ts';
import { describeEnvironment } from './environment.ts';
import { worstVerdict } from './judge/judge-run.ts';
import { fileFindings, suspicionsOf } from './judge/suspicions.ts';
import { buildLab, type Lab } from './lab/lab.ts';
import { playAll } from './play-scenarios.ts';
import type { DrillProgress } from './progress.ts';
import type {
  DrillReport,
  ExitStatus,
  Limit,
  ReportVerdict,
  ScenarioReport,
  SteadyState,
} from './report/report.ts';
import { reportSchemaVersion } from './report/report.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { Aborted, type Stage } from './stage.ts';
import type { Topology } from './topology/topology.ts';
import type { NodeConfig, VirtualRouter } from './virtual-routers.ts';

export interface DrillOptions {
  readonly nodes: readonly NodeConfig[];
  readonly topology: Topology;
  readonly routers: readonly VirtualRouter[];
  readonly readerOf: (configFile: string) => SourceReader;
  readonly daemonOf: (node: string) => DaemonKind;
  readonly scenarios: readonly Scenario[];
  readonly runs: number;
  readonly limits: readonly Limit[];
  /** Where evidence goes; made when it is not there. */
  readonly folder: string;
  /** Requests a second, of each client for each service. */
  readonly ratePerSecond: number;
  readonly requestTimeoutMs: number;
  readonly seed: number;
  /** The words to repeat it. */
  readonly command: readonly string[];
  readonly holdfastVersion: string;
  readonly kernel: { readonly which: 'host' | 'embedded'; readonly reason: string };
  readonly hasIpvs: boolean;
  readonly progress: DrillProgress;
  /** Aborting restores what is broken, and ends the drill. */
  readonly signal: AbortSignal;
  /** Called while the lab still stands, before it is removed: for who wants to look at it. */
  readonly beforeClose?: (lab: Lab) => Promise<void>;
}

/** What this kernel's slowness may add to anything. */
export const slackMs = { host: 400, embedded: 1000 } as const;
/** For a daemon to be up: on one slow processor that has more to do it may take long. */
export const startLimitMs = { host: 20_000, embedded: 90_000 } as const;

interface Outcome {
  readonly scenarios: readonly ScenarioReport[];
  readonly steadyState?: SteadyState;
  /** Of what ended the drill early. */
  readonly verdict?: ReportVerdict;
  readonly reason?: string;
}

/** Never throws for what can go wrong with a drill: that is in the report. */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const startedAt = new Date().toISOString();
  const environment = await describeEnvironment(options);
  let lab: Lab | undefined;
  let outcome: Outcome;
  let lostPackets: number | undefined;
  try {
    options.progress.say('building the lab: network, servers, observers');
    lab = await buildLab({
      ...options,
      paceMs: 1000 / options.ratePerSecond,
    });
    outcome = await playOn(lab, options);
    lostPackets = await lab.lostPackets();
    await options.beforeClose?.(lab);
  } catch (error) {
    outcome = failedEarly(error, options.signal);
  } finally {
    lab?.close();
  }
  const cleanUp = await cleanUpProof(lab);
  const verdict = outcome.verdict ?? worstVerdict(outcome.scenarios.map((one) => one.verdict));
  const reason = outcome.reason ?? outcome.scenarios.find((one) => one.verdict === verdict)?.reason;
  return {
    schemaVersion: reportSchemaVersion,
    verdict,
    exitStatus: exitStatusOf(verdict),
    ...(verdict === 'pass' || reason === undefined ? {} : { reason }),
    startedAt,
    endedAt: new Date().toISOString(),
    command: options.command,
    seed: options.seed,
    runsWanted: options.runs,
    environment: {
      ...environment,
      nodes: environment.nodes.map((node) => ({ ...node, configHash: lab?.hashes.get(node.name) ?? '' })),
    },
    notes: [...options.topology.notes, ...(lab === undefined ? [] : notesOf(lab)), ...lossNotes(lostPackets)],
    topology: options.topology,
    ...(outcome.steadyState === undefined ? {} : { steadyState: outcome.steadyState }),
    limits: options.limits,
    scenarios: outcome.scenarios,
    evidence: lab === undefined ? [] : evidenceOf(options),
    cleanUp,
  };
}

/** 0 pass; 1 a limit or an invariant broken; 2 could not run; 3 aborted and restored. */
export function exitStatusOf(verdict: ReportVerdict): ExitStatus {
  switch (verdict) {
    case 'pass':
      return 0;
    case 'fail':
      return 1;
    case 'aborted':
      return 3;
    case 'could-not-run':
    // Nothing was played at all.
    case 'skipped':
      return 2;
  }
}

async function playOn(lab: Lab, options: DrillOptions): Promise<Outcome> {
  const { which } = options.kernel;
  const stage: Stage = {
    ...options,
    lab,
    slackMs: slackMs[which],
    startLimitMs: startLimitMs[which],
    suspicions: suspicionsOf(options.nodes, options.routers),
    fileFindings: fileFindings(options.routers),
  };
  return playAll(stage);
}

function failedEarly(error: unknown, signal: AbortSignal): Outcome {
  if (error instanceof Aborted || signal.aborted)
    return { scenarios: [], verdict: 'aborted', reason: 'it was interrupted before the first scenario' };
  const reason = error instanceof Error ? error.message : String(error);
  return { scenarios: [], verdict: 'could-not-run', reason };
}

function notesOf({ copies, wire }: Lab): readonly string[] {
  const replaced = [...new Set([...copies.values()].flatMap((copy) => [...copy.replaced]))];
  const dropped = [...new Set([...copies.values()].flatMap((copy) => [...copy.dropped]))];
  const keys = [...copies.values()].some(({ keyFiles }) => keyFiles.size > 0);
  return [
    ...(replaced.length > 0
      ? [`No program of the files was run: the lab's recorder stood in for ${replaced.join(', ')}.`]
      : []),
    ...(dropped.length > 0
      ? [`Left out in the lab, since it reaches out of it: ${dropped.join(', ')}.`]
      : []),
    ...(keys
      ? ['Key files that are not here were replaced by a key of the lab, the same on all nodes.']
      : []),
    ...(wire.method === 'none' ? ['This kernel can neither lose nor delay packets at the switch.'] : []),
  ];
}

function lossNotes(lostPackets: number | undefined): readonly string[] {
  if (lostPackets === undefined || lostPackets === 0) return [];
  return [
    `The capture at the switch lost ${lostPackets} packets: advertisements may have been sent that are not in this report.`,
  ];
}

function evidenceOf({ nodes }: DrillOptions): DrillReport['evidence'] {
  return [
    { name: 'events.jsonl', what: 'everything that was seen, one JSON object a line' },
    { name: 'switch.pcap', what: 'VRRP, ARP and Neighbour Discovery as they came in at the switch' },
    ...nodes.map(({ name }) => ({ name: `${name}.log`, what: `the log of ${name}'s daemon` })),
  ];
}
