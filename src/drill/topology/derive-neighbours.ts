/** The ends of BFD sessions: directors, real servers, and else machines of their own, since a session without its neighbour is down. */
import type { BfdInstanceConfig } from '../../config-parser/config.ts';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { NodeConfig } from '../virtual-routers.ts';
import { type Draft, isStatic, lengthOn } from './draft.ts';
import type { LabServer } from './topology.ts';

/** Sources that the files name, and what the files of two directors call each other. */
export function giveBfdAddresses(draft: Draft): void {
  for (const node of draft.nodes) {
    for (const bfd of sessionsOf(node)) {
      if (bfd.sourceAddress !== undefined) give(draft, node, bfd.sourceAddress);
      const other = otherEnd(draft, node, bfd);
      if (other !== undefined) give(draft, other, bfd.neighborAddress);
    }
  }
}

/** The servers with the sessions that they answer, and the neighbours that nothing else plays. */
export function deriveNeighbours(draft: Draft, servers: readonly LabServer[]): readonly LabServer[] {
  const sessions = new Map<IpAddress, BfdInstanceConfig[]>();
  for (const node of draft.nodes) {
    for (const bfd of sessionsOf(node)) {
      if (isDirectors(draft, bfd.neighborAddress)) continue;
      const own = bfd.sourceAddress ?? addressTowards(draft, node, bfd.neighborAddress);
      if (own === undefined || draft.networkHolding(bfd.neighborAddress) === undefined) {
        draft.notes.push(
          `Nobody plays ${bfd.neighborAddress}, the BFD neighbour ${bfd.name} of ${node.name}, which is on no network of the lab: its session stays down.`,
        );
        continue;
      }
      const known = sessions.get(bfd.neighborAddress) ?? [];
      sessions.set(bfd.neighborAddress, [...known, mirrored(bfd, own, known.length)]);
    }
  }
  const played = servers.map((server) => ({ ...server, bfdSessions: sessions.get(server.address) ?? [] }));
  const others = [...sessions].filter(([address]) => !servers.some((server) => server.address === address));
  return [
    ...played,
    ...others.map(([address, bfdSessions], index) => ({
      ...neighbour(draft, address, `neighbour${index + 1}`),
      bfdSessions,
    })),
  ];
}

function sessionsOf({ config }: NodeConfig): readonly BfdInstanceConfig[] {
  return config.trackers.bfds;
}

/** The director that a session runs to: it says so itself, or two directors name each other in sessions of one name. */
function otherEnd(draft: Draft, node: NodeConfig, bfd: BfdInstanceConfig): NodeConfig | undefined {
  const others = draft.nodes.filter((other) => other !== node);
  const isTheirs = (other: NodeConfig): boolean =>
    sessionsOf(other).some(({ sourceAddress }) => sourceAddress === bfd.neighborAddress);
  const said = others.find(isTheirs);
  const [only] = others;
  if (said !== undefined || only === undefined || others.length > 1) return said;
  if (isServers(draft, bfd.neighborAddress)) return undefined;
  const back = sessionsOf(only).find(({ name }) => name === bfd.name);
  return back !== undefined && back.neighborAddress !== bfd.neighborAddress ? only : undefined;
}

function isServers({ nodes }: Draft, address: IpAddress): boolean {
  const all = nodes.flatMap(({ config }) => config.virtualServers.flatMap(({ realServers }) => realServers));
  return all.some((server) => server.address === address);
}

function isDirectors(draft: Draft, address: IpAddress): boolean {
  return draft.nodes.some(({ name }) => draft.holds(name, address));
}

function give(draft: Draft, node: NodeConfig, address: IpAddress): void {
  if (!isStatic(node, address)) draft.giveWhereItBelongs(node.name, address);
}

function addressTowards(draft: Draft, { name }: NodeConfig, neighbor: IpAddress): IpAddress | undefined {
  const member = draft.interfaceOn(name, draft.networkHolding(neighbor)) ?? '';
  return draft.addressesOn(name, member).find((address) => familyOf(address) === familyOf(neighbor));
}

/** The same session from its other end. */
function mirrored(bfd: BfdInstanceConfig, own: IpAddress, index: number): BfdInstanceConfig {
  return {
    ...bfd,
    name: `session${index + 1}`,
    neighborAddress: own,
    sourceAddress: bfd.neighborAddress,
    minRxMs: bfd.minTxMs,
    minTxMs: bfd.minRxMs,
    isPassive: false,
  };
}

function neighbour(draft: Draft, address: IpAddress, name: string): LabServer {
  const network = draft.networkHolding(address);
  if (network !== undefined) {
    draft.join(name, 'eth0', network);
    draft.give(name, 'eth0', address, lengthOn(network, address));
  }
  return {
    name,
    address,
    playedBy: [],
    services: [],
    bfdSessions: [],
    loopbackAddresses: [],
    tunnels: [],
    interfaces: draft.labInterfaces(name),
    gateways: [],
    isOnLink: true,
  };
}
