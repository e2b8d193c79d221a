import { fileRule } from '../../../rule.ts';
import { group, textOf } from './example.ts';

/** keepalived.conf(5): vrrp_sync_group: the group is Master when every member has won its election. */
export const syncGroupMixedPriorities = fileRule({
  name: 'vrrp/sync-group-mixed-priorities',
  level: 'warn',
  summary: 'The members of a sync group have different priorities',
  details: `A sync group becomes Master only when each of its members has won its own election. If one director leads with one
member and the other director with another, neither can take the whole group: both wait, or the group goes to and fro. Give
all members of a group the same priority, one on each director. \`lint --pair\` compares the order of both directors.`,
  keepalived: 'silent',
  bad: textOf(...group([], ['priority 150'], ['priority 100'])),
  good: textOf(...group([], ['priority 150'], ['priority 150'])),
  check: ({ syncGroups }, report) => {
    for (const { name, members } of syncGroups) {
      const [first, ...others] = members;
      const other = others.find(({ priority }) => priority !== first?.priority);
      // An owner among them is another rule's matter, and worse.
      if (first === undefined || other === undefined || members.some(({ isOwner }) => isOwner)) continue;
      report({
        at: other.at('priority'),
        message: `${first.name} has priority ${first.priority} and ${other.name} ${other.priority}, and both are in sync group ${name}: if the other director wins one of the two elections and loses the other, neither director can be Master`,
        help: 'give all members of the group the same priority',
        notes: [{ span: first.at('priority'), message: `the priority of ${first.name} comes from here` }],
      });
    }
  },
});
