import { hostRule } from '../../rule.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

/** IFF_MULTICAST of netdevice(7). */
export const noMulticast = hostRule({
  name: 'host/no-multicast',
  level: 'error',
  summary: 'Advertisements go to a multicast group, and the interface has no multicast',
  details: `Without \`unicast_peer\` advertisements go to a multicast group. On an interface that does not support multicast,
such as many tunnels, keepalived disables the instance: it stays in Fault for ever. List the other directors in
\`unicast_peer\` instead.`,
  keepalived: 'reports',
  exampleHost: { interfaces: [ethernet(), ethernet({ name: 'tun0', supportsMulticast: false })] },
  bad: instance().replace('eth0', 'tun0'),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const router of file.instances) {
      const found = interfaceOf(host, router.interface);
      if (found === undefined || found.supportsMulticast || found.isLoopback || router.isUnicast) continue;
      report({
        at: router.at('interface'),
        message: `${router.interface} has no multicast and ${router.name} has no unicast_peer: it is disabled and stays in Fault`,
        help: 'write unicast_peer with the addresses of the other directors',
      });
    }
  },
});
