import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server fwmark: protocol. */
export const fwmarkProtocol = diagnosticRule({
  name: 'lvs/fwmark-protocol',
  level: 'warn',
  summary: 'protocol is given for a service of a firewall mark',
  details: `A service for a firewall mark takes every packet with that mark, of whatever protocol: which those are is decided
by the rule of nftables or iptables that sets the mark. A \`protocol\` line has no effect, and keepalived complains about it
each time it reads the file. Delete the line; to balance one protocol only, mark only that one.`,
  keepalived: 'reports',
  bad: `virtual_server fwmark 7 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  good: `virtual_server fwmark 7 {
    delay_loop 6
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 {
        TCP_CHECK {
            connect_port 80
        }
    }
}
`,
  claims: ({ code }) => code === 'protocol-ignored',
  levelOf: () => 'warn',
  improve: () => ({
    message:
      'a firewall mark stands for every protocol: this line is ignored, and all marked packets are balanced',
    help: 'delete the line, and mark only packets of the protocol that is meant',
  }),
});
