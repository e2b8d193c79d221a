/** Which trackers change the priority of an instance, and how far they can move it. keepalived.conf(5): track_script. */
import type { InstanceModel, Tracked } from '../../../model/index.ts';

/** With a weight, and none that keepalived drops: the owner's, a member's, and a group's that has the owner in it. */
export function countingTrackers(instance: InstanceModel): readonly Tracked[] {
  if (instance.isOwner) return [];
  const group = instance.syncGroup;
  const own = dropsMemberWeights(instance) ? [] : instance.tracked;
  const shared = group === undefined || group.members.some(({ isOwner }) => isOwner) ? [] : group.tracked;
  return [...own, ...shared].filter(({ weight }) => weight !== 0);
}

/** keepalived.conf(5): sync_group_tracking_weight. */
export function dropsMemberWeights({ syncGroup }: InstanceModel): boolean {
  return syncGroup !== undefined && !syncGroup.values.has('sync_group_tracking_weight');
}

/** What a tracker adds while all is well, and while it has failed. */
export interface Contribution {
  readonly tracked: Tracked;
  readonly whenGood: number;
  readonly whenBad: number;
}

/** Of all but files, which may hold any number. */
export function contributionsOf(instance: InstanceModel): readonly Contribution[] {
  return countingTrackers(instance)
    .filter(({ kind }) => kind !== 'file')
    .map((tracked) => {
      const added = tracked.isReversed ? -tracked.weight : tracked.weight;
      return tracked.weight > 0
        ? { tracked, whenGood: added, whenBad: 0 }
        : { tracked, whenGood: 0, whenBad: added };
    });
}

/** `100 + 20 - 5`. */
export function sumText(start: number, parts: readonly number[]): string {
  return [`${start}`, ...parts.map((part) => (part < 0 ? `- ${-part}` : `+ ${part}`))].join(' ');
}
