import { fileRule } from '../../../rule.ts';
import { block, group, instance, textOf } from './example.ts';

/** keepalived.conf(5): vrrp_sync_group. */
export const syncGroupTooSmall = fileRule({
  name: 'vrrp/sync-group-too-small',
  level: 'error',
  summary: 'A sync group with one member or none',
  details: `A sync group makes several instances move together. One without members is removed, with its scripts and its
trackers. One with a single member is kept: it does nothing that the instance would not do itself, apart from dropping the
instance's weighted trackers, and keepalived warns about it. Name the other members, or delete the group and put its scripts
into the instance.`,
  keepalived: 'reports',
  bad: textOf(block('vrrp_sync_group G', block('group', ['VI_1'])), instance('VI_1')),
  good: textOf(...group([])),
  check: ({ syncGroups }, report) => {
    for (const { name, memberNames, heading, values } of syncGroups) {
      const [only, ...more] = memberNames;
      if (more.length > 0) continue;
      report(
        only === undefined
          ? {
              at: values.last('group')?.heading ?? heading,
              message: `sync group ${name} has no members and is removed, with its scripts and trackers`,
              help: 'name its instances in "group { }", one on a line',
            }
          : {
              at: only.span,
              message: `sync group ${name} has ${only.name} as its only member: there is nothing that could move together with it`,
              help: `name the other members here, or delete the group and put what it says into ${only.name}`,
            },
      );
    }
  },
});
