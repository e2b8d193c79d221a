import type { FileModel, InstanceModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { multicastGroupOf } from './on-the-wire.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): unicast_peer; mcast_dst_ip. */
export const unicastVsMulticast = pairRule({
  name: 'pair/unicast-vs-multicast',
  level: 'error',
  summary: 'Directors send their advertisements to different kinds of destination',
  details: `A router with \`unicast_peer\` sends to its peers, and discards what comes to the multicast group; one without
sends to the group, and discards what comes to its own address. So they do not hear each other, and both become Master.
Two multicast groups (\`mcast_dst_ip\`, \`vrrp_mcast_group4\`, \`vrrp_mcast_group6\`) have the same effect. A \`unicast_peer\`
that is empty counts as multicast.`,
  keepalived: 'logs',
  bad: directors({}, { lines: ['unicast_src_ip 198.51.100.2', 'unicast_peer {', '    198.51.100.1', '}'] }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.family !== b.family) return;
      const [theirs, ours] = [destinationOf(first.node, a), destinationOf(second.node, b)];
      if (theirs === ours) return;
      report({
        at: placeOf(second),
        message: `${b.name} advertises to ${ours} here and to ${theirs} on ${first.node.name}: neither hears the other, and both become Master`,
        help: 'write unicast_peer on all directors or on none, and the same multicast group',
        notes: [noteAt(first, second, placeOf(first), `to ${theirs}`)],
      });
    });
  },
});

function destinationOf(node: FileModel, instance: InstanceModel): string {
  return instance.isUnicast ? 'its peers' : `the multicast group ${multicastGroupOf(node, instance)}`;
}

function placeOf({ instance: { values, heading, isUnicast } }: Member) {
  return (isUnicast ? values.last('unicast_peer')?.heading : values.spanOf('mcast_dst_ip')) ?? heading;
}
