/** Which interfaces the directors have, which of them are on one wire, and which prefixes are on it. */

import type { Config, VrrpInstanceConfig } from '../../config-parser/config.ts';
import { familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';
import type { Draft, DraftNetwork } from './draft.ts';
import { contains, parsePrefix, prefixOf } from './prefix.ts';

export function deriveNetworks(draft: Draft, routers: readonly VirtualRouter[]): void {
  applyWires(draft);
  for (const node of draft.nodes) {
    for (const name of interfacesNamed(node.config)) placeInterface(draft, node, name, routers);
  }
  for (const network of draft.networks) markVlan(draft, network);
  for (const node of draft.nodes) addPrefixes(draft, node);
  if (draft.networks.length === 0) {
    draft.problems.push(
      'no file names an interface, so that there is nothing to connect: add one in the topology file',
    );
  }
}

function applyWires(draft: Draft): void {
  for (const [name, { interfaces, prefixes }] of draft.overrides.networks) {
    const network = draft.addNetwork(name);
    for (const member of interfaces) {
      const [machine = '', interfaceName = ''] = member.split('/');
      draft.join(machine, interfaceName, network);
    }
    for (const text of prefixes) {
      const prefix = parsePrefix(text, parseAddress);
      if (prefix === undefined) draft.problems.push(`networks.${name}: "${text}" is not a prefix`);
      else draft.addPrefix(network, prefix);
    }
  }
  for (const [machine, { interfaces }] of draft.overrides.nodes) {
    for (const name of interfaces.keys()) {
      if (draft.networkOf(machine, name) === undefined) draft.join(machine, name, wireNamed(draft, name));
    }
  }
}

/** The network of that name, made when there is none. */
function wireNamed(draft: Draft, name: string): DraftNetwork {
  return draft.networks.find((network) => network.name === name) ?? draft.addNetwork(name);
}

/** Interfaces that a file names, and those below 802.1Q interfaces; loopback and dummies have no wire. */
export function interfacesNamed(config: Config): readonly string[] {
  const names = new Set<string>();
  for (const instance of config.vrrpInstances) for (const name of namedBy(instance)) names.add(name);
  for (const { tracking } of config.syncGroups) for (const { name } of tracking.interfaces) names.add(name);
  for (const { entry } of config.staticItems.addresses) names.add(entry.interface);
  const sync = config.globalDefs.lvs.syncDaemon;
  if (sync !== undefined) names.add(sync.interface);
  const links = new Set(config.vrrpInstances.flatMap(({ virtualLink }) => virtualLink?.name ?? []));
  const wired = [...names].filter((name) => name !== '' && !links.has(name) && !hasNoWire(name));
  const parents = wired
    .filter((name) => vlanIdOf(name) !== undefined)
    .map((name) => name.slice(0, name.lastIndexOf('.')));
  return [...new Set([...wired, ...parents])];
}

export function hasNoWire(name: string): boolean {
  return name === 'lo' || /^dummy/.test(name);
}

function namedBy(instance: VrrpInstanceConfig): readonly string[] {
  const held = [...instance.virtualAddresses, ...instance.excludedAddresses];
  return [
    ...(instance.interface === undefined ? [] : [instance.interface]),
    ...held.map((address) => address.interface),
    ...instance.tracking.interfaces.map(({ name }) => name),
  ];
}

/** `eth0.100` is 100. */
function vlanIdOf(name: string): number | undefined {
  const id = Number(/^.+\.(\d{1,4})$/.exec(name)?.[1]);
  return id >= 1 && id <= 4094 ? id : undefined;
}

/** On the wire of the instance that it stands in for elsewhere, else on that of the interface of the same name. */
function placeInterface(
  draft: Draft,
  node: NodeConfig,
  name: string,
  routers: readonly VirtualRouter[],
): void {
  if (draft.networkOf(node.name, name) !== undefined) return;
  const peers = routers
    .filter(({ members }) => members.some((one) => one.node === node.name && one.interface === name))
    .flatMap(({ members }) => members.filter((one) => one.node !== node.name));
  const byInstance = peers.flatMap((peer) => draft.networkOf(peer.node, peer.interface) ?? [])[0];
  draft.join(node.name, name, byInstance ?? wireNamed(draft, name));
}

function markVlan(draft: Draft, network: DraftNetwork): void {
  for (const member of network.members) {
    const [machine = '', name = ''] = member.split('/');
    const vlanId = vlanIdOf(name);
    const trunk = draft.networkOf(machine, name.slice(0, name.lastIndexOf('.')));
    if (vlanId === undefined || trunk === undefined) continue;
    network.vlanId = vlanId;
    network.trunk = trunk.name;
  }
}

/** Of virtual addresses first; of what else is spoken to only where no prefix holds it yet. */
function addPrefixes(draft: Draft, { name, config }: NodeConfig): void {
  const held = config.vrrpInstances.flatMap((instance) =>
    [...instance.virtualAddresses, ...instance.excludedAddresses].map((entry) => ({ entry, instance })),
  );
  const wide = held.filter(({ entry }) => entry.prefixLength < hostLength(entry.address));
  for (const { entry } of [...wide.map(({ entry }) => ({ entry })), ...config.staticItems.addresses]) {
    const network = draft.networkOf(name, entry.interface);
    if (network !== undefined && entry.prefixLength < hostLength(entry.address))
      draft.addPrefix(network, prefixOf(entry.address, entry.prefixLength));
  }
  for (const instance of config.vrrpInstances) {
    const network = draft.networkOf(name, instance.interface ?? '');
    if (network === undefined) continue;
    for (const address of spokenTo(instance)) guessPrefix(draft, network, address);
  }
  for (const { entry, instance } of held) {
    const network = draft.networkOf(name, entry.interface) ?? draft.networkOf(name, instance.interface ?? '');
    if (network !== undefined) guessPrefix(draft, network, entry.address);
  }
}

function spokenTo({ sourceAddress, transport }: VrrpInstanceConfig): readonly IpAddress[] {
  const peers = transport.kind === 'unicast' ? transport.peers.map(({ address }) => address) : [];
  return sourceAddress === undefined ? peers : [sourceAddress, ...peers];
}

const guessedLength = { 4: 24, 6: 64 } as const;

function guessPrefix(draft: Draft, network: DraftNetwork, address: IpAddress): void {
  if (isLinkLocal(address) || network.prefixes.some((prefix) => contains(prefix, address))) return;
  const length = guessedLength[familyOf(address)];
  draft.addPrefix(network, prefixOf(address, length));
  draft.notes.push(
    `No file says how large the network of ${address} is: the lab takes /${length} for it on ${network.name}.`,
  );
}

export function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab]/.test(address);
}

export function hostLength(address: IpAddress): number {
  return familyOf(address) === 4 ? 32 : 128;
}
