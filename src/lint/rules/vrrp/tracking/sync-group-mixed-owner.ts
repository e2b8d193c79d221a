import { fileRule } from '../../../rule.ts';
import { group, textOf } from './example.ts';

/** RFC 5798 section 6.4.1: the address owner becomes Master at once, whoever else is there. */
export const syncGroupMixedOwner = fileRule({
  name: 'vrrp/sync-group-mixed-owner',
  level: 'error',
  summary: 'A sync group in which some members have priority 255 and others have not',
  details: `An instance with priority 255 owns its addresses: it becomes Master at once and never yields to anybody. The members
of a sync group become Master only when all of them may. With an owner and another in one group these two rules contradict
each other, and the group can neither hold its addresses for sure nor give them up. Give all members a priority of 254 or
less.`,
  keepalived: 'logs',
  bad: textOf(...group([], ['priority 255'], ['priority 200'])),
  good: textOf(...group([], ['priority 200'], ['priority 200'])),
  check: ({ syncGroups }, report) => {
    for (const { name, members } of syncGroups) {
      const owner = members.find(({ isOwner }) => isOwner);
      const other = members.find(({ isOwner }) => !isOwner);
      if (owner === undefined || other === undefined) continue;
      report({
        at: owner.at('priority'),
        message: `${owner.name} has priority 255 and must be Master at once, and ${other.name} of the same sync group ${name} has ${other.priority} and may have to wait: the group cannot do both`,
        help: `give ${owner.name} a priority of 254 or less`,
        notes: [{ span: other.at('priority'), message: `the priority of ${other.name} comes from here` }],
      });
    }
  },
});
