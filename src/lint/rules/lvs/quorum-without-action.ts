import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): quorum, sorry_server, quorum_up, quorum_down. */
export const quorumWithoutAction = fileRule({
  name: 'lvs/quorum-without-action',
  level: 'info',
  summary: 'A quorum that nothing depends on',
  details: `When the weight of the servers that are up falls below \`quorum\`, keepalived brings in the sorry server and runs
\`quorum_down\`. A service that has neither goes on to use the servers that are left, as if no quorum had been written; only
a line in the log, a mail or a notification tells of it. Write a \`sorry_server\`, or scripts that act, or delete the line.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    quorum 2
    real_server 192.0.2.20 80 {
        weight 2
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
    quorum 2
    sorry_server 192.0.2.30 80
    real_server 192.0.2.20 80 {
        weight 2
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, globals }, report) => {
    if (globals.has('notify_fifo') || globals.has('lvs_notify_fifo')) return;
    for (const server of virtualServers) {
      const { values, quorum, realServers } = server;
      if (quorum < 2 || actions.some((keyword) => values.has(keyword))) continue;
      // One that is out of reach is another matter, and reported as such.
      if (quorum > realServers.reduce((sum, { weight }) => sum + weight, 0)) continue;
      report({
        at: server.at('quorum'),
        message: `nothing happens when ${server.name} loses its quorum of ${quorum}: the servers that are left go on to get all connections`,
        help: 'write a "sorry_server" or "quorum_down", or delete the line',
      });
    }
  },
});

const actions = ['sorry_server', 'quorum_up', 'quorum_down', 'smtp_alert'] as const;
