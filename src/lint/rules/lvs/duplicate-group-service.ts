import type { FileModel, VirtualServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { addressesOf } from './groups.ts';

/** keepalived.conf(5): virtual_server_group: each entry is a service of its own to the kernel. */
export const duplicateGroupService = fileRule({
  name: 'lvs/duplicate-group-service',
  level: 'error',
  summary: 'An address of a group is served by another virtual server too',
  details: `A \`virtual_server group\` becomes one service of the kernel for each entry of its group. Where another
\`virtual_server\` has the same address, port and protocol, by itself or through a group of its own, both write to the same
service: each adds and removes servers by its own checks, and the scheduler of the last is used. keepalived does not notice.
Take the address out of one of them.`,
  keepalived: 'silent',
  bad: `virtual_server_group web {
    192.0.2.10 80
    192.0.2.11 80
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
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.21 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server_group web {
    192.0.2.10 80
    192.0.2.11 80
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
virtual_server 192.0.2.12 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.21 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: (file, report) => {
    if (file.serverGroups.size === 0) return;
    const firsts = new Map<string, VirtualServerModel>();
    for (const server of file.virtualServers) {
      for (const key of keysOf(server, file)) {
        const first = firsts.get(key);
        if (first === undefined) firsts.set(key, server);
        // Two services by address are compared elsewhere.
        if (first === undefined || (first.group === undefined && server.group === undefined)) continue;
        if (first === server) continue;
        report({
          at: server.heading,
          message: `${server.name} and ${first.name} both serve ${key}: they change the same service of the kernel, and undo what the other did`,
          help: 'take the address out of one of them',
          notes: [{ span: first.heading, message: 'the first is here' }],
        });
        break;
      }
    }
  },
});

/** `port 80 of 192.0.2.10 for TCP`, which is how the kernel tells services apart. */
function keysOf({ address, port, protocol, group }: VirtualServerModel, file: FileModel): readonly string[] {
  if (address !== undefined) return [`port ${port} of ${address} for ${protocol}`];
  const definition = group === undefined ? undefined : file.serverGroups.get(group);
  if (definition === undefined) return [];
  return addressesOf(definition).map((entry) => `port ${entry.port} of ${entry.address} for ${protocol}`);
}
