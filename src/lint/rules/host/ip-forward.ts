import { familyOf } from '../../../net/address.ts';
import type { RealServerModel, VirtualServerModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { service } from './example.ts';

/** ip-sysctl of the kernel: ip_forward. IPVS by NAT needs it; direct routing and tunnels do not. */
export const ipForward = hostRule({
  name: 'host/ip-forward',
  level: 'error',
  summary: 'Forwarding by NAT is configured, and this machine does not forward',
  details: `With \`lb_kind NAT\` or \`FULLNAT\` the answers of the real servers come back through the director, which must pass them on to
the clients: a kernel whose \`net.ipv4.ip_forward\` (for IPv6 \`net.ipv6.conf.all.forwarding\`) is 0 drops them. Clients then
see connections that are never answered, while all checks are good. Direct routing and tunnels do not need it. Write it into
a file below \`/etc/sysctl.d\`, on all directors.`,
  keepalived: 'silent',
  exampleHost: { sysctl: () => '0' },
  bad: service('NAT'),
  good: service('DR'),
  check: ({ virtualServers }, host, report) => {
    for (const [family, sysctl] of sysctls) {
      if (host.sysctl(sysctl) !== '0') continue;
      const [first, ...others] = virtualServers.flatMap((server) => natServer(server, family));
      if (first === undefined) continue;
      const more = others.length === 0 ? '' : ` and ${others.length} more`;
      report({
        at: first.virtualServer.at('lb_kind'),
        message: `${sysctl} is 0: the answers of ${first.name}${more} are dropped here, and clients get none`,
        help: `write "${sysctl} = 1" into a file in /etc/sysctl.d, and run "sysctl --system"`,
      });
    }
  },
});

const sysctls = [
  [4, 'net.ipv4.ip_forward'],
  [6, 'net.ipv6.conf.all.forwarding'],
] as const;

/** One for each virtual server is enough to count. */
function natServer({ realServers }: VirtualServerModel, family: 4 | 6): readonly RealServerModel[] {
  const found = realServers.find(
    ({ forwarding, address }) =>
      (forwarding === 'NAT' || forwarding === 'FULLNAT') && familyOf(address) === family,
  );
  return found === undefined ? [] : [found];
}
