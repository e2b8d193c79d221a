import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function grouped(members: readonly string[]): string {
  return textOf(
    block('track_group statics', block('group', members)),
    block('static_ipaddress', ['192.0.2.77/24 dev eth0 track_group statics']),
    instance('VI_1'),
  );
}

/** keepalived.conf(5): track_group. */
export const trackGroupMembers = fileRule({
  name: 'vrrp/track-group-members',
  level: 'error',
  summary: 'A track_group without members, or with one that does not exist',
  details: `A \`track_group\` lists the instances that go to Fault when a static address, route or rule that names the group is
lost. keepalived removes a group that has no members, and leaves out names that are no instance: what the static item was to
protect then stays Master without it. Name the instances as they stand after \`vrrp_instance\`.`,
  keepalived: 'reports',
  bad: grouped([]),
  good: grouped(['VI_1']),
  check: ({ root, instances }, report) => {
    const instanceNames = new Set(instances.map(({ name }) => name));
    for (const { value: group, heading, values } of root.all('track_group')) {
      const entries = values.entries('group');
      if (entries.length === 0) {
        report({
          at: values.last('group')?.heading ?? heading,
          message: `track_group ${group} has no members and is removed: losing what names it is no fault of anything`,
          help: 'name the instances in "group { }", one on a line',
        });
      }
      for (const { value: names, statement } of entries) {
        for (const [at, name] of names.entries()) {
          if (instanceNames.has(name)) continue;
          report({
            at: statement.spanOfWords(at, at + 1),
            message: `there is no vrrp_instance ${name}: track_group ${group} goes on without it`,
            help: 'write the name of an instance, or delete it here',
          });
        }
      }
    }
  },
});
