import type { Span } from '../../../../config-parser/index.ts';
import { familyOf, type IpAddress } from '../../../../net/address.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule, type Reported } from '../../../rule.ts';
import { areNeighbours, isLinkLocal, type Prefixed, prefixedOf, prefixText } from '../../pair/network.ts';
import { holding, instanceText, nested } from './example.ts';
import { addressText, deviceOf, heldBy } from './held-addresses.ts';

/** keepalived adds an address with its prefix, and with it a route to that network. */
export const vipOutsideSubnet = fileRule({
  name: 'vrrp/vip-outside-subnet',
  level: 'warn',
  summary: 'A virtual address outside of the network that its interface is in',
  details: `An address works where the hosts and routers of that network can find it by ARP. One that belongs to another
network than everything else on the interface is added without a complaint, and is then reachable only for hosts that happen
to share that network on the same wire: mostly a digit is wrong, or \`dev\` is missing. From a file alone the interface's
network is known by the lines of \`static_ipaddress\` for it, or else by the other addresses of the instance;
\`holdfast lint --host\` asks the machine. If two networks do share the wire, suppress this with the reason.`,
  keepalived: 'silent',
  bad: holding('192.0.2.10/24', '198.51.100.11/24'),
  good: instanceText({
    lines: nested('track_interface', ['eth1']),
    addresses: ['192.0.2.10/24', '192.0.2.11/24', '198.51.100.11/24 dev eth1'],
  }),
  check: (file, report) => {
    const fixed = staticNetworks(file);
    for (const instance of file.instances) {
      const networks = new Map<string, Known[]>();
      for (const held of heldBy(instance)) {
        const { address } = held.value;
        if (isLinkLocal(address)) continue;
        const device = deviceOf(held, instance);
        const key = keyOf(device, address);
        const known = [...(fixed.get(key) ?? []), ...(networks.get(key) ?? [])];
        const place = prefixedOf(held.value);
        const neighbours = known.filter(({ network }) => areNeighbours(network, place));
        if (neighbours.some(({ network }) => network.length <= place.length)) continue;
        const [first] = known;
        if (neighbours.length === 0 && first !== undefined) report(outside(held, device, first));
        // Told once: further addresses of this network are its neighbours.
        if (!isSingle(place)) put(networks, key, { network: place, span: held.heading });
      }
    }
  },
});

interface Known {
  readonly network: Prefixed;
  readonly span: Span;
}

type Held = InstanceModel['addresses'][number];

function keyOf(device: string | undefined, address: IpAddress): string {
  return `${device} ${familyOf(address)}`;
}

function isSingle({ address, length }: Prefixed): boolean {
  return length === (familyOf(address) === 4 ? 32 : 128);
}

function put(networks: Map<string, Known[]>, key: string, known: Known): void {
  const all = networks.get(key);
  if (all === undefined) networks.set(key, [known]);
  else all.push(known);
}

function outside(held: Held, device: string | undefined, { network, span }: Known): Reported {
  const text = prefixText(network.address, network.length);
  return {
    at: held.heading,
    message: `${addressText(held)} lies outside of ${text}, the network of ${device ?? 'its interface'}: its neighbours there will not find it`,
    help: 'write an address of that network, or "dev" and the interface that it belongs to',
    notes: [{ span, message: `${text} is known from here` }],
  };
}

/** By interface and family. */
function staticNetworks({ root, globals }: FileModel): ReadonlyMap<string, Known[]> {
  const networks = new Map<string, Known[]>();
  const usual = globals.value('default_interface') ?? 'eth0';
  for (const { value, heading } of root.entries('static_ipaddress')) {
    const network = prefixedOf(value);
    if (isSingle(network)) continue;
    put(networks, keyOf(value.device ?? usual, value.address), { network, span: heading });
  }
  return networks;
}
