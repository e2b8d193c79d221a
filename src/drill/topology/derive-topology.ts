/** From the directors' configuration files, and a topology file where they are silent, to a lab that can be built. Pure. */
import type { Config } from '../../config-parser/config.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';
import { virtualRoutersOf } from '../virtual-routers.ts';
import { deriveAddresses, reserveAddresses } from './derive-addresses.ts';
import { giveLocalAddresses } from './derive-local-addresses.ts';
import { deriveNeighbours } from './derive-neighbours.ts';
import { deriveNetworks, hasNoWire, interfacesNamed } from './derive-networks.ts';
import { deriveServers } from './derive-servers.ts';
import { type Clients, deriveClients, deriveServices } from './derive-services.ts';
import { Draft } from './draft.ts';
import type { LabNode, Topology } from './topology.ts';
import type { TopologyOverrides } from './topology-overrides.ts';

export type DerivedTopology =
  | { readonly ok: true; readonly topology: Topology; readonly routers: readonly VirtualRouter[] }
  /** Sentences: what cannot be built, and what to write instead. */
  | { readonly ok: false; readonly problems: readonly string[] };

export function deriveTopology(nodes: readonly NodeConfig[], overrides: TopologyOverrides): DerivedTopology {
  const draft = new Draft(nodes, overrides);
  const routers = virtualRoutersOf(nodes);
  refuse(draft);
  deriveNetworks(draft, routers);
  reserveAddresses(draft);
  deriveAddresses(draft);
  if (draft.problems.length > 0) return { ok: false, problems: draft.problems };
  const servers = deriveServers(draft);
  giveLocalAddresses(draft);
  const realServers = deriveNeighbours(draft, servers);
  const services = deriveServices(draft, routers, realServers);
  const clients = deriveClients(draft, services);
  if (draft.problems.length > 0) return { ok: false, problems: draft.problems };
  const labNodes = nodes.map((node) => toNode(draft, node, clients));
  const topology: Topology = {
    networks: draft.labNetworks(),
    nodes: labNodes,
    realServers,
    clients: clients.clients,
    routers: clients.routers,
    services,
    notes: draft.notes,
  };
  return { ok: true, topology, routers };
}

/** What no lab plays. */
function refuse(draft: Draft): void {
  if (draft.nodes.length < 2)
    draft.problems.push(
      'a drill needs the files of two directors or more: one alone has nobody to take over',
    );
  for (const { name, config } of draft.nodes) {
    if (config.vrrpInstances.length === 0)
      draft.problems.push(`${name} has no vrrp_instance: there is nothing to take over`);
    for (const instance of config.vrrpInstances) {
      if (instance.vrf !== undefined)
        draft.problems.push(
          `${name}: (${instance.name}) is in the VRF ${instance.vrf}, which the lab cannot build`,
        );
    }
  }
}

function toNode(draft: Draft, { name, configFile, configId, config }: NodeConfig, clients: Clients): LabNode {
  const told = draft.overrides.nodes.get(name)?.gateways ?? [];
  return {
    name,
    configFile,
    configId,
    interfaces: draft.labInterfaces(name),
    gateways: told.length > 0 ? told : clients.nodeGateways,
    forwards: config.virtualServers.length > 0 || clients.routers.length > 0,
    dummies: dummiesOf(config),
  };
}

function dummiesOf(config: Config): readonly string[] {
  const held = config.vrrpInstances.flatMap((instance) => [
    ...instance.virtualAddresses,
    ...instance.excludedAddresses,
  ]);
  const tracked = config.vrrpInstances.flatMap(({ tracking }) => tracking.interfaces.map(({ name }) => name));
  const names = [...held.map((one) => one.interface), ...tracked];
  return [...new Set(names)].filter((name) => hasNoWire(name) && name !== 'lo');
}

/** What the lab's kernel must have. */
export type KernelNeed = 'ipvs' | 'vlan' | 'dummy';

export function kernelNeeds(nodes: readonly NodeConfig[], topology: Topology): readonly KernelNeed[] {
  const needs: KernelNeed[] = [];
  if (nodes.some(({ config }) => config.virtualServers.length > 0)) needs.push('ipvs');
  if (topology.networks.some(({ vlanId }) => vlanId !== undefined)) needs.push('vlan');
  if (topology.nodes.some(({ dummies }) => dummies.length > 0)) needs.push('dummy');
  return needs;
}

/** For whoever wants to know which interfaces a file asks for without building anything. */
export { interfacesNamed };
