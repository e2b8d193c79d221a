/** What clients ask for, and where the clients stand. */

import type { VirtualServerConfig, VirtualService } from '../../config-parser/config.ts';
import { address, familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import { firstHost, giveText } from './derive-addresses.ts';
import { isLinkLocal } from './derive-networks.ts';
import { kindOf, serverUses } from './derive-servers.ts';
import type { Draft, DraftNetwork } from './draft.ts';
import { parsePrefix } from './prefix.ts';
import type { LabClient, LabMachine, LabServer, ProbedService } from './topology.ts';

const clientName = 'client1';
/** keepalived.conf(5): persistence_timeout. One address would only ever see one server. */
const clientAddresses = 4;

export function deriveServices(
  draft: Draft,
  routers: readonly VirtualRouter[],
  servers: readonly LabServer[],
): readonly ProbedService[] {
  const byAddress = new Map(servers.map((server) => [server.address, server.name]));
  const balanced = uniqueServers(draft).flatMap((virtualServer) =>
    virtualServer.services.flatMap((service) => probeOf(draft, virtualServer, service, byAddress)),
  );
  const asked = new Set(balanced.map((service) => service.address));
  const alone = [...new Set(routers.flatMap((router) => router.addresses.slice(0, 1)))].filter(
    (one) => !asked.has(one) && !isLinkLocal(one),
  );
  const [override] = draft.overrides.clients.values();
  const front = frontNetwork(draft, [...balanced, ...alone.map(pingOf)], override?.network);
  const [near, far] = [true, false].map((isNear) =>
    alone.filter((one) => (draft.networkHolding(one) === front) === isNear),
  );
  for (const one of far ?? [])
    draft.notes.push(`${one} is on a network where no client is: clients do not ask for it.`);
  return [...balanced, ...(near ?? []).map(pingOf)];
}

/** Both files say the same services, or the linter says what differs. */
function uniqueServers(draft: Draft): readonly VirtualServerConfig[] {
  const all = draft.nodes.flatMap(({ config }) => config.virtualServers);
  return [...new Map(all.toReversed().map((one) => [one.name, one])).values()].toReversed();
}

function probeOf(
  draft: Draft,
  virtualServer: VirtualServerConfig,
  service: VirtualService,
  byAddress: ReadonlyMap<IpAddress, string>,
): readonly ProbedService[] {
  if (service.kind === 'fwmark') {
    draft.notes.push(
      `${virtualServer.name} is chosen by a firewall mark, which no file sets: clients do not ask for it.`,
    );
    return [];
  }
  if (service.protocol === 'SCTP' || service.port === 0) {
    draft.notes.push(
      `${virtualServer.name} is not asked by clients: the lab has no ${service.protocol === 'SCTP' ? 'SCTP client' : 'port to ask'}.`,
    );
    return [];
  }
  const uses = serverUses([virtualServer]);
  const name = serviceName(service);
  const told = draft.overrides.services.get(name);
  const [first] = uses;
  const kind = told?.play ?? (first === undefined ? 'tcp' : kindOf(first, service.protocol));
  const named = (isSorry: boolean): readonly string[] =>
    uses.filter((use) => use.isSorry === isSorry).flatMap((use) => byAddress.get(use.address) ?? []);
  const isWeb = kind === 'http' || kind === 'https';
  return [
    {
      name,
      kind,
      address: service.address,
      port: service.port,
      ...(isWeb ? { path: told?.path ?? '/' } : {}),
      clients: [clientName],
      servers: named(false),
      sorryServers: named(true),
    },
  ];
}

export function serviceName(service: Extract<VirtualService, { kind: 'address' }>): string {
  const host = familyOf(service.address) === 6 ? `[${service.address}]` : service.address;
  return `${host}:${service.port}/${service.protocol.toLowerCase()}`;
}

function pingOf(virtual: IpAddress): ProbedService {
  return {
    name: `${virtual}/ping`,
    kind: 'ping',
    address: virtual,
    port: 0,
    clients: [clientName],
    servers: [],
    sorryServers: [],
  };
}

export interface Clients {
  readonly clients: readonly LabClient[];
  readonly routers: readonly LabMachine[];
  /** Of the directors: what leads to the clients, where those are behind a router. */
  readonly nodeGateways: readonly IpAddress[];
}

/** On the network of the first virtual address; behind a router where a real server there answers through the directors. */
export function deriveClients(draft: Draft, services: readonly ProbedService[]): Clients {
  const [override] = draft.overrides.clients.values();
  const front = frontNetwork(draft, services, override?.network);
  if (front === undefined) return { clients: [], routers: [], nodeGateways: [] };
  if (override === undefined && natIsOn(draft, front)) return behindRouter(draft, front);
  draft.join(clientName, 'eth0', front);
  for (const text of override?.addresses ?? []) giveText(draft, clientName, 'eth0', text);
  if ((override?.addresses ?? []).length === 0) giveClient(draft, front);
  return { clients: [toClient(draft, [])], routers: [], nodeGateways: [] };
}

function frontNetwork(
  draft: Draft,
  services: readonly ProbedService[],
  wanted: string | undefined,
): DraftNetwork | undefined {
  const named = draft.networks.find(({ name }) => name === wanted);
  const asked = services
    .map((service) => draft.networkHolding(service.address))
    .find((one) => one !== undefined);
  return named ?? asked ?? draft.networks[0];
}

function natIsOn(draft: Draft, front: DraftNetwork): boolean {
  return draft.nodes
    .flatMap(({ config }) => serverUses(config.virtualServers))
    .some(({ method, address: one }) => method.forwarding === 'NAT' && draft.networkHolding(one) === front);
}

function giveClient(draft: Draft, network: DraftNetwork): void {
  for (const prefix of network.prefixes) {
    if (isLinkLocal(prefix.base)) continue;
    for (let count = 0; count < clientAddresses; count += 1)
      draft.giveFree(clientName, 'eth0', prefix, firstHost.client + count);
  }
}

function toClient(draft: Draft, gateways: readonly IpAddress[]): LabClient {
  const interfaces = draft.labInterfaces(clientName);
  const sources = interfaces
    .flatMap(({ addresses }) => addresses)
    .map((text) => address(text.slice(0, text.indexOf('/'))));
  return { name: clientName, interfaces, gateways, sources, ignoresAnnouncements: false };
}

/** RFC 5737 and RFC 3849: addresses for documentation, which no configuration in use has. */
const outside = { 4: '198.51.100.0/24', 6: '2001:db8:ffff::/64' } as const;

function behindRouter(draft: Draft, front: DraftNetwork): Clients {
  const families = new Set(front.prefixes.map(({ base }) => familyOf(base)));
  const network = draft.addNetwork('outside');
  draft.join('router', 'eth0', front);
  draft.join('router', 'eth1', network);
  draft.join(clientName, 'eth0', network);
  const inner: IpAddress[] = [];
  const outer: IpAddress[] = [];
  for (const family of families) {
    const prefix = parsePrefix(outside[family], parseAddress);
    const inside = front.prefixes.find(({ base }) => familyOf(base) === family && !isLinkLocal(base));
    if (prefix === undefined || inside === undefined) continue;
    draft.addPrefix(network, prefix);
    inner.push(...list(draft.giveFree('router', 'eth0', inside, firstHost.router)));
    outer.push(...list(draft.giveFree('router', 'eth1', prefix, 1)));
  }
  giveClient(draft, network);
  draft.notes.push(
    `Real servers by NAT are on ${front.name} like the virtual address: clients stand behind a router, since they could else be answered past the directors.`,
  );
  const router = { name: 'router', interfaces: draft.labInterfaces('router'), gateways: [] };
  return { clients: [toClient(draft, outer)], routers: [router], nodeGateways: inner };
}

function list(one: IpAddress | undefined): readonly IpAddress[] {
  return one === undefined ? [] : [one];
}
