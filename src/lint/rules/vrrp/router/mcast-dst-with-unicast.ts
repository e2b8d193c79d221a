import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): mcast_dst_ip is for multicast only. */
export const mcastDstWithUnicast = fileRule({
  name: 'vrrp/mcast-dst-with-unicast',
  level: 'error',
  summary: 'mcast_dst_ip in an instance with unicast peers',
  details: `With \`unicast_peer\` advertisements go to the peers and nowhere else, and one that arrives by multicast is
dropped. keepalived reports \`mcast_dst_ip\` and ignores it. A director that listens to that group hears nothing from this
one, and becomes Master too.`,
  keepalived: 'reports',
  bad: instanceWith('mcast_dst_ip 224.0.0.19', 'unicast_peer {\n    192.0.2.2\n}'),
  good: instanceWith('mcast_dst_ip 224.0.0.19'),
  check: ({ instances }, report) => {
    for (const { name, values, isUnicast } of instances) {
      const group = values.last('mcast_dst_ip');
      if (group === undefined || !isUnicast) continue;
      const peers = values.last('unicast_peer');
      report({
        at: group.span,
        message: `mcast_dst_ip is ignored: ${name} sends to its unicast peers, and a director that listens to ${group.value} hears nothing`,
        help: 'delete "mcast_dst_ip", or "unicast_peer" on all directors',
        ...(peers && { notes: [{ span: peers.heading, message: 'the peers are here' }] }),
      });
    }
  },
});
