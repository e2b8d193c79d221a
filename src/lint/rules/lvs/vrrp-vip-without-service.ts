import type { IpAddress } from '../../../net/address.ts';
import type { FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { counted, Places } from './places.ts';
import { heldAddresses, servedAddresses } from './vip-not-in-vrrp.ts';

/** keepalived.conf(5): virtual_ipaddress, virtual_server. */
export const vrrpVipWithoutService = fileRule({
  name: 'lvs/vrrp-vip-without-service',
  level: 'info',
  summary: 'A virtual address has no service in a file that balances others',
  details: `The file has virtual servers, and a virtual address that none of them serves. Clients of that address reach the
director itself and not a real server. That is right for the address of a gateway or of a program that runs on the
director; otherwise a \`virtual_server\` is missing, or has another address. The rule is silent where services are given by
firewall mark, by range or by network, which may cover the address, and where \`NAT\` is used, whose real servers need such an
address as their gateway.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10/24
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
    if (file.virtualServers.length === 0 || mayServeAnything(file)) return;
    const served = new Set(file.virtualServers.flatMap((server) => servedAddresses(server, file)));
    const held = heldAddresses(file);
    // Then one of the two addresses is mistyped, which is told where the service stands.
    if ([...served].some((address) => !held.has(address))) return;
    const places = new Places();
    let first: IpAddress | undefined;
    for (const { addresses, excludedAddresses } of file.instances) {
      for (const { value, span } of [...addresses, ...excludedAddresses]) {
        if (served.has(value.address) || isLinkLocal(value.address)) continue;
        first ??= value.address;
        places.addSpan(() => span);
      }
    }
    if (first === undefined) return;
    const what = places.count === 1 ? first : `${first} and ${counted(places.count - 1, 'other address')}`;
    report({
      at: places.first,
      message: `no virtual_server serves ${what}: clients reach the director itself`,
      help: 'add a virtual_server for it, unless it is a gateway or a service of the director itself',
      notes: places.notes,
    });
  },
});

function mayServeAnything({ virtualServers, serverGroups }: FileModel): boolean {
  return virtualServers.some(({ kind, group, realServers }) => {
    if (kind === 'fwmark' || realServers.some(({ forwarding }) => forwarding === 'NAT')) return true;
    const entries = group === undefined ? undefined : serverGroups.get(group)?.entries;
    return entries?.some(({ value }) => value.kind !== 'address') === true;
  });
}

/** An IPv6 instance must begin with one, which serves nobody. */
function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab].:/.test(address);
}
