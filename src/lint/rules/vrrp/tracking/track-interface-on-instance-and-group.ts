import { fileRule } from '../../../rule.ts';
import { block, group, textOf } from './example.ts';

const tracks = block('track_interface', ['eth2']);

/** keepalived.conf(5): vrrp_sync_group: track_interface. */
export const trackInterfaceOnInstanceAndGroup = fileRule({
  name: 'vrrp/track-interface-on-instance-and-group',
  level: 'error',
  summary: 'An interface tracked by an instance and by its sync group',
  details: `What a sync group tracks counts for all of its members, so a member that tracks the same interface does it twice.
keepalived takes only one of the two and says so; where their weights differ, which one that is decides how a failure counts.
Leave the line in the group. A member tracks the \`interface\` that it runs on anyway, and its Fault takes the whole group with
it: the group needs no line for that one.`,
  keepalived: 'reports',
  bad: textOf(...group(tracks, tracks)),
  good: textOf(...group(tracks)),
  check: ({ syncGroups }, report) => {
    for (const { name, tracked, members } of syncGroups) {
      const shared = new Map(
        tracked.filter(({ kind }) => kind === 'interface').map((one) => [one.name, one] as const),
      );
      if (shared.size === 0) continue;
      for (const member of members) {
        const primary = shared.get(member.values.has('dont_track_primary') ? '' : (member.interface ?? ''));
        if (primary !== undefined) {
          report({
            at: primary.span,
            message: `${primary.name} is the own interface of ${member.name}, which tracks it anyway, and its sync group ${name} tracks it too: only one of the two counts`,
            help: 'delete the line',
          });
        }
        for (const own of member.tracked) {
          const first = own.kind === 'interface' ? shared.get(own.name) : undefined;
          if (first === undefined) continue;
          report({
            at: own.span,
            message: `${own.name} is tracked by ${member.name} and by its sync group ${name}: only one of the two counts`,
            help: 'delete the line here',
            notes: [{ span: first.span, message: `${name} tracks it for all its members here` }],
          });
        }
      }
    }
  },
});
