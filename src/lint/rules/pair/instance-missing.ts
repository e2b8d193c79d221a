import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { listText } from './wording.ts';

/** keepalived.conf(5): vrrp_instance: somebody must stand by. */
export const instanceMissing = pairRule({
  name: 'pair/instance-missing',
  level: 'warn',
  summary: 'A virtual router is on one director only',
  details: `An instance that no other director has is always Master of its addresses, and when its director fails they are
gone: nobody stands by for them. Instances belong together when they have the same name, or the same VRID and family on one
network, or a virtual address in common; what has none of these counts as two. Of more than two directors this speaks only
where an instance is on a single one.`,
  keepalived: 'silent',
  bad: directors(
    {
      below: `vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 8
    virtual_ipaddress {
        198.51.100.10/24
    }
}`,
    },
    {},
  ),
  good: directors({}, {}),
  check: (nodes, report) => {
    const { routers, strangers } = matchInstances(nodes);
    // One cause, one finding: those are told of as a collision.
    const known = new Set(strangers.flatMap((pair) => pair.map(({ instance }) => instance)));
    for (const [member, ...others] of routers) {
      if (member === undefined || others.length > 0 || known.has(member.instance)) continue;
      const { instance, node } = member;
      const addresses = listText(instance.addresses.map(({ value }) => value.address));
      const elsewhere = listText(nodes.filter((other) => other !== node).map(({ name }) => name));
      report({
        at: instance.heading,
        message: `${instance.name} is in ${node.name} only: when this director fails, nobody takes over ${addresses === '' ? 'for it' : addresses}`,
        help: `add the instance to ${elsewhere}, with its virtual_router_id and addresses and a priority of its own`,
      });
    }
  },
});
