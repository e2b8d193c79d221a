import { diagnosticRule } from '../../rule.ts';

/** laddr_group_name, a word of holdfast's own. */
export const localAddressesIgnored = diagnosticRule({
  name: 'lvs/local-addresses-ignored',
  level: 'error',
  summary: 'A local_address_group for a service that is not forwarded by FULLNAT',
  details: `\`laddr_group_name\` says which addresses of the director packets to the real servers leave with. Only \`lb_kind FULLNAT\` changes
the source of packets: with \`NAT\`, \`DR\` and \`TUN\` the real servers see their clients, and the line does nothing. Write
\`lb_kind FULLNAT\` if answers shall come back without a route through the director, or delete the line. keepalived knows neither
the line nor the method.`,
  keepalived: 'silent',
  bad: `local_address_group outside {
    192.0.2.5-8
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind NAT
    laddr_group_name outside
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `local_address_group outside {
    192.0.2.5-8
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind FULLNAT
    laddr_group_name outside
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code }) => code === 'local-addresses-ignored',
});
