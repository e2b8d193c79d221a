import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { holding } from './example.ts';
import { heldBy } from './held-addresses.ts';

const without = `vrrp_instance VI_1 {
    virtual_router_id 7
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
    }
    virtual_ipaddress {
        192.0.2.10/24
    }
}
`;

/** keepalived.conf(5): virtual_ipaddress: dev is the instance's interface where none is given. */
export const vipWithoutInterface = fileRule({
  name: 'vrrp/vip-without-interface',
  level: 'error',
  summary: 'An address has no interface to be added to',
  details: `An address is added to the interface after its \`dev\`, or else to the instance's. An instance that speaks to
\`unicast_peer\` from a \`unicast_src_ip\` may do without \`interface\`, and then its addresses have nowhere to go: keepalived
drops each that names no \`dev\`. Name the interface in the instance.`,
  keepalived: 'reports',
  bad: without,
  good: holding('192.0.2.10/24'),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      if (namesInterface(instance)) continue;
      const homeless = heldBy(instance).filter(({ value }) => value.device === undefined);
      const [first] = homeless;
      if (first === undefined) continue;
      const more = homeless.length === 1 ? '' : ` (${homeless.length} addresses)`;
      report({
        at: first.heading,
        message: `${first.value.address} has no interface to go to and is dropped: neither this line nor ${instance.name} names one${more}`,
        help: `write "interface" and its name in ${instance.name}, or "dev" and its name after the address`,
      });
    }
  },
});

/** Also when it is wrong, which is told elsewhere. */
function namesInterface({ values }: InstanceModel): boolean {
  return values.statements.some(({ keyword }) => keyword.value === 'interface');
}
