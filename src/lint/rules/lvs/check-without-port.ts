import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): connect_port, without which a check connects to the real server's port. */
export const checkWithoutPort = diagnosticRule({
  name: 'lvs/check-without-port',
  level: 'error',
  summary: 'A check of a service for all ports has no port to connect to',
  details: `A check connects to the port of its real server, which is the port of the service where none is given. A service
for all ports, or for a firewall mark, has none: the check would connect to port 0, where nobody answers, and the server
stays down for ever. Write \`connect_port\` and a port that shows the server's health.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    persistence_timeout 600
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    persistence_timeout 600
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_timeout 3
            connect_port 80
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, {
      code: 'missing-keyword',
      blocks: ['TCP_CHECK', 'HTTP_GET', 'SSL_GET', 'SMTP_CHECK', 'DNS_CHECK', 'UDP_CHECK'],
      keywords: ['connect_port'],
    }),
  levelOf: () => 'error',
  improve: () => ({ help: 'write "connect_port" and the port that is to be checked' }),
});
