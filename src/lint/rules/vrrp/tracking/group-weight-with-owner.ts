import { fileRule } from '../../../rule.ts';
import { block, group, script, scriptGlobals, textOf } from './example.ts';
import { trackedText } from './tracked-names.ts';

const globals = [scriptGlobals, script(['weight -20'])];
const tracks = block('track_script', ['chk_web']);

/** keepalived.conf(5): vrrp_sync_group: trackers of a group count for every member. */
export const groupWeightWithOwner = fileRule({
  name: 'vrrp/group-weight-with-owner',
  level: 'error',
  summary: 'A sync group tracks with a weight, and a member has priority 255',
  details: `A tracker of a sync group changes the priorities of all members by its weight. A member with priority 255 owns its
addresses and stays at 255, so the members would drift apart; keepalived clears the weight, and a failure becomes a fault of
the whole group. Give the member a priority of 254 or less, or write weight 0 if a fault is what you want.`,
  keepalived: 'reports',
  bad: textOf(...globals, ...group(tracks, ['priority 255'], ['priority 255'])),
  good: textOf(...globals, ...group(tracks, ['priority 200'], ['priority 200'])),
  check: ({ syncGroups }, report) => {
    for (const { name, tracked: all, members } of syncGroups) {
      const owner = members.find(({ isOwner }) => isOwner);
      if (owner === undefined) continue;
      for (const tracked of all) {
        if (tracked.weight === 0) continue;
        report({
          at: tracked.span,
          message: `the weight ${tracked.weight} of ${trackedText(tracked)} is cleared, as ${owner.name} has priority 255: a failure puts all of ${name} into Fault instead of changing priorities`,
          help: `give ${owner.name} a priority of 254 or less, or write "weight 0" if that is meant`,
          notes: [{ span: owner.at('priority'), message: `the priority of ${owner.name} comes from here` }],
        });
      }
    }
  },
});
