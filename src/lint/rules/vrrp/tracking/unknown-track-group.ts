import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

const statics = block('static_ipaddress', ['192.0.2.77/24 dev eth0 track_group statics']);

/** keepalived.conf(5): static_ipaddress, static_routes, static_rules: track_group. */
export const unknownTrackGroup = fileRule({
  name: 'vrrp/unknown-track-group',
  level: 'error',
  summary: 'A static address, route or rule names a track_group that does not exist',
  details: `\`track_group\` after a static address, route or rule says which instances go to Fault when it is lost. The group must
be defined above. keepalived ignores a name that it does not know: the item is there, and its loss is no fault of anything.`,
  keepalived: 'reports',
  bad: textOf(statics, instance('VI_1')),
  good: textOf(block('track_group statics', block('group', ['VI_1'])), statics, instance('VI_1')),
  check: ({ root }, report) => {
    const groups = new Set(root.all('track_group').map(({ value }) => value));
    const items = [
      ...root.entries('static_ipaddress'),
      ...root.entries('static_routes'),
      ...root.entries('static_rules'),
    ];
    for (const { value, heading } of items) {
      const name = value.trackGroup;
      if (name === undefined || groups.has(name)) continue;
      report({
        at: heading,
        message: `there is no track_group ${name}: losing this is no fault of any instance`,
        help: `define "track_group ${name} { }" above, with its instances in "group { }"`,
      });
    }
  },
});
