import { fileRule } from '../../rule.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): lb_kind NAT. */
export const natReturnPath = fileRule({
  name: 'lvs/nat-return-path',
  level: 'info',
  isStrictOnly: true,
  summary: 'With NAT the answers must come back through the director',
  details: `With \`NAT\` the director writes the real server's address into the packet, and must write the virtual address into
the answer. The answer must therefore come back through the director: the real server's route to the clients must lead
there, best to an address that VRRP moves with the service, and \`net.ipv4.ip_forward\` (\`net.ipv6.conf.all.forwarding\`) must be 1
on both directors. Clients in the real servers' own network are answered directly and hang. Checks do not show any of this,
for they come from the director itself.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind NAT
    real_server 198.51.100.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const server of virtualServers) {
      const usesNat = server.realServers.some(({ forwarding }) => forwarding === 'NAT');
      if (usesNat) places.addSpan(() => server.at('lb_kind'));
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'service')} ${hasOrHave(places.count)} real servers behind NAT: answers that do not come back through the director never reach the client`,
      help: "set ip_forward=1 on the directors, and lead the real servers' default route to an address that VRRP moves",
    });
  },
});
