import { diagnosticRule } from '../../rule.ts';
import { isAbout } from './about.ts';

/** keepalived.conf(5): virtual_server: lb_kind. */
export const forwardingMethodMissing = diagnosticRule({
  name: 'lvs/forwarding-method-missing',
  level: 'error',
  summary: 'A virtual server without lb_kind uses NAT',
  details: `\`lb_kind\` says how packets reach the real servers. Without it keepalived takes \`NAT\`. Real servers that were set
up for direct routing then get packets for their own address and answer past the director; clients see answers from a
stranger and hang, although every check succeeds. Write \`lb_kind DR\`, \`NAT\` or \`TUN\`, whichever the real servers are set
up for.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
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
    isAbout(diagnostic, { code: 'missing-keyword', blocks: ['virtual_server'], keywords: ['lb_kind'] }),
  levelOf: () => 'error',
  improve: ({ message }) => ({
    message: message.replace(
      /; NAT is used$/,
      ': NAT is used, and real servers set up for DR answer past the director',
    ),
    help: 'write "lb_kind DR", "lb_kind NAT" or "lb_kind TUN"',
  }),
});
