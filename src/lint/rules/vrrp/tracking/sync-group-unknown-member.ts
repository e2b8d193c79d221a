import { fileRule } from '../../../rule.ts';
import { block, group, instance, textOf } from './example.ts';

/** keepalived.conf(5): vrrp_sync_group: group. */
export const syncGroupUnknownMember = fileRule({
  name: 'vrrp/sync-group-unknown-member',
  level: 'error',
  summary: 'A sync group names an instance that does not exist',
  details: `The names in \`group { }\` are those after \`vrrp_instance\`, in capitals or not as they are written there. keepalived
leaves out a name that it does not find: the others of the group move together, and the instance that was meant goes its own
way. Write its name as in its block.`,
  keepalived: 'reports',
  bad: textOf(
    block('vrrp_sync_group G', block('group', ['VI_1', 'VI_2', 'VI_3'])),
    instance('VI_1'),
    instance('VI_2'),
  ),
  good: textOf(...group([])),
  check: ({ syncGroups, instances }, report) => {
    if (syncGroups.length === 0) return;
    const names = new Set(instances.map(({ name }) => name));
    for (const { name: groupName, memberNames } of syncGroups) {
      for (const { name, span } of memberNames) {
        if (names.has(name)) continue;
        const meant = instances.find((one) => one.name.toLowerCase() === name.toLowerCase());
        report({
          at: span,
          message: `there is no vrrp_instance ${name}: sync group ${groupName} goes on without it, and what was meant moves by itself`,
          help:
            meant === undefined
              ? 'write the name of an instance, or delete it here'
              : `write "${meant.name}"`,
        });
      }
    }
  },
});
