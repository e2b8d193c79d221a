import type { IpAddress } from '../../../net/address.ts';
import type { FileModel, VirtualServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { addressesOf } from './groups.ts';
import { counted, Places } from './places.ts';

/** keepalived.conf(5): virtual_server, virtual_ipaddress. */
export const vipNotInVrrp = fileRule({
  name: 'lvs/vip-not-in-vrrp',
  level: 'warn',
  summary: 'The address of a service belongs to no virtual router',
  details: `A service is reached only where its address is held, or routed to. When no \`vrrp_instance\` of the file has the
address of a \`virtual_server\`, VRRP does not move it between the directors: either nobody holds it and clients get no
answer, or one director holds it by other means and the service dies with it. Most often the address was changed in one of
the two places. Write it into \`virtual_ipaddress\` or \`virtual_ipaddress_excluded\`. The rule is silent for files without any
\`vrrp_instance\`.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.11/24
    }
}
virtual_server 192.0.2.10 80 {
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
  good: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10/24
    }
}
virtual_server 192.0.2.10 80 {
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
  check: (file, report) => {
    if (file.instances.length === 0) return;
    const held = heldAddresses(file);
    const places = new Places();
    const missing = new Set<IpAddress>();
    for (const server of file.virtualServers) {
      const absent = servedAddresses(server, file).filter((address) => !held.has(address));
      if (absent.length === 0) continue;
      places.add(server);
      for (const address of absent) missing.add(address);
    }
    const [first] = missing;
    if (first === undefined) return;
    const others = missing.size - 1;
    const what = others === 0 ? first : `${first} and ${others === 1 ? '1 other' : `${others} others`}`;
    report({
      at: places.first,
      message: `no vrrp_instance holds ${what}: VRRP does not move ${counted(places.count, 'service')} to the other director`,
      help: `add ${first} to a virtual_ipaddress, or write the address that is there`,
      notes: places.notes,
    });
  },
});

export function heldAddresses({ instances }: FileModel): ReadonlySet<IpAddress> {
  const held = new Set<IpAddress>();
  for (const { addresses, excludedAddresses } of instances) {
    for (const { value } of addresses) held.add(value.address);
    for (const { value } of excludedAddresses) held.add(value.address);
  }
  return held;
}

/** Of a group its single addresses; ranges and networks are usually routed to the directors. */
export function servedAddresses(
  { address, group }: VirtualServerModel,
  { serverGroups }: FileModel,
): readonly IpAddress[] {
  if (address !== undefined) return [address];
  const entries = group === undefined ? undefined : serverGroups.get(group);
  return entries === undefined ? [] : addressesOf(entries).map((entry) => entry.address);
}
