/** keepalived.conf(5): what a virtual_server is for: an address, a firewall mark, or all that a virtual_server_group holds. */
import { type AddressFamily, familyOf } from '../net/address.ts';
import type { GivenOf } from './block-values.ts';
import type { LocalAddressRange, Protocol, VirtualService } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { CheckDefaults } from './resolve-lvs-globals.ts';
import { type ServerGroup, servicesOf } from './resolve-server-group.ts';
import type { DefinedWeights } from './resolve-trackers.ts';
import type { Account, root } from './schema/index.ts';

export type GivenService = GivenOf<typeof root.keywords.virtual_server>;

/** What virtual servers are resolved against, besides their own block. */
export interface ServiceSurroundings {
  /** False where nobody wants the services, only what there is to say of them. */
  readonly isKept: boolean;
  readonly defaults: CheckDefaults;
  readonly scriptUser: Account | undefined;
  readonly groups: ReadonlyMap<string, ServerGroup>;
  readonly localAddressGroups: ReadonlyMap<string, readonly LocalAddressRange[]>;
  readonly trackFiles: DefinedWeights;
  /** Of each bfd_instance whether checks may follow it. */
  readonly bfds: ReadonlyMap<string, boolean>;
}

/** The services of a virtual_server, and what most of its parts want to know of them. */
export interface ServiceFacts {
  /** At least one. */
  readonly services: readonly VirtualService[];
  readonly families: readonly AddressFamily[];
  /** Of the addresses, each once: none where there are only firewall marks. */
  readonly ports: readonly number[];
  /** Some are addresses, and not firewall marks. */
  readonly hasAddress: boolean;
  /** As messages about the configuration name it: `10.0.0.3:80/TCP`, `fwmark 7`, `group web`. */
  readonly text: string;
  /** VirtualServerConfig's. */
  readonly name: string;
  readonly group?: string;
}

/** Undefined, with a message, where there is nothing that it could be for. */
export function resolveService(
  given: GivenService,
  { groups }: ServiceSurroundings,
  context: ResolveContext,
): ServiceFacts | undefined {
  const { value: target, values } = given;
  if (target.kind === 'group') return resolveGroup(given, target.group, groups, context);
  if (target.kind === 'fwmark') {
    const family = resolveMarkFamily(given) ?? 4;
    const service: VirtualService = { kind: 'fwmark', mark: target.mark, family };
    const facts = factsOfOne(service, family, []);
    reportProtocol(given, context);
    return facts;
  }
  const { address, port = 0 } = target;
  const written = given.statement.shape.args.join(' ');
  const protocol = values.value('protocol') ?? defaultProtocol(given, written, context);
  return factsOfOne({ kind: 'address', protocol, address, port }, familyOf(address), [port]);
}

const families: Readonly<Record<AddressFamily, readonly AddressFamily[]>> = { 4: [4], 6: [6] };

function factsOfOne(service: VirtualService, family: AddressFamily, ports: readonly number[]): ServiceFacts {
  const hasAddress = service.kind === 'address';
  return {
    services: [service],
    families: families[family],
    ports,
    hasAddress,
    text: serviceText(service),
    name: serviceName(service),
  };
}

function resolveGroup(
  given: GivenService,
  name: string,
  groups: ServiceSurroundings['groups'],
  context: ResolveContext,
): ServiceFacts | undefined {
  const group = groups.get(name);
  if (group === undefined) {
    reportUnknownGroup(given, name, groups, context);
    return undefined;
  }
  // What is wrong with it has been said where it stands.
  if (!group.isUsable) return undefined;
  const text = `group ${name}`;
  const known = given.values.value('protocol');
  const protocol = known ?? (group.hasAddress ? defaultProtocol(given, text, context) : 'UDP');
  if (!group.hasAddress) reportProtocol(given, context);
  const services = servicesOf(group, protocol, resolveMarkFamily(given));
  const ports = new Set(services.flatMap((service) => (service.kind === 'address' ? service.port : [])));
  return {
    services,
    families: [...new Set(services.map(familyOfService))],
    ports: [...ports],
    hasAddress: group.hasAddress,
    text,
    name: `[group ${name}]${group.hasAddress ? `:${protocol.toLowerCase()}` : ''}`,
    group: name,
  };
}

const namesShown = 3;

function reportUnknownGroup(
  given: GivenService,
  name: string,
  groups: ServiceSurroundings['groups'],
  context: ResolveContext,
): void {
  const known = [...groups.keys()].slice(0, namesShown);
  const help =
    known.length === 0
      ? `define "virtual_server_group ${name}" with the addresses of the service`
      : `define it, or write the name of one that is defined: ${known.join(', ')}`;
  const message = `there is no virtual_server_group ${name}; the service is left out`;
  reportPart({ ...context, given }, 'error', 'unknown-vsg', message, undefined, help);
}

/** As said, or else the family of the first real server; undefined where there is none. */
function resolveMarkFamily({ values }: GivenService): AddressFamily | undefined {
  const given = values.value('ip_family');
  if (given !== undefined) return given === 'inet6' ? 6 : 4;
  const [first] = values.all('real_server');
  return first && familyOf(first.value.address);
}

function reportProtocol(given: GivenService, context: ResolveContext): void {
  const protocol = given.values.last('protocol');
  if (protocol === undefined) return;
  const message = 'a firewall mark stands for every protocol; the line is ignored';
  reportPart({ ...context, given }, 'warning', 'protocol-ignored', message, protocol.span);
}

function defaultProtocol(given: GivenService, text: string, context: ResolveContext): Protocol {
  reportPart(
    { ...context, given },
    'error',
    'missing-keyword',
    `virtual_server ${text} has no protocol; UDP is used`,
    undefined,
    'write "protocol TCP" or "protocol UDP"',
    { block: 'virtual_server', keyword: 'protocol' },
  );
  return 'UDP';
}

/** What a server without a port of its own has; 0 leaves that of each packet as it is. */
export function portOf({ ports }: ServiceFacts): number {
  return ports.length === 1 ? (ports[0] ?? 0) : 0;
}

/** Packets that keep their port come to this one; of firewall marks nobody knows. */
export function fitsGroup(port: number, { ports }: ServiceFacts): boolean {
  return ports.length === 0 || ports.includes(port);
}

export function familyOfService(service: VirtualService): AddressFamily {
  return service.kind === 'address' ? familyOf(service.address) : service.family;
}

/** As messages about the configuration name a service: `10.0.0.3:80/TCP`, `[2001:db8::1]:80/TCP`, `fwmark 7`. */
export function serviceText(service: VirtualService): string {
  if (service.kind === 'fwmark') return `fwmark ${service.mark}`;
  const { address, port, protocol } = service;
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;
}

/** As keepalived's log has it; of two services with one mark, the one of IPv6 says so. */
function serviceName(service: VirtualService): string {
  if (service.kind === 'fwmark') return `FWM ${service.mark}${service.family === 6 ? ' inet6' : ''}`;
  const { address, port, protocol } = service;
  return `[${address}]:${protocol.toLowerCase()}:${port}`;
}
