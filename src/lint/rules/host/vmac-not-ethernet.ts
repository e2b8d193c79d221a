import { hostRule } from '../../rule.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

/** keepalived.conf(5): use_vmac: macvlan interfaces are of Ethernet. */
export const vmacNotEthernet = hostRule({
  name: 'host/vmac-not-ethernet',
  level: 'error',
  summary: 'A virtual MAC address is wanted on an interface that is no Ethernet',
  details: `\`use_vmac\` and \`use_ipvlan\` make an interface on top of the instance's own. The kernel can do that on
Ethernet only; on a tunnel or another link without MAC addresses keepalived reports it and goes on without the virtual MAC
address. Delete the line: on such a link there is no ARP cache that a virtual MAC address would spare.`,
  keepalived: 'reports',
  exampleHost: { interfaces: [ethernet({ isEthernet: false })] },
  bad: instance({ lines: ['use_vmac'] }),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const { values, name, interface: device } of file.instances) {
      const given = values.last('use_vmac') ?? values.last('use_ipvlan');
      const found = interfaceOf(host, device);
      if (given === undefined || found === undefined || found.isEthernet) continue;
      report({
        at: given.heading,
        message: `${device} is no Ethernet interface: ${given.keyword} of ${name} cannot be had on it`,
        help: 'delete the line, or put the instance on an Ethernet interface',
      });
    }
  },
});
