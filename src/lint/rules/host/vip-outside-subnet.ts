import { familyOf, type IpAddress } from '../../../net/address.ts';
import type { Host } from '../../host.ts';
import type { FileModel, InstanceModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { isLinkLocal, type Prefixed, sharePrefix } from '../pair/network.ts';
import { instance } from './example.ts';
import { interfaceOf, ownAddresses, worksElsewhere } from './interfaces.ts';

/** An address that is reached by ARP lies in a network of its link. */
export const hostVipOutsideSubnet = hostRule({
  name: 'host/vip-outside-subnet',
  level: 'warn',
  summary: 'A virtual address lies in none of the networks of its interface',
  details: `Neighbours ask by ARP for addresses of their own network only. A virtual address that lies in no network of the
interface is asked for by nobody, unless a router has a route for it that points here. It is often a mistyped digit, or the
wrong interface. Where a router does send it here, that is fine: say so beside the suppression of this finding. Compared are
the addresses that the interface has now, without the virtual ones.`,
  keepalived: 'silent',
  bad: instance({ addresses: ['198.51.100.10/24'] }),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const router of file.instances) {
      for (const { value, span } of router.addresses) {
        const { address, device = router.interface } = value;
        const networks = networksOn({ file, host, router }, device, address);
        if (networks.length === 0 || isLinkLocal(address)) continue;
        if (networks.some((network) => sharePrefix(network.address, address, network.length))) continue;
        const known = networks.map((network) => `${network.address}/${network.length}`).slice(0, 3);
        report({
          at: span,
          message: `${address} lies in no network of ${device} (${known.join(', ')}): no neighbour there asks for it`,
          help: `write an address of such a network, or "dev" and the interface whose network it is`,
        });
      }
    }
  },
});

interface Looked {
  readonly file: FileModel;
  readonly host: Host;
  readonly router: InstanceModel;
}

/** Of the family of the address; single addresses and link-local ones are no networks. Of loopback none. */
function networksOn({ file, host }: Looked, device: string | undefined, of: IpAddress): readonly Prefixed[] {
  const found = interfaceOf(host, device);
  if (found === undefined || found.isLoopback) return [];
  const single = familyOf(of) === 4 ? 32 : 128;
  return ownAddresses(file, found).filter(
    ({ address, length }) => familyOf(address) === familyOf(of) && length < single && !isLinkLocal(address),
  );
}
