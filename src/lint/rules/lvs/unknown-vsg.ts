import { fileRule } from '../../rule.ts';

const namesShown = 3;

/** keepalived.conf(5): virtual_server group NAME. */
export const unknownVsg = fileRule({
  name: 'lvs/unknown-vsg',
  level: 'error',
  summary: 'A service refers to a virtual_server_group that does not exist',
  details: `\`virtual_server group NAME\` takes its addresses from the \`virtual_server_group\` of that name. Where there is none,
\`keepalived -t\` says nothing and exits 0; the running daemon logs a line and drops the service, so its clients are
refused. The group may be mistyped, or in a file that is not included. Upper and lower case count.`,
  keepalived: 'logs',
  bad: `virtual_server_group web {
    192.0.2.10 80
}
virtual_server group wbe {
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
  good: `virtual_server_group web {
    192.0.2.10 80
}
virtual_server group web {
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
  check: ({ virtualServers, serverGroups }, report) => {
    const names = [...serverGroups.keys()].slice(0, namesShown);
    for (const server of virtualServers) {
      const { group } = server;
      if (group === undefined || serverGroups.has(group)) continue;
      report({
        at: server.heading,
        message: `there is no virtual_server_group ${group}: the service is dropped when the daemon starts, and keepalived -t does not say so`,
        help:
          names.length === 0
            ? `define "virtual_server_group ${group}" with the addresses of the service`
            : `define it, or write the name of one that is defined: ${names.join(', ')}`,
      });
    }
  },
});
