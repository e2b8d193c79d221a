import { fileRule } from '../../../rule.ts';
import { holding, instanceText, nested } from './example.ts';
import { heldBy } from './held-addresses.ts';

/** keepalived.conf(5): virtual_ipaddress: use_vmac. */
export const vipUseVmacWithoutDev = fileRule({
  name: 'vrrp/vip-use-vmac-without-dev',
  level: 'warn',
  summary: 'use_vmac after an address that names no dev',
  details: `\`use_vmac\` after an address asks for a macvlan interface with the virtual router's MAC on the interface after
\`dev\`. Without \`dev\` there is nothing to make it on: the address goes to the instance's own interface and answers with
that interface's MAC, which changes at every failover. For addresses on the instance's own interface write \`use_vmac\` in the
instance.`,
  keepalived: 'silent',
  bad: holding('192.0.2.10/24 use_vmac'),
  good: instanceText({
    lines: nested('track_interface', ['eth1']),
    addresses: ['192.0.2.10/24 dev eth1 use_vmac'],
  }),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      for (const { value, heading } of heldBy(instance)) {
        if (!value.useVmac || value.device !== undefined) continue;
        report({
          at: heading,
          message: `"use_vmac" does nothing here: ${value.address} names no "dev" to make a macvlan interface on, and answers with the MAC address of ${instance.interface ?? 'its interface'}`,
          help: `write "use_vmac" in ${instance.name} itself, or "dev" and another interface before it`,
        });
      }
    }
  },
});
