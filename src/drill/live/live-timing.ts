/** How long a live switchover waits, from what the daemon's file says or the wire shows. Pure. */
import type { Config } from '../../config-parser/config.ts';
import type { InstanceStatus } from '../../daemon/ipc.ts';
import type { Limit } from '../report/report.ts';
import type { LivePlan } from './live-messages.ts';

export interface SwitchoverWish {
  readonly instances: readonly string[];
  readonly steadyMs: number;
  readonly holdMs: number;
  readonly peerHeardWithinMs: number | undefined;
  readonly evenIfAlone: boolean;
}

export interface TimingFacts {
  readonly wish: SwitchoverWish;
  readonly timeoutMs: number;
  readonly limits: readonly Limit[];
  /** Of the named instances, before anything was done. */
  readonly instances: readonly InstanceStatus[];
  /** The daemon's own file; undefined where this machine cannot read it. */
  readonly config: Config | undefined;
  /** The longest Advertisement_Interval seen of their virtual routers. */
  readonly seenIntervalMs: number | undefined;
}

/** RFC 3768 section 6.1: Advertisement_Interval is 1 s where nobody says otherwise. */
const usualIntervalMs = 1000;
const patienceMs = 2000;
/** Beyond what the hand-over may take, until the daemon takes part again by itself. */
const deadManReserveMs = 5000;

export function planSwitchover(facts: TimingFacts): LivePlan {
  const { wish, timeoutMs, limits, config } = facts;
  const own = config?.vrrpInstances.filter(({ name }) => wish.instances.includes(name)) ?? [];
  const intervalMs = longest([facts.seenIntervalMs ?? 0, ...own.map((one) => one.advertisementIntervalMs)]);
  // Master_Down_Interval of any priority is less than four intervals; with version 2 Skew_Time is up to 1 s.
  const masterDownMs = 3 * intervalMs + Math.max(1000, intervalMs);
  const longestSilenceMs = masterDownMs + patienceMs;
  const preemptDelayMs = Math.max(0, ...own.map((one) => one.preemptDelayMs));
  const { peerHeardWithinMs, evenIfAlone } = wish;
  return {
    instances: wish.instances,
    steadyMs: wish.steadyMs,
    holdMs: wish.holdMs,
    deadManMs: wish.holdMs + longestSilenceMs + deadManReserveMs,
    timeoutMs,
    longestSilenceMs,
    returnLimitMs: masterDownMs + preemptDelayMs + patienceMs,
    expectsReturn: own.every(({ preempt }) => preempt) && facts.instances.every(isPreferred),
    ...(peerHeardWithinMs === undefined ? {} : { peerHeardWithinMs }),
    evenIfAlone,
    limits,
  };
}

function longest(intervals: readonly number[]): number {
  const found = Math.max(...intervals);
  return found > 0 ? found : usualIntervalMs;
}

/** Only who has the higher priority takes it back. */
function isPreferred({ effectivePriority, peers }: InstanceStatus): boolean {
  return peers.every(({ priority }) => priority <= effectivePriority);
}
