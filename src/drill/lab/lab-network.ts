/**
 * A topology in network namespaces: a bridge for each network in the switch's, a cable for each interface, addresses,
 * routes, and what real servers need to answer for virtual addresses. What runs on the machines is not its business.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { ProgramOptions, ProgramResult } from '../run-program.ts';
import { requireProgram, runProgram } from '../run-program.ts';
import type { LabInterface, LabMachine, LabServer, Topology } from '../topology/topology.ts';
import { addNamespaces, ipBatch, type Namespaces, switchName } from './namespaces.ts';

export { switchName } from './namespaces.ts';

/** The end of a machine's cable at the switch. */
export interface Port {
  readonly name: string;
  readonly machine: string;
  readonly interface: string;
  readonly network: string;
  readonly mac: string;
}

export interface LabNetworkHandle {
  readonly prefix: string;
  readonly ports: readonly Port[];
  /** Runs a program to its end on that machine. */
  readonly run: (
    machine: string,
    file: string,
    args: readonly string[],
    options?: ProgramOptions,
  ) => Promise<ProgramResult>;
  /** Starts a program on that machine in a process group of its own, its output by pipe. */
  readonly start: (
    machine: string,
    file: string,
    args: readonly string[],
    environment?: Record<string, string>,
  ) => ChildProcess;
  /** All cables of the machine, in or out. */
  readonly setCables: (machine: string, state: 'up' | 'down') => Promise<void>;
  readonly namespaceOf: (machine: string) => string;
  readonly close: () => void;
}

export async function buildLabNetwork(topology: Topology): Promise<LabNetworkHandle> {
  const machines = machinesOf(topology);
  const namespaces = await addNamespaces(machines.map(({ name }) => name));
  try {
    const ports = portsOf(topology, machines);
    await wire(topology, machines, ports, namespaces);
    await Promise.all(machines.map((machine) => configure(machine, topology, namespaces)));
    return handle(namespaces, ports);
  } catch (error) {
    namespaces.remove();
    throw error;
  }
}

/** Those that have a namespace: servers that a director plays have none. */
export function machinesOf(topology: Topology): readonly LabMachine[] {
  const servers = topology.realServers.filter(({ playedBy }) => playedBy.length === 0);
  return [...topology.nodes, ...servers, ...topology.routers, ...topology.clients];
}

function handle(namespaces: Namespaces, ports: readonly Port[]): LabNetworkHandle {
  const { nameOf, prefix } = namespaces;
  return {
    prefix,
    ports,
    namespaceOf: nameOf,
    run: (machine, file, args, options) =>
      runProgram('ip', ['netns', 'exec', nameOf(machine), file, ...args], options),
    start: (machine, file, args, environment = {}) =>
      spawn('ip', ['netns', 'exec', nameOf(machine), file, ...args], {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, TZ: 'UTC', ...environment },
      }),
    setCables: (machine, state) =>
      ipBatch(
        ['-n', nameOf(switchName)],
        ports.filter((port) => port.machine === machine).map((port) => `link set ${port.name} ${state}`),
      ),
    close: namespaces.remove,
  };
}

/** One a wired interface; 802.1Q interfaces use that of the one below. */
function portsOf(topology: Topology, machines: readonly LabMachine[]): readonly Port[] {
  const wired = machines.flatMap(({ name, interfaces }, machineIndex) =>
    interfaces
      .filter(({ parent }) => parent === undefined)
      .map((one, index) => ({ machine: name, one, mac: macOf(machineIndex, index) })),
  );
  const known = new Set(topology.networks.map(({ name }) => name));
  return wired
    .filter(({ one }) => known.has(one.network))
    .map(({ machine, one, mac }, index) => ({
      name: portName(`${machine}-${one.name}`, index),
      machine,
      interface: one.name,
      network: one.network,
      mac,
    }));
}

const longestInterfaceName = 15;

function portName(wanted: string, index: number): string {
  return wanted.length <= longestInterfaceName && !/[^\w.-]/.test(wanted) ? wanted : `port${index}`;
}

/** Locally administered; the same in every run, so that captures can be compared. */
function macOf(machine: number, index: number): string {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  return `02:68:66:00:${hex(machine + 1)}:${hex(index)}`;
}

