import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): vrf: only for unicast instances without an interface. */
export const vrfWithoutUnicast = fileRule({
  name: 'vrrp/vrf-without-unicast',
  level: 'error',
  summary: 'vrf together with interface, or without unicast peers',
  details: `\`vrf\` says in which routing domain packets to unicast peers are sent when no interface says so. An interface
belongs to a VRF of its own already, and multicast needs an interface in any case. In both cases keepalived reports the
line and does without it.`,
  keepalived: 'reports',
  bad: instanceWith('vrf blue'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      if (!instance.values.has('vrf')) continue;
      const isOnInterface = instance.interface !== undefined;
      if (instance.isUnicast && !isOnInterface) continue;
      const reason = isOnInterface
        ? `${instance.name} has the interface ${instance.interface}, which is in a VRF or not by itself`
        : `${instance.name} has no unicast_peer`;
      report({
        at: instance.at('vrf'),
        message: `vrf is ignored: ${reason}`,
        help: isOnInterface
          ? `delete the line, and put ${instance.interface} into the VRF with ip-link(8)`
          : 'delete the line, or list the other directors in unicast_peer',
      });
    }
  },
});
