/** What a scenario is: what is broken, how it is mended, and what the files lead one to expect meanwhile. All plain data. */
import type { Action } from '../actions.ts';
import type { DaemonKind } from '../director.ts';
import type { ProcessRole } from '../lab/lab-daemon.ts';
import type { WireMethod } from '../lab/wire-faults.ts';
import type { Limit } from '../report/report.ts';
import type { Topology } from '../topology/topology.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';

export interface Scenario {
  /** For --scenario: `sigkill`. */
  readonly name: string;
  readonly title: string;
  /** What it is about, in a sentence or two. */
  readonly description: string;
  readonly plan: (context: ScenarioContext) => Plan | Skipped;
}

/** Why it cannot be played here, as a sentence. */
export interface Skipped {
  readonly skip: string;
}

/** What a scenario may look at: the files, the lab, and who is Master now. */
export interface ScenarioContext {
  readonly nodes: readonly NodeConfig[];
  readonly topology: Topology;
  readonly routers: readonly VirtualRouter[];
  /** Name of a virtual router to the node that is its Master. */
  readonly masters: ReadonlyMap<string, string>;
  /** Servers that clients are being answered by, the busiest first: persistence may have sent all to one. */
  readonly answering: readonly string[];
  readonly daemonOf: (node: string) => DaemonKind;
  readonly wire: WireMethod;
  readonly hasIpvs: boolean;
  readonly mayStepClock: boolean;
  /** What this kernel's slowness may add to anything. */
  readonly slackMs: number;
  /** For a daemon to be up. */
  readonly startLimitMs: number;
  /** Scripts of each node that the lab answers for. */
  readonly scriptsOf: (node: string) => readonly string[];
}

export interface Plan {
  /** Made ready before anything is broken: what it takes is not counted. */
  readonly prepare?: readonly Action[];
  readonly inject: readonly Action[];
  readonly restore: readonly Action[];
  /** How long it stays broken once what is expected has come. */
  readonly holdMs: number;
  readonly expect: Expectation;
  /** Of the scenario alone, beside --slo. */
  readonly limits?: readonly Limit[];
}

export interface Expectation {
  readonly routers: readonly RouterExpectation[];
  /** When requests may fail after the injection. */
  readonly disturbance: Disturbance;
  /** When requests may fail after the restore; `takeover` is around each takeover that it leads to. */
  readonly restoreDisturbance: 'none' | 'takeover' | 'until-settled';
  /** The longest outage that is right, from the injection to the restore; undefined is not judged. */
  readonly outageLimitMs?: number;
  readonly failbackOutageLimitMs?: number;
  readonly server?: ServerExpectation;
  readonly returns?: ReturningProcess;
  /** How long the restore may take to lead to the steady state. */
  readonly settleLimitMs: number;
}

export type Disturbance =
  | { readonly kind: 'none' }
  | { readonly kind: 'for'; readonly ms: number }
  | { readonly kind: 'takeover' }
  | { readonly kind: 'server-out' }
  /** As long as it is broken; `why` is for the report. */
  | { readonly kind: 'while-broken'; readonly why: string };

export interface RouterExpectation {
  readonly router: string;
  readonly whileBroken:
    | { readonly kind: 'stays'; readonly node: string }
    | {
        readonly kind: 'moves';
        readonly from: string;
        readonly to: string;
        /** Master_Down_Interval or Skew_Time; undefined where nothing in the files says. */
        readonly waitMs?: number;
        /** By how much it may be more or less: members of a sync group wait for each other. */
        readonly toleranceMs?: number;
        readonly why: string;
        /** From the injection. */
        readonly limitMs: number;
      }
    /** Several are Master together, since none hears the other. */
    | {
        readonly kind: 'split';
        readonly nodes: readonly string[];
        readonly why: string;
        readonly limitMs: number;
      }
    /** No director can be Master of it. */
    | { readonly kind: 'lost'; readonly why: string }
    /** Chance decides, or it is none of the files' business. */
    | { readonly kind: 'open'; readonly why: string };
  /** Undefined: whoever it is. */
  readonly afterRestore: string | undefined;
}

/** A process that its supervisor starts again: what follows from that is seen only then. */
export interface ReturningProcess {
  readonly node: string;
  readonly process: ProcessRole;
  readonly limitMs: number;
}

export interface ServerExpectation {
  readonly servers: readonly string[];
  /** Undefined: no check of the files can notice it, and `why` says so. */
  readonly outLimitMs?: number;
  readonly backLimitMs: number;
  readonly why: string;
}
