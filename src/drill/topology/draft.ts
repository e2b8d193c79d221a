/** The topology while it is being derived: the same things as in topology.ts, still growing. */
import { familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import type { NodeConfig } from '../virtual-routers.ts';
import { contains, formatPrefix, freeAddress, type Prefix } from './prefix.ts';
import type { LabInterface, LabNetwork } from './topology.ts';
import type { TopologyOverrides } from './topology-overrides.ts';

export interface DraftNetwork {
  readonly name: string;
  readonly prefixes: Prefix[];
  /** `lb01/eth0`. */
  readonly members: Set<string>;
  vlanId?: number;
  trunk?: string;
}

export class Draft {
  readonly nodes: readonly NodeConfig[];
  readonly overrides: TopologyOverrides;
  readonly networks: DraftNetwork[] = [];
  /** Interfaces of a machine: name to addresses with prefix length. */
  readonly interfaces = new Map<string, Map<string, string[]>>();
  readonly taken = new Set<string>();
  readonly notes: string[] = [];
  /** What cannot be built, as sentences. */
  readonly problems: string[] = [];

  constructor(nodes: readonly NodeConfig[], overrides: TopologyOverrides) {
    this.nodes = nodes;
    this.overrides = overrides;
  }

  networkOf(machine: string, interfaceName: string): DraftNetwork | undefined {
    return this.networks.find(({ members }) => members.has(`${machine}/${interfaceName}`));
  }

  networkHolding(address: IpAddress): DraftNetwork | undefined {
    return this.networks.find(({ prefixes }) => prefixes.some((prefix) => contains(prefix, address)));
  }

  /** The interface by which the machine is on the network. */
  interfaceOn(machine: string, network: DraftNetwork | undefined): string | undefined {
    const member = [...(network?.members ?? [])].find((one) => one.startsWith(`${machine}/`));
    return member?.slice(machine.length + 1);
  }

  /** Its addresses on that interface, without their lengths. */
  addressesOn(machine: string, interfaceName: string): readonly IpAddress[] {
    const texts = this.interfacesOf(machine).get(interfaceName) ?? [];
    return texts.flatMap((text) => parseAddress(text.slice(0, text.indexOf('/'))) ?? []);
  }

  holds(machine: string, address: IpAddress): boolean {
    const all = [...this.interfacesOf(machine).values()].flat();
    return all.some((text) => text.startsWith(`${address}/`));
  }

  addNetwork(name: string): DraftNetwork {
    const network: DraftNetwork = { name, prefixes: [], members: new Set() };
    this.networks.push(network);
    return network;
  }

  addPrefix(network: DraftNetwork, prefix: Prefix): void {
    const isKnown = network.prefixes.some((one) => formatPrefix(one) === formatPrefix(prefix));
    if (!isKnown) network.prefixes.push(prefix);
  }

  /** Joins a machine to a network by an interface. */
  join(machine: string, interfaceName: string, network: DraftNetwork): void {
    network.members.add(`${machine}/${interfaceName}`);
    this.interfacesOf(machine).set(interfaceName, this.interfacesOf(machine).get(interfaceName) ?? []);
  }

  interfacesOf(machine: string): Map<string, string[]> {
    const known = this.interfaces.get(machine) ?? new Map<string, string[]>();
    this.interfaces.set(machine, known);
    return known;
  }

  give(machine: string, interfaceName: string, address: IpAddress, length: number): void {
    this.taken.add(address);
    const addresses = this.interfacesOf(machine).get(interfaceName) ?? [];
    const text = `${address}/${length}`;
    if (!addresses.includes(text)) addresses.push(text);
    this.interfacesOf(machine).set(interfaceName, addresses);
  }

  /** Gives the address to the interface whose network holds it; false where the machine has none. */
  giveWhereItBelongs(machine: string, address: IpAddress): boolean {
    const network = this.networkHolding(address);
    const name = this.interfaceOn(machine, network);
    if (network === undefined || name === undefined) return false;
    this.give(machine, name, address, lengthOn(network, address));
    return true;
  }

  /** Gives a free address of the prefix; a problem where there is none. */
  giveFree(machine: string, interfaceName: string, prefix: Prefix, from: number): IpAddress | undefined {
    const address = freeAddress(prefix, this.taken, from);
    if (address === undefined) {
      this.problems.push(
        `${formatPrefix(prefix)} has no free address for ${machine}: give it one in the topology file`,
      );
      return undefined;
    }
    this.give(machine, interfaceName, address, prefix.length);
    return address;
  }

  labNetworks(): readonly LabNetwork[] {
    return this.networks.map(({ name, prefixes, vlanId, trunk }, index) => ({
      name,
      bridge: `br${index}`,
      prefixes: prefixes.map(formatPrefix),
      ...(vlanId === undefined || trunk === undefined ? {} : { vlanId, trunk }),
    }));
  }

  labInterfaces(machine: string): readonly LabInterface[] {
    const interfaces = [...this.interfacesOf(machine)];
    const placed = interfaces.flatMap(([name, addresses]) => {
      const network = this.networkOf(machine, name);
      if (network === undefined) return [];
      const parent =
        network.vlanId === undefined
          ? undefined
          : parentOf(
              name,
              interfaces.map(([one]) => one),
            );
      return [{ name, network: network.name, ...(parent === undefined ? {} : { parent }), addresses }];
    });
    // One below comes before those on it, which could not be up else.
    return placed.toSorted((a, b) => Number('parent' in a) - Number('parent' in b));
  }
}

/** keepalived.conf(5): static_ipaddress. The director's own daemon puts it there. */
export function isStatic({ config }: NodeConfig, address: IpAddress): boolean {
  return config.staticItems.addresses.some(({ entry }) => entry.address === address);
}

/** The length of the network's prefix that holds the address; a whole network where none does. */
export function lengthOn(network: DraftNetwork, address: IpAddress): number {
  const prefix = network.prefixes.find((one) => contains(one, address));
  return prefix?.length ?? (familyOf(address) === 4 ? 24 : 64);
}

function parentOf(name: string, all: readonly string[]): string | undefined {
  const base = name.slice(0, name.lastIndexOf('.'));
  return all.includes(base) ? base : undefined;
}
