/** Which instances of the nodes elect one Master together, and the addresses that they speak from. */
import type { Config, VrrpInstanceConfig } from '../config-parser/config.ts';
import { address, type IpAddress } from '../net/address.ts';

export interface ElectionNode {
  readonly name: string;
  readonly config: Config;
}

/** `VRID 51 IPv4`; where a node has several of these, on networks of their own, with the instance's name. */
export function domainOf(instance: VrrpInstanceConfig, nodes: readonly ElectionNode[]): string {
  const plain = `VRID ${instance.vrid} IPv${instance.family}`;
  const isAmbiguous = nodes.some(
    ({ config }) =>
      config.vrrpInstances.filter(({ vrid, family }) => vrid === instance.vrid && family === instance.family)
        .length > 1,
  );
  return isAmbiguous ? `${plain} ${instance.name}` : plain;
}

/**
 * The configured source, or the one that the peers of a unicast instance name and it does not; else one made up, in the order of the
 * nodes: the files do not say what addresses the interfaces have.
 */
export function sourceOf(
  instance: VrrpInstanceConfig,
  node: ElectionNode,
  nodes: readonly ElectionNode[],
): IpAddress {
  return (
    instance.sourceAddress ?? namedByPeers(instance, node, nodes) ?? madeUp(instance, nodes.indexOf(node))
  );
}

export function hasKnownSource(
  instance: VrrpInstanceConfig,
  node: ElectionNode,
  nodes: readonly ElectionNode[],
): boolean {
  return (instance.sourceAddress ?? namedByPeers(instance, node, nodes)) !== undefined;
}

function namedByPeers(
  instance: VrrpInstanceConfig,
  node: ElectionNode,
  nodes: readonly ElectionNode[],
): IpAddress | undefined {
  const own = peersOf(instance);
  const domain = domainOf(instance, nodes);
  const others = nodes
    .filter((other) => other !== node)
    .flatMap(({ config }) => config.vrrpInstances.filter((one) => domainOf(one, nodes) === domain))
    .map(peersOf)
    .filter((peers) => peers.length > 0);
  const [first = [], ...rest] = others;
  const candidates = first.filter(
    (peer) => !own.includes(peer) && rest.every((peers) => peers.includes(peer)),
  );
  return candidates.length === 1 ? candidates[0] : undefined;
}

function peersOf({ transport }: VrrpInstanceConfig): readonly IpAddress[] {
  return transport.kind === 'unicast' ? transport.peers.map((peer) => peer.address) : [];
}

function madeUp({ family }: VrrpInstanceConfig, index: number): IpAddress {
  return address(family === 4 ? `192.0.2.${index + 1}` : `fe80::${(index + 1).toString(16)}`);
}
