/** The real servers: what each plays, where it stands, and what its forwarding method needs of it. */

import type {
  CheckerConfig,
  ForwardingMethod,
  HttpCheckConfig,
  Protocol,
  VirtualServerConfig,
  VirtualService,
} from '../../config-parser/config.ts';
import { familyOf, type IpAddress } from '../../net/address.ts';
import { hostLength } from './derive-networks.ts';
import { type Draft, type DraftNetwork, lengthOn } from './draft.ts';
import { prefixOf } from './prefix.ts';
import type { LabServer, PlayedKind, PlayedPage, PlayedService, PlayedTunnel } from './topology.ts';

/** A real or sorry server of one virtual server, on one node's word. */
export interface ServerUse {
  readonly address: IpAddress;
  readonly port: number;
  readonly isSorry: boolean;
  readonly method: ForwardingMethod;
  readonly checkers: readonly CheckerConfig[];
  readonly virtualServer: VirtualServerConfig;
}

interface DraftServer {
  readonly address: IpAddress;
  readonly name: string;
  readonly uses: ServerUse[];
}

export function serverUses(virtualServers: readonly VirtualServerConfig[]): readonly ServerUse[] {
  return virtualServers.flatMap((virtualServer) => {
    const real = virtualServer.realServers.map((one) => ({ ...one, isSorry: false, virtualServer }));
    const sorry = virtualServer.sorryServer;
    return sorry === undefined ? real : [...real, { ...sorry, isSorry: true, checkers: [], virtualServer }];
  });
}

export function deriveServers(draft: Draft): readonly LabServer[] {
  const servers = new Map<IpAddress, DraftServer>();
  for (const use of draft.nodes.flatMap(({ config }) => serverUses(config.virtualServers))) {
    for (const address of new Set([use.address, ...connectAddresses(use)])) {
      const known = servers.get(address) ?? {
        address,
        name: nameServer(draft, address, use, servers.size),
        uses: [],
      };
      known.uses.push(use);
      servers.set(address, known);
    }
  }
  return [...servers.values()].map((server) => toLabServer(draft, server));
}

function connectAddresses({ checkers }: ServerUse): readonly IpAddress[] {
  return checkers.flatMap((checker) => ('connectAddress' in checker ? [checker.connectAddress] : []));
}

function nameServer(draft: Draft, address: IpAddress, use: ServerUse, count: number): string {
  return draft.overrides.servers.get(address)?.name ?? `${use.isSorry ? 'sorry' : 'rs'}${count + 1}`;
}

function toLabServer(draft: Draft, { address, name, uses }: DraftServer): LabServer {
  const playedBy = directorsWith(draft, address);
  const services = playedServices(draft, address, uses);
  const routed = uses.filter(({ method }) => method.forwarding === 'DR' || method.forwarding === 'TUN');
  const loopbackAddresses = [
    ...new Set(routed.flatMap(({ virtualServer }) => virtualServer.services.flatMap(addressOf))),
  ]
    .filter((virtual) => playedBy.length === 0 && virtual !== address)
    .map((virtual) => `${virtual}/${hostLength(virtual)}`);
  const base = {
    name,
    address,
    playedBy,
    services,
    loopbackAddresses,
    tunnels: tunnelsOf(routed),
    bfdSessions: [],
  };
  if (playedBy.length > 0) return { ...base, interfaces: [], gateways: [], isOnLink: false };
  const network = placeServer(draft, address, uses);
  draft.join(name, 'eth0', network);
  draft.give(name, 'eth0', address, lengthOn(network, address));
  const gateways = gatewaysOf(draft, address, uses, network);
  return { ...base, interfaces: draft.labInterfaces(name), gateways, isOnLink: gateways.length === 0 };
}

function directorsWith(draft: Draft, address: IpAddress): readonly string[] {
  const isLoopback = address === '::1' || address.startsWith('127.');
  return draft.nodes.map(({ name }) => name).filter((name) => isLoopback || draft.holds(name, address));
}

function addressOf(service: VirtualService): readonly IpAddress[] {
  return service.kind === 'address' ? [service.address] : [];
}

function tunnelsOf(uses: readonly ServerUse[]): readonly PlayedTunnel[] {
  const tunnels = uses.flatMap(({ method, address }) =>
    method.tunnel === undefined ? [] : [{ ...method.tunnel, family: familyOf(address) }],
  );
  const unique = new Map(tunnels.map((one) => [`${one.type} ${one.port ?? ''} ${one.family}`, one]));
  return [...unique.values()].map(({ type, port, family }) => ({
    type,
    family,
    ...(port === undefined ? {} : { port }),
  }));
}

/** On the network that has its prefix; a server that answers clients itself else on that of the virtual address. */
function placeServer(draft: Draft, address: IpAddress, uses: readonly ServerUse[]): DraftNetwork {
  const wanted = draft.overrides.servers.get(address)?.network;
  const named = draft.networks.find(({ name }) => name === wanted);
  if (named !== undefined) {
    guess(draft, named, address);
    return named;
  }
  const own = draft.networkHolding(address);
  if (own !== undefined) return own;
  const isNat = uses.every(({ method }) => method.forwarding === 'NAT' || method.forwarding === 'FULLNAT');
  const virtual = uses.flatMap(({ virtualServer }) => virtualServer.services.flatMap(addressOf));
  const front = virtual.map((one) => draft.networkHolding(one)).find((one) => one !== undefined);
  const network = isNat || front === undefined ? backNetwork(draft, address) : front;
  guess(draft, network, address);
  for (const { name } of draft.nodes) giveDirector(draft, name, network, address);
  return network;
}

