/** The directors' own addresses: what the topology file and the files' unicast sources and peers say, else free ones. */
import { type IpAddress, parseAddress } from '../../net/address.ts';
import type { NodeConfig } from '../virtual-routers.ts';
import { localAddressesOf } from './derive-local-addresses.ts';
import { giveBfdAddresses } from './derive-neighbours.ts';
import { isLinkLocal } from './derive-networks.ts';
import { type Draft, isStatic, lengthOn } from './draft.ts';
import { contains, formatPrefix } from './prefix.ts';

/** Where the lab begins to look for the addresses of directors, clients and routers. */
export const firstHost = { node: 11, client: 101, router: 251 } as const;

/** Everything that is in use by the files, so that nothing chosen collides with it. */
export function reserveAddresses(draft: Draft): void {
  for (const { config } of draft.nodes) {
    for (const instance of config.vrrpInstances) {
      for (const { address } of [...instance.virtualAddresses, ...instance.excludedAddresses])
        draft.taken.add(address);
      for (const route of instance.virtualRoutes)
        if (route.gateway !== undefined) draft.taken.add(route.gateway);
      if (instance.sourceAddress !== undefined) draft.taken.add(instance.sourceAddress);
      if (instance.transport.kind === 'unicast')
        for (const { address } of instance.transport.peers) draft.taken.add(address);
    }
    for (const { neighborAddress, sourceAddress } of config.trackers.bfds) {
      draft.taken.add(neighborAddress);
      if (sourceAddress !== undefined) draft.taken.add(sourceAddress);
    }
    for (const { entry } of config.staticItems.addresses) draft.taken.add(entry.address);
    for (const { entry } of config.staticItems.routes)
      if (entry.gateway !== undefined) draft.taken.add(entry.gateway);
    for (const server of config.virtualServers) {
      for (const { address } of server.realServers) draft.taken.add(address);
      for (const address of localAddressesOf(server)) draft.taken.add(address);
      if (server.sorryServer !== undefined) draft.taken.add(server.sorryServer.address);
      for (const service of server.services) if (service.kind === 'address') draft.taken.add(service.address);
    }
  }
}

export function deriveAddresses(draft: Draft): void {
  for (const [name, { interfaces }] of draft.overrides.nodes) {
    for (const [interfaceName, addresses] of interfaces)
      for (const text of addresses) giveText(draft, name, interfaceName, text);
  }
  for (const node of draft.nodes) giveSources(draft, node);
  giveBfdAddresses(draft);
  for (const node of draft.nodes) giveMissing(draft, node);
}

export function giveText(draft: Draft, machine: string, interfaceName: string, text: string): void {
  const [, address = '', length = ''] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  if (parsed === undefined) {
    draft.problems.push(`${machine}: "${text}" is not an address with a prefix length, as 10.0.0.5/24`);
    return;
  }
  draft.give(machine, interfaceName, parsed, Number(length));
}

function giveSources(draft: Draft, node: NodeConfig): void {
  for (const instance of node.config.vrrpInstances) {
    const network = draft.networkOf(node.name, instance.interface ?? '');
    const address = instance.sourceAddress ?? addressByPeers(draft, node, instance.name);
    if (network === undefined || address === undefined || instance.interface === undefined) continue;
    if (isStatic(node, address)) continue;
    draft.give(node.name, instance.interface, address, lengthOn(network, address));
  }
}

/** With two nodes, what the other calls its peer; with more, what all others name and this one does not. */
function addressByPeers(draft: Draft, node: NodeConfig, instanceName: string): IpAddress | undefined {
  const peersOf = (one: NodeConfig): readonly IpAddress[] => {
    const instance = one.config.vrrpInstances.find(({ name }) => name === instanceName);
    return instance?.transport.kind === 'unicast'
      ? instance.transport.peers.map(({ address }) => address)
      : [];
  };
  const own = new Set(peersOf(node));
  const [first, ...others] = draft.nodes.filter((other) => other !== node).map(peersOf);
  return first?.find((address) => !own.has(address) && others.every((peers) => peers.includes(address)));
}

/** One address a prefix on each of its interfaces. */
function giveMissing(draft: Draft, node: NodeConfig): void {
  const statics = node.config.staticItems.addresses.map(({ entry }) => entry);
  for (const name of draft.interfacesOf(node.name).keys()) {
    const network = draft.networkOf(node.name, name);
    for (const prefix of network?.prefixes ?? []) {
      const has = [
        ...draft.addressesOn(node.name, name),
        ...statics.filter((one) => one.interface === name).map(({ address }) => address),
      ];
      if (isLinkLocal(prefix.base) || has.some((address) => contains(prefix, address))) continue;
      const address = draft.giveFree(node.name, name, prefix, firstHost.node);
      if (address !== undefined)
        draft.notes.push(
          `No file says which address ${node.name} has on ${name}: the lab gives it ${address}, free in ${formatPrefix(prefix)}.`,
        );
    }
  }
}
