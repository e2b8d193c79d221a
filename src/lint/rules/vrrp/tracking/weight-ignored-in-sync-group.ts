import type { InstanceModel, SyncGroupModel, Tracked } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { Places } from '../../lvs/places.ts';
import { dropsMemberWeights } from './counting-trackers.ts';
import { block, group, script, scriptGlobals, textOf } from './example.ts';
import { trackedText } from './tracked-names.ts';

const globals = [scriptGlobals, script(['weight -20'])];
const tracks = block('track_script', ['chk_web']);

/** keepalived.conf(5): sync_group_tracking_weight. */
export const weightIgnoredInSyncGroup = fileRule({
  name: 'vrrp/weight-ignored-in-sync-group',
  level: 'error',
  summary: 'A weighted tracker of a member of a sync group, which is dropped',
  details: `The members of a sync group move together, and for that they must win and lose together. So keepalived drops the
trackers of a member that have a weight, as they would change that member's priority alone: the check runs and decides
nothing. Put the tracker into the \`vrrp_sync_group\`, where its weight counts for all members; or give it weight 0, so that a
failure is a fault of the whole group; or write \`sync_group_tracking_weight\` in the group, if the members' priorities are
meant to differ. A \`track_file\` has weight 1 where none is written.`,
  keepalived: 'reports',
  bad: textOf(...globals, ...group([], tracks)),
  good: textOf(...globals, ...group(tracks)),
  check: ({ syncGroups }, report) => {
    for (const group of syncGroups) {
      const places = new Places();
      const dropped = droppedIn(group);
      for (const { tracked } of dropped) places.addSpan(() => tracked.span);
      const [first] = dropped;
      if (first === undefined) continue;
      const { member, tracked } = first;
      report({
        at: tracked.span,
        message: `${trackedText(tracked)} has weight ${tracked.weight} and decides nothing: ${member.name} is in sync group ${group.name}, and keepalived drops weighted trackers of its members`,
        help: `move it to vrrp_sync_group ${group.name}, or write "weight 0" so that a failure is a fault of the group`,
        notes: [
          { span: group.heading, message: 'the group has no "sync_group_tracking_weight"' },
          ...places.notes,
        ],
      });
    }
  },
});

interface Dropped {
  readonly member: InstanceModel;
  readonly tracked: Tracked;
}

/** An owner's weights count nowhere, in a group or not. */
function droppedIn(group: SyncGroupModel): readonly Dropped[] {
  return group.members
    .filter((member) => member.syncGroup === group && dropsMemberWeights(member) && !member.isOwner)
    .flatMap((member) =>
      member.tracked.filter(({ weight }) => weight !== 0).map((tracked) => ({ member, tracked })),
    );
}
