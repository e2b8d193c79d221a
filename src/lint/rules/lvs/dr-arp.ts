import { fileRule } from '../../rule.ts';
import { Places } from './places.ts';

/** keepalived.conf(5): lb_kind DR. */
export const drArp = fileRule({
  name: 'lvs/dr-arp',
  level: 'info',
  isStrictOnly: true,
  summary: 'Real servers of direct routing must hold the address and not answer ARP for it',
  details: `With direct routing a real server gets packets for the virtual address and answers clients by itself, so it must
hold that address too, on \`lo\` and with the prefix length 32 (128 for IPv6). It must not answer ARP requests for it: one
that does takes the whole service away from the director, at random and for as long as routers remember. On Linux set
\`net.ipv4.conf.all.arp_ignore=1\` and \`net.ipv4.conf.all.arp_announce=2\` on the real servers before adding the address. No file
of the director shows whether that was done.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
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
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind NAT
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    let name = '';
    for (const server of virtualServers) {
      if (!server.realServers.some(({ forwarding }) => forwarding === 'DR')) continue;
      if (places.count === 0) name = server.address ?? server.name;
      places.addSpan(() => server.at('lb_kind'));
    }
    if (places.count === 0) return;
    const more = places.count === 1 ? '' : ` (and those of ${places.count - 1} more services)`;
    report({
      at: places.first,
      message: `with DR every real server must hold ${name}${more} on lo and not answer ARP for it, or it draws the clients of all to itself`,
      help: 'on each real server set arp_ignore=1 and arp_announce=2, and add the address to lo as a /32 or a /128',
    });
  },
});
