import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): lb_kind: only NAT rewrites packets, and so ports. */
export const drPortDiffers = diagnosticRule({
  name: 'lvs/dr-port-differs',
  level: 'error',
  summary: 'DR and TUN cannot lead to another port',
  details: `With direct routing and tunnels the packet reaches the real server as the client sent it, so its port stays the
service's. keepalived resets a real server's or sorry server's other port to the service's, and clears one that is given
for a firewall mark: connections arrive at a port where perhaps nobody listens, while checks may still look at the port
that was written. Write the service's port, or use \`NAT\`, which translates ports.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 8080 {
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
    real_server 192.0.2.20 8080 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code }) => code === 'port-mismatch',
  levelOf: () => 'error',
  improve: () => ({
    help: 'write the port of the service here, or use "lb_kind NAT", which translates ports',
  }),
});
