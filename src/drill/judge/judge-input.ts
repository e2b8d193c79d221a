/** What a run is judged by: everything that was seen, when the drill did what, and what was expected. */
import type { Observation } from '../observation.ts';
import type { Limit } from '../report/report.ts';
import type { Plan } from '../scenarios/scenario.ts';
import type { Topology } from '../topology/topology.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';

export interface JudgeInput {
  /** Ascending by time, from the start of the drill: who was Master before the run is in it. */
  readonly observations: readonly Observation[];
  readonly topology: Topology;
  readonly nodes: readonly NodeConfig[];
  readonly routers: readonly VirtualRouter[];
  readonly plan: Plan;
  readonly run: RunTimes;
  /** Of --slo. */
  readonly limits: readonly Limit[];
  readonly slackMs: number;
  readonly requestTimeoutMs: number;
  readonly paceMs: number;
  readonly hasIpvs: boolean;
  /** Sentences: what stood in the way of the steady state at the end; empty when it was reached. */
  readonly unsettled: readonly string[];
  /** Sentences: daemons that ended by themselves. */
  readonly mishaps: readonly string[];
  /** Sentences about the files that may explain a failure: what the linter says of them together. */
  readonly suspicions: readonly string[];
}

export interface RunTimes {
  readonly run: number;
  readonly beganAtMs: number;
  readonly injectedAtMs: number;
  /** The mending began … */
  readonly restoredAtMs: number;
  /** … and all of it was done: until then the fault may still bite. */
  readonly mendedAtMs: number;
  /** Undefined where the steady state did not come back. */
  readonly settledAtMs?: number;
  readonly endedAtMs: number;
}
