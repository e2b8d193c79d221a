import type { VirtualServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server group NAME, protocol. */
export const groupTwoProtocols = fileRule({
  name: 'lvs/group-two-protocols',
  level: 'warn',
  summary: 'Two services with different protocols share one group',
  details: `At a reload keepalived looks for the service of the old configuration that belongs to one of the new. For services
of a \`virtual_server_group\` it compares the name of the group and not the protocol. Two services of one group, such as DNS
over TCP and over UDP, may then be taken for each other: servers and weights of the one are given to the other, or it is
removed and added again. Define a second group with the same addresses and another name, and use one for each protocol.`,
  keepalived: 'silent',
  bad: `virtual_server_group dns {
    192.0.2.10 53
}
virtual_server group dns {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
virtual_server group dns {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        DNS_CHECK {
            name example.com
        }
    }
}
`,
  good: `virtual_server_group dns-tcp {
    192.0.2.10 53
}
virtual_server_group dns-udp {
    192.0.2.10 53
}
virtual_server group dns-tcp {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
virtual_server group dns-udp {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 53 {
        DNS_CHECK {
            name example.com
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const firsts = new Map<string, VirtualServerModel>();
    for (const server of virtualServers) {
      if (server.group === undefined) continue;
      const first = firsts.get(server.group);
      if (first === undefined) firsts.set(server.group, server);
      else if (first.protocol !== server.protocol) {
        report({
          at: server.heading,
          message: `group ${server.group} is used for ${first.protocol} and for ${server.protocol}: a reload of keepalived may take one for the other, and give its servers to it`,
          help: `define a second virtual_server_group with the same addresses for ${server.protocol}`,
          notes: [{ span: first.heading, message: `the service for ${first.protocol}` }],
        });
      }
    }
  },
});
