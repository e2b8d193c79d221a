import type { SyncGroupModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, group, textOf } from './example.ts';

type Member = SyncGroupModel['memberNames'][number];

/** keepalived.conf(5): vrrp_sync_group: an instance is in one group at most. */
export const syncGroupMemberTwice = fileRule({
  name: 'vrrp/sync-group-member-twice',
  level: 'error',
  summary: 'An instance is a member of two sync groups',
  details: `An instance can follow one sync group only. keepalived leaves it in the first that names it and ignores it in the
others, so that their members move without it; a group that has lost all its members this way is removed, with its scripts.
If the groups are meant to move together, make one of them.`,
  keepalived: 'reports',
  bad: textOf(...group([]), block('vrrp_sync_group H', block('group', ['VI_1', 'VI_2']))),
  good: textOf(...group([])),
  check: ({ syncGroups }, report) => {
    const firsts = new Map<string, { readonly group: SyncGroupModel; readonly member: Member }>();
    for (const group of syncGroups) {
      for (const member of group.memberNames) {
        const first = firsts.get(member.name);
        if (first === undefined) {
          firsts.set(member.name, { group, member });
          continue;
        }
        report({
          at: member.span,
          message:
            first.group === group
              ? `${member.name} stands in sync group ${group.name} twice: this one is ignored`
              : `${member.name} is a member of sync group ${first.group.name} already and is ignored here: ${group.name} moves without it`,
          help: 'name every instance in one group only, or make one group of both',
          notes: [{ span: first.member.span, message: `${first.group.name} names it here` }],
        });
      }
    }
  },
});
