import { unicastKeywords } from '../../../../config-parser/index.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): unicast_peer: at least one makes an instance unicast. */
export const unicastWithoutPeers = fileRule({
  name: 'vrrp/unicast-without-peers',
  level: 'warn',
  summary: 'A keyword for unicast in an instance that has no peers',
  details: `An instance is unicast when \`unicast_peer\` names at least one director, and only then. With other keywords for
unicast alone, keepalived reports an outdated use and goes on with multicast: where a network does not carry multicast, and
that is why most people want unicast, both directors become Master. With \`unicast_fault_no_peer\` it goes to FAULT and
stays there, so that no director has the addresses. \`unicast_ttl\` is reset.`,
  keepalived: 'reports',
  bad: instanceWith('unicast_src_ip 192.0.2.1'),
  good: instanceWith('mcast_src_ip 192.0.2.1'),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      if (instance.isUnicast || hasUnreadablePeers(instance)) continue;
      const given = unicastKeywords.filter((keyword) => instance.values.has(keyword));
      const [first] = given;
      if (first === undefined) continue;
      const stays = instance.values.has('unicast_fault_no_peer');
      report({
        at: instance.values.last(first)?.heading ?? instance.heading,
        message: `${instance.name} has ${given.join(' and ')} and no peer: ${consequence(instance)}`,
        help: 'list the other directors in unicast_peer, or delete the keywords of unicast',
        ...(stays && { level: 'error' }),
      });
    }
  },
});

/** Then that is the cause, and a finding of another rule. */
function hasUnreadablePeers({ values }: InstanceModel): boolean {
  return values.all('unicast_peer').some(({ statement }) => (statement.block?.statements.length ?? 0) > 0);
}

function consequence({ values }: InstanceModel): string {
  if (values.has('unicast_fault_no_peer')) return 'it goes to FAULT and never holds its addresses';
  return 'it falls back to multicast, and where that does not get through both directors become Master';
}