/** Everything is wired before a port goes up. */
async function wire(
  topology: Topology,
  machines: readonly LabMachine[],
  ports: readonly Port[],
  { nameOf }: Namespaces,
): Promise<void> {
  await Promise.all(machines.map((machine) => tuneMachine(machine, topology, nameOf(machine.name))));
  const bridgeOf = new Map(topology.networks.map(({ name, bridge }) => [name, bridge]));
  const bridges = topology.networks.flatMap(({ bridge }) => [
    `link add ${bridge} type bridge mcast_snooping 0`,
    `link set ${bridge} addrgenmode none`,
    `link set ${bridge} up`,
  ]);
  const trunks = topology.networks.flatMap(({ bridge, vlanId, trunk }) => {
    const below = bridgeOf.get(trunk ?? '');
    if (vlanId === undefined || below === undefined) return [];
    const name = `${below}.${vlanId}`;
    return [
      `link add link ${below} name ${name} type vlan id ${vlanId}`,
      `link set ${name} master ${bridge} up`,
    ];
  });
  const cables = ports.flatMap((port) => [
    `link add ${port.name} type veth peer name ${port.interface} address ${port.mac} netns ${nameOf(port.machine)}`,
    `link set ${port.name} addrgenmode none`,
    `link set ${port.name} master ${bridgeOf.get(port.network)} up`,
  ]);
  await ipBatch(['-n', nameOf(switchName)], [...bridges, ...trunks, ...cables]);
}

/** Before there are interfaces: duplicate address detection would cost seconds, and what servers must not say of addresses. */
async function tuneMachine(machine: LabMachine, topology: Topology, namespace: string): Promise<void> {
  const server = topology.realServers.find(({ name }) => name === machine.name);
  const node = topology.nodes.find(({ name }) => name === machine.name);
  const isRouter = topology.routers.includes(machine);
  const settings = [
    'net.ipv6.conf.default.accept_dad=0',
    'net.ipv6.conf.default.accept_ra=0',
    ...(node?.forwards || isRouter ? ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'] : []),
    ...(isRouter || (server?.loopbackAddresses ?? []).length > 0
      ? ['net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0']
      : []),
    ...((server?.loopbackAddresses ?? []).length > 0 ? suppressedArp : []),
    // Of a NAT director its servers must not learn a way past it.
    ...(node?.forwards
      ? ['net.ipv4.conf.all.send_redirects=0', 'net.ipv4.conf.default.send_redirects=0']
      : []),
  ];
  await requireProgram('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', ...settings]);
}

const suppressedArp = [
  'net.ipv4.conf.all.arp_ignore=1',
  'net.ipv4.conf.all.arp_announce=2',
  'net.ipv4.conf.lo.arp_ignore=1',
  'net.ipv4.conf.lo.arp_announce=2',
];

async function configure(machine: LabMachine, topology: Topology, { nameOf }: Namespaces): Promise<void> {
  const server = topology.realServers.find(({ name }) => name === machine.name);
  const node = topology.nodes.find(({ name }) => name === machine.name);
  const lines = [
    'link set lo up',
    ...machine.interfaces.flatMap((one) => interfaceLines(one, topology)),
    ...(node?.dummies ?? []).flatMap((name) => [`link add ${name} type dummy`, `link set ${name} up`]),
    ...(server?.loopbackAddresses ?? []).map((address) => `address add ${address} dev lo`),
    ...(server === undefined ? [] : tunnelLines(server)),
    ...machine.gateways.map((gateway) => `route add ${everywhere[familyOf(gateway)]} via ${gateway}`),
    ...(server?.isOnLink === true ? onLinkLines(machine) : []),
  ];
  await ipBatch(['-n', nameOf(machine.name)], lines);
}

function interfaceLines(
  { name, parent, network, addresses }: LabInterface,
  topology: Topology,
): readonly string[] {
  const vlanId = topology.networks.find((one) => one.name === network)?.vlanId;
  const vlan = parent === undefined ? [] : [`link add link ${parent} name ${name} type vlan id ${vlanId}`];
  return [
    ...vlan,
    ...addresses.map((address) => `address add ${address} dev ${name}`),
    `link set ${name} up`,
  ];
}

/** A real server of a tunnel takes packets for the virtual address out of it. */
function tunnelLines({ tunnels, address }: LabServer): readonly string[] {
  return tunnels.flatMap(({ type, port, family }, index) => {
    const name = `lab-tunnel${index}`;
    if (type === 'gue') return [`fou add port ${port ?? 6080} gue`, `link set tunl0 up`];
    if (type === 'gre')
      return [
        `link add ${name} type ${family === 6 ? 'ip6gre' : 'gre'} local ${address}`,
        `link set ${name} up`,
      ];
    return family === 6
      ? [`link add ${name} type ip6tnl mode any local ${address}`, `link set ${name} up`]
      : [`link add ${name} type ipip local ${address}`, `link set ${name} up`];
  });
}

/** Clients may have addresses that the server's own network does not hold: it asks for them by ARP all the same. */
function onLinkLines({ interfaces }: LabMachine): readonly string[] {
  const [first] = interfaces;
  if (first === undefined) return [];
  const families = new Set(
    first.addresses.map((text) => familyOf(text.slice(0, text.indexOf('/')) as IpAddress)),
  );
  return [...families].map((family) => `route add ${everywhere[family]} dev ${first.name}`);
}

/** A batch of ip(8) takes no option in a line: the prefix says which family it is. */
const everywhere = { 4: '0.0.0.0/0', 6: '::/0' } as const;
