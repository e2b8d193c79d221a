import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: ops, one packet scheduling. */
export const opsWithoutUdp = fileRule({
  name: 'lvs/ops-without-udp',
  level: 'error',
  summary: 'One packet scheduling for a service that is not UDP',
  details: `With \`ops\` every datagram is scheduled by itself, as if there were no connections. IPVS can do that only for UDP;
for TCP and SCTP keepalived complains and switches it off, so the service works with ordinary connections. Delete the
line, or write \`protocol UDP\` if the service is one.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 53 {
    delay_loop 6
    protocol TCP
    lb_algo rr
    lb_kind NAT
    ops
    real_server 192.0.2.20 53 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 53 {
    delay_loop 6
    protocol TCP
    lb_algo rr
    lb_kind NAT
    real_server 192.0.2.20 53 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, words }, report) => {
    if (!words.has('ops')) return;
    for (const server of virtualServers) {
      if (server.protocol === undefined || server.protocol === 'UDP' || !server.values.has('ops')) continue;
      report({
        at: server.at('ops'),
        message: `one packet scheduling works for UDP only: ${server.name} goes on with ordinary connections`,
        help: 'delete the line',
      });
    }
  },
});
