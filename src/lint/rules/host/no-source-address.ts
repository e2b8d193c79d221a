import { familyOf } from '../../../net/address.ts';
import type { HostInterface } from '../../host.ts';
import type { FileModel, InstanceModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { isLinkLocal } from '../pair/network.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, ownAddresses, worksElsewhere } from './interfaces.ts';

/** keepalived.conf(5): mcast_src_ip: by default the primary address of the interface. */
export const noSourceAddress = hostRule({
  name: 'host/no-source-address',
  level: 'error',
  summary: 'The interface of an instance has no address to send advertisements from',
  details: `Advertisements come from the first address of the interface: an IPv4 address, or for IPv6 the link-local one.
Without any the instance is in Fault. Virtual addresses of the file do not count, because only the Master has them. Give the
interface an address of its own, or write \`unicast_src_ip\` or \`mcast_src_ip\` with an address that this machine has
elsewhere.`,
  keepalived: 'reports',
  exampleHost: { interfaces: [ethernet(), ethernet({ name: 'eth1', addresses: ['fe80::1/64'] })] },
  bad: instance().replace('eth0', 'eth1'),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const router of file.instances) {
      const found = interfaceOf(host, router.interface);
      if (found === undefined || found.isLoopback || router.source !== undefined) continue;
      if (hasSource(file, router, found)) continue;
      const kind = router.family === 4 ? 'IPv4' : 'link-local IPv6';
      report({
        at: router.at('interface'),
        message: `${found.name} has no ${kind} address of its own to advertise from: ${router.name} stays in Fault`,
        help: `give ${found.name} an address, or write mcast_src_ip with one that this machine has`,
      });
    }
  },
});

function hasSource(file: FileModel, { family }: InstanceModel, found: HostInterface): boolean {
  return ownAddresses(file, found).some(({ address }) =>
    family === 4 ? familyOf(address) === 4 : isLinkLocal(address),
  );
}
