import { familyOf } from '../../../net/address.ts';
import type { FileModel, VirtualServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { familyOfEntry } from './groups.ts';

/** keepalived.conf(5): virtual_server group, real_server. */
export const groupFamilyMismatch = fileRule({
  name: 'lvs/group-family-mismatch',
  level: 'error',
  summary: 'A real server is of a family that its group has no address of',
  details: `A service of a \`virtual_server_group\` hands IPv4 packets to IPv4 servers and IPv6 packets to IPv6 servers; only a
tunnel can carry one in the other. keepalived's check of the file does not compare a group with the servers of its
services: the mistake shows only when the daemon runs and no connection reaches the server. Add an address of the server's
family to the group, or use \`lb_kind TUN\`.`,
  keepalived: 'logs',
  bad: `virtual_server_group web {
    192.0.2.10 80
}
virtual_server group web {
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
    for (const server of virtualServers) {
      const families = familiesOf(server, serverGroups);
      if (families === undefined) continue;
      for (const { address, name, forwarding, heading } of server.realServers) {
        if (families.has(familyOf(address)) || forwarding === 'TUN') continue;
        report({
          at: heading,
          message: `real server ${name} is IPv${familyOf(address)} and ${server.name} has only IPv${families.has(4) ? 4 : 6} addresses: it never gets a connection`,
          help: `add an IPv${familyOf(address)} address to the group, or write a server of its family`,
        });
      }
    }
  },
});

/** Undefined where there is no such group, or only marks that may stand for any family: beside addresses a mark has theirs. */
function familiesOf(
  { group }: VirtualServerModel,
  groups: FileModel['serverGroups'],
): ReadonlySet<4 | 6> | undefined {
  const entries = group === undefined ? undefined : groups.get(group)?.entries;
  if (entries === undefined || entries.length === 0) return undefined;
  const families = new Set(entries.flatMap(({ value }) => familyOfEntry(value) ?? []));
  return families.size === 0 ? undefined : families;
}