function guess(draft: Draft, network: DraftNetwork, address: IpAddress): void {
  draft.addPrefix(network, prefixOf(address, lengthOn(network, address)));
}

/** A network of its own behind the directors, for whose interface no file has a name. */
function backNetwork(draft: Draft, address: IpAddress): DraftNetwork {
  const name = `back${draft.networks.length}`;
  const network = draft.addNetwork(name);
  for (const node of draft.nodes) draft.join(node.name, name, network);
  draft.notes.push(
    `No file names the interface to ${address}: the lab connects the directors to its network by one called ${name}.`,
  );
  return network;
}

function giveDirector(draft: Draft, node: string, network: DraftNetwork, address: IpAddress): void {
  const member = draft.interfaceOn(node, network);
  if (member === undefined) return;
  draft.giveFree(node, member, prefixOf(address, lengthOn(network, address)), 11);
}

/** NAT: answers go back through the director that has the virtual address on the server's own network. */
function gatewaysOf(
  draft: Draft,
  address: IpAddress,
  uses: readonly ServerUse[],
  network: DraftNetwork,
): readonly IpAddress[] {
  const told = draft.overrides.servers.get(address)?.gateways ?? [];
  if (told.length > 0) return told;
  if (!uses.some(({ method }) => method.forwarding === 'NAT')) return [];
  const floating = draft.nodes
    .flatMap(({ config }) => config.vrrpInstances)
    .flatMap((instance) => [...instance.virtualAddresses, ...instance.excludedAddresses])
    .map((one) => one.address)
    .find((one) => familyOf(one) === familyOf(address) && draft.networkHolding(one) === network);
  if (floating !== undefined) return [floating];
  const [first] = draft.nodes;
  const member = draft.interfaceOn(first?.name ?? '', network) ?? '';
  const [own] = draft.interfacesOf(first?.name ?? '').get(member) ?? [];
  draft.notes.push(
    `${address} is balanced by NAT, and no virtual address is on its network: its gateway is ${first?.name} alone, so that a failover loses it.`,
  );
  return own === undefined ? [] : [own.slice(0, own.indexOf('/')) as IpAddress];
}

function playedServices(
  draft: Draft,
  address: IpAddress,
  uses: readonly ServerUse[],
): readonly PlayedService[] {
  const services = new Map<string, PlayedService>();
  const add = (kind: PlayedKind, port: number, pages: readonly PlayedPage[]): void => {
    const transport = kind === 'udp' || kind === 'dns' ? 'udp' : 'tcp';
    const known = services.get(`${transport} ${port}`);
    const all = uniquePages([...(known?.pages ?? []), ...pages]);
    services.set(`${transport} ${port}`, { kind: stronger(known?.kind, kind), port, pages: all });
  };
  for (const use of uses) {
    const { service } = firstService(use);
    const told = draft.overrides.servers.get(address)?.play;
    const port = use.port === 0 ? (service?.port ?? 0) : use.port;
    if (use.address === address && port > 0) add(told ?? kindOf(use, service?.protocol ?? 'TCP'), port, []);
    for (const checker of use.checkers) {
      if (!('connectAddress' in checker) || checker.connectAddress !== address || checker.connectPort === 0)
        continue;
      if (checker.connectPort === port && told !== undefined) add(told, port, []);
      else add(checkedKind(checker, use), checker.connectPort, 'urls' in checker ? pagesOf(checker) : []);
    }
  }
  return [...services.values()];
}

/** The first that says what a path answers is right for all. */
function uniquePages(pages: readonly PlayedPage[]): readonly PlayedPage[] {
  return pages.filter((page, index) => pages.findIndex(({ path }) => path === page.path) === index);
}

function firstService({ virtualServer }: ServerUse): {
  service: Extract<VirtualService, { kind: 'address' }> | undefined;
} {
  return { service: virtualServer.services.find((one) => one.kind === 'address') };
}

/** What a plain TCP check leaves open, a check that speaks a protocol decides. */
function stronger(known: PlayedKind | undefined, kind: PlayedKind): PlayedKind {
  return known === undefined || known === 'tcp' || known === 'udp' ? kind : known;
}

const kindsByChecker: Partial<Record<CheckerConfig['kind'], PlayedKind>> = {
  HTTP_GET: 'http',
  SSL_GET: 'https',
  SMTP_CHECK: 'smtp',
  DNS_CHECK: 'dns',
  UDP_CHECK: 'udp',
};
const tcpKindsByPort: Readonly<Record<number, PlayedKind>> = {
  80: 'http',
  8080: 'http',
  443: 'https',
  25: 'smtp',
};

/** By its checks, else by its port. */
export function kindOf(use: ServerUse, protocol: Protocol): PlayedKind {
  const byCheck = use.checkers.map(({ kind }) => kindsByChecker[kind]).find((kind) => kind !== undefined);
  const isDatagram = protocol === 'UDP';
  if (byCheck !== undefined && (byCheck === 'udp' || byCheck === 'dns') === isDatagram) return byCheck;
  if (isDatagram) return use.port === 53 ? 'dns' : 'udp';
  return tcpKindsByPort[use.port] ?? 'tcp';
}

function checkedKind(checker: CheckerConfig, use: ServerUse): PlayedKind {
  return kindsByChecker[checker.kind] ?? kindOf(use, 'TCP');
}

/** Pages that answer as the check wants it: its first status, unless that is what any page has. */
function pagesOf(checker: HttpCheckConfig): readonly PlayedPage[] {
  return checker.urls.map(({ path, statusCodes }) => {
    const accepts = (status: number): boolean =>
      statusCodes.some(({ first, last }) => status >= first && status <= last);
    return { path, status: accepts(200) ? 200 : (statusCodes[0]?.first ?? 200), body: '' };
  });
}
