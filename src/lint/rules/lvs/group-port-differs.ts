import type { RealServerModel } from '../../model/index.ts';
import { fileRule, type Reported } from '../../rule.ts';
import { portsOf, type ServerGroup } from './groups.ts';

/** keepalived.conf(5): virtual_server group, lb_kind: only NAT rewrites packets, and so ports. */
export const groupPortDiffers = fileRule({
  name: 'lvs/group-port-differs',
  level: 'error',
  summary: 'DR and TUN cannot lead from the ports of a group to another port',
  details: `With direct routing and tunnels the packet reaches the real server as the client sent it, so its port stays the
one of the group's entry, and a real server can have no other. For a service by address keepalived resets the port; for one of a
\`virtual_server_group\` it only complains and leaves it, and the packets arrive at the port of the group all the same. The
port of a real server also says where its check connects: the check may look at a port that no client ever reaches. Leave
the port out and write \`connect_port\` in the checker, or use \`NAT\`.`,
  keepalived: 'reports',
  bad: `virtual_server_group web {
    192.0.2.10 80
}
virtual_server group web {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 8080 {
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
    lb_kind NAT
    real_server 192.0.2.20 8080 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, serverGroups }, report) => {
    for (const server of virtualServers) {
      const group = server.group === undefined ? undefined : serverGroups.get(server.group);
      const expected = group && expectedPort(group);
      if (group === undefined || expected === undefined) continue;
      for (const real of server.realServers) {
        if (
          real.forwarding === 'NAT' ||
          real.forwarding === 'FULLNAT' ||
          !real.hasOwnPort ||
          real.port === expected
        )
          continue;
        report(portDiffers(real, expected, group));
      }
    }
  },
});

/** The port that all addresses of the group have; undefined where they differ, or where there are only marks. */
function expectedPort(group: ServerGroup): number | undefined {
  const [port, ...others] = portsOf(group);
  return others.length === 0 ? port : undefined;
}

function portDiffers(real: RealServerModel, expected: number, group: ServerGroup): Reported {
  return {
    at: real.heading,
    message: `${real.forwarding} does not change ports: connections arrive at port ${expected} of real server ${real.address}, and not at ${real.port}`,
    help: `write ${expected}, or use "lb_kind NAT", which translates ports`,
    notes: [{ span: group.heading, message: `the group, with port ${expected}` }],
  };
}
