import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): virtual_server: protocol. */
export const udpVsWithoutProtocol = diagnosticRule({
  name: 'lvs/udp-vs-without-protocol',
  level: 'error',
  summary: 'A virtual server without protocol balances UDP',
  details: `Where \`protocol\` is missing, keepalived makes the service a UDP one. A web server behind it then gets nothing:
TCP connections to the address find no service and are refused, while every check goes on to succeed. Nearly always
\`protocol TCP\` was meant. Services for a firewall mark have no protocol and need no such line.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
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
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: (diagnostic) =>
    isAbout(diagnostic, { code: 'missing-keyword', blocks: ['virtual_server'], keywords: ['protocol'] }),
  levelOf: () => 'error',
  improve: () => ({
    message:
      'this virtual_server has no protocol: it becomes a UDP service, and TCP connections to it are refused',
  }),
});
