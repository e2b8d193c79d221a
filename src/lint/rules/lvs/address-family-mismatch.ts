import { diagnosticRule } from '../../rule.ts';

const blocks: ReadonlySet<string> = new Set([
  'virtual_server',
  'real_server',
  'TCP_CHECK',
  'HTTP_GET',
  'SSL_GET',
  'SMTP_CHECK',
  'DNS_CHECK',
  'UDP_CHECK',
  'PING_CHECK',
]);

/** keepalived.conf(5): real_server, sorry_server, bindto: of one family with what they belong to. */
export const addressFamilyMismatch = diagnosticRule({
  name: 'lvs/address-family-mismatch',
  level: 'error',
  summary: 'IPv4 and IPv6 are mixed in one service',
  details: `IPVS hands an IPv4 packet on as an IPv4 packet and an IPv6 packet as an IPv6 packet; only a tunnel can carry one
in the other. keepalived drops a real server or a sorry server of the other family, and a \`bindto\` that does not go with
the address that is checked, and runs on without it. Write an address of the service's family, make a second service for
the other family, or use \`lb_kind TUN\`.`,
  keepalived: 'reports',
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
    real_server 2001:db8::20 80 {
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
virtual_server 2001:db8::10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 2001:db8::20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  claims: ({ code, subject }) =>
    code === 'address-family-mismatch' && subject !== undefined && blocks.has(subject.block),
  levelOf: () => 'error',
  improve: ({ subject }) => ({
    help:
      subject?.keyword === 'bindto'
        ? 'write an address of this host of the same family, or delete the line'
        : 'write an address of that family, make a service of its own for the other one, or use "lb_kind TUN"',
  }),
});
