/** What the trackers of an instance do to its priority, and what that means for who is Master. */

import type { FileModel, InstanceModel, Tracked } from '../../model/index.ts';
import { trackedBy } from '../../model/tracked.ts';

export interface Influence {
  readonly tracked: Tracked;
  /** Added while all is well. */
  readonly whenGood: number;
  /** Added while it fails. */
  readonly whenBad: number;
}

/**
 * keepalived.conf(5): weight: a positive one is added while all is well, a negative one while it fails, and "reverse" turns
 * the sign. Weights of 0 are faults and not here; nor are files, whose contents decide; nor what keepalived ignores.
 */
export function influencesOn({ trackers }: FileModel, instance: InstanceModel): readonly Influence[] {
  const { syncGroup: group } = instance;
  if (instance.isOwner) return [];
  const keepsOwn = group === undefined || group.values.has('sync_group_tracking_weight');
  const all = [
    ...(keepsOwn ? instance.tracked : []),
    ...(group === undefined ? [] : trackedBy(group.values, trackers)),
  ];
  return all.filter(({ weight, kind }) => weight !== 0 && kind !== 'file').map(influenceOf);
}

function influenceOf(tracked: Tracked): Influence {
  const { weight, isReversed } = tracked;
  const sign = isReversed ? -1 : 1;
  return {
    tracked,
    whenGood: weight > 0 ? sign * weight : 0,
    whenBad: weight < 0 ? sign * weight : 0,
  };
}

/** While nothing fails. */
export function healthyPriority(instance: InstanceModel, influences: readonly Influence[]): number {
  if (instance.isOwner) return instance.priority;
  return clampPriority(influences.reduce((sum, { whenGood }) => sum + whenGood, instance.priority));
}

/** A priority that trackers change stays from 1 to 254. */
export function clampPriority(priority: number): number {
  return Math.min(Math.max(priority, 1), 254);
}
