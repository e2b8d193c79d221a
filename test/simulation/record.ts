/** What the referee sees of a step, and what it knows of an instance since that was started. */
import type { Hold, InstanceEffect, InstanceEvent, InstanceState } from '../../src/vrrp/index.ts';
import type { PacketFacts } from './network.ts';
import { priorityWith } from './rfc.ts';
import type { Instance } from './router.ts';

export interface Stepped {
  readonly instance: Instance;
  readonly before: InstanceState;
  readonly event: InstanceEvent;
  readonly effects: readonly InstanceEffect[];
  /** For a packet when it was received. */
  readonly nowMs: number;
  readonly packet: PacketFacts | undefined;
}

/** What the referee knows of an instance since it was started. */
export interface Record {
  /** What trackers add to the priority, as it was told last. */
  weight: number;
  priority: number;
  hold: Hold | undefined;
  /** As Backup: Master_Adver_Interval, Master_Down_Timer, and whether the group is waited for. */
  adverMs: number;
  downAtMs: number;
  awaits: boolean;
  preemptAtMs: number | undefined;
  /** It has heard a Master, and has taken part in elections ever since. */
  hasFollowed: boolean;
  knowsMaster: boolean;
  /** Until then it keeps the addresses of the Master that it was. */
  lingersUntilMs: number | undefined;
  /** As Master: its last advertisement, and how many it may have sent. */
  advertisedAtMs: number;
  masterSinceMs: number;
  shortestIntervalMs: number;
  allowed: number;
  sent: number;
  /** A worse Master that it has heard. */
  rival: { readonly sender: Instance; readonly atMs: number; readonly intervalMs: number } | undefined;
  leftAtMs: number;
  /** The latest that it may go on serving. */
  leavesUntilMs: number;
  isGivenUp: boolean;
  /** The priority in its last advertisement. */
  lastWord: number | undefined;
  /** Of each sender, the last signed advertisement that was accepted. */
  readonly signed: Map<Instance, number>;
}

export const never = Number.POSITIVE_INFINITY;

export function newRecord(instance: Instance): Record {
  return {
    weight: 0,
    priority: priorityWith(instance.config, 0),
    hold: undefined,
    adverMs: instance.config.advertisementIntervalMs,
    downAtMs: never,
    awaits: false,
    preemptAtMs: undefined,
    hasFollowed: false,
    knowsMaster: false,
    lingersUntilMs: undefined,
    advertisedAtMs: Number.NaN,
    masterSinceMs: Number.NaN,
    shortestIntervalMs: instance.config.advertisementIntervalMs,
    allowed: 0,
    sent: 0,
    rival: undefined,
    leftAtMs: Number.NaN,
    leavesUntilMs: Number.NaN,
    isGivenUp: false,
    lastWord: undefined,
    signed: new Map(),
  };
}
