import { familyOf, type IpAddress } from '../../../net/address.ts';
import type { FileModel, RealServerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { type Prefixed, prefixedOf, sharePrefix } from '../pair/network.ts';
import { isConnecting } from './checkers.ts';
import { counted, Places } from './places.ts';
import { servedAddresses } from './vip-not-in-vrrp.ts';

/** keepalived.conf(5): virtual_ipaddress, bindto. RFC 6724 section 5. */
export const checksFromVirtualAddress = fileRule({
  name: 'lvs/checks-from-virtual-address',
  level: 'warn',
  summary: 'The Master may check a real server from an address that the real server has itself',
  details: `An IPv6 address that is added with its network's prefix length is as good a source as any other of the interface, and
Linux takes the one that came last: what the Master sends into that network, its checks too, then leaves from the virtual
address. With \`DR\` and \`TUN\` the real servers have that address on \`lo\` and keep the answer to themselves. So the director
that becomes Master sees its real servers fail one after the other, while the Backup sees them well. Write the address without
a prefix length, or with \`/128\`, which makes it one that is not chosen; or say so with \`preferred_lft 0\`; or give the checks
an address of the director's with \`bindto\`. Over IPv4 this does not happen: there the first address of a network is chosen.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_6 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        fe80::7
        2001:db8::10/64
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
  good: `vrrp_instance VI_6 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        fe80::7
        2001:db8::10
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
  check: (file, report) => {
    const preferred = preferredAddresses(file);
    if (preferred.size === 0) return;
    const places = new Places();
    let from: IpAddress | undefined;
    for (const server of file.virtualServers) {
      const own = servedAddresses(server, file).flatMap((address) => preferred.get(address) ?? []);
      for (const { address, length } of own) {
        const checked = server.realServers.filter(
          (real) => hasAddressItself(real) && sharePrefix(real.address, address, length),
        );
        if (checked.length > 0) from ??= address;
        for (const real of checked) places.add(real);
      }
    }
    if (from === undefined) return;
    report({
      at: places.first,
      message: `the Master may check ${counted(places.count, 'real server')} from ${from}, which ${places.count === 1 ? 'it has' : 'they have'} on lo: nothing comes back, and the Master takes ${places.count === 1 ? 'it' : 'them'} for dead`,
      help: `write ${from} without a prefix length in virtual_ipaddress, or give the checks "bindto"`,
      notes: places.notes,
    });
  },
});

/** Those that the kernel may choose as a source; by address. */
function preferredAddresses({ instances }: FileModel): ReadonlyMap<IpAddress, Prefixed> {
  const held = instances.flatMap(({ addresses, excludedAddresses }) => [...addresses, ...excludedAddresses]);
  return new Map(
    held
      .filter(({ value }) => familyOf(value.address) === 6 && value.preferredLftSeconds !== 0)
      .map(({ value }) => [value.address, prefixedOf(value)] as const)
      .filter(([, { length }]) => length < 128),
  );
}

function hasAddressItself({ forwarding, checkers }: RealServerModel): boolean {
  const isRouted = forwarding === 'DR' || forwarding === 'TUN';
  return isRouted && checkers.some((one) => isConnecting(one) && one.values.value('bindto') === undefined);
}
