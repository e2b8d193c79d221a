import { diagnosticRule } from '../../rule.ts';

/** laddr_group_name, a word of holdfast's own. */
export const unknownLocalAddressGroup = diagnosticRule({
  name: 'lvs/unknown-local-address-group',
  level: 'error',
  summary: 'A service names a local_address_group that does not exist',
  details: `\`laddr_group_name\` names the \`local_address_group\` whose addresses packets to the real servers leave with under \`FULLNAT\`. Where
there is none of that name, they leave with the address that the route to the server has: firewalls and real servers that expect
another one refuse them, and a busy service may run out of ports. The group may be mistyped, or in a file that is not included.`,
  keepalived: 'silent',
  bad: `local_address_group outside {
    192.0.2.5-8
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind FULLNAT
    laddr_group_name inside
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
  claims: ({ code }) => code === 'unknown-local-address-group',
});
