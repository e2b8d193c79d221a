import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** keepalived.conf(5): check_unicast_src, vrrp_check_unicast_src. */
export const unicastNoCheckSrc = fileRule({
  name: 'vrrp/unicast-no-check-src',
  level: 'info',
  summary: 'Unicast advertisements are taken from any sender',
  details: `Multicast advertisements cannot come from beyond the own network, since they must arrive with TTL 255. Unicast
ones can be routed, and keepalived does not compare their sender with \`unicast_peer\` unless it is told to: any host that
reaches this one can say that it is Master and has priority 254, and the addresses are given up. \`check_unicast_src\`, or
\`vrrp_check_unicast_src\` in global_defs, takes them from peers only.`,
  keepalived: 'silent',
  bad: instanceWith('unicast_src_ip 192.0.2.1', 'unicast_peer {\n    192.0.2.2\n}'),
  good: instanceWith(),
  check: ({ instances, globals }, report) => {
    if (globals.has('vrrp_check_unicast_src')) return;
    const open = instances.filter(({ isUnicast, values }) => isUnicast && !values.has('check_unicast_src'));
    const [first] = open;
    if (first === undefined) return;
    report({
      at: first.values.last('unicast_peer')?.heading ?? first.heading,
      message: `nobody looks at who sends unicast advertisements${countOf(open)}: any host that reaches this one can make it give up its addresses`,
      help: 'write "vrrp_check_unicast_src" in global_defs',
      notes: furtherPlaces(open, ({ values, heading }) => values.last('unicast_peer')?.heading ?? heading),
    });
  },
});
