/** What the interfaces of a host mean for an instance: where it sends and receives, or the faults that forbid it. */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import { type LinkState, primaryAddress } from '../../kernel/link-monitor.ts';
import type { NetworkInterface } from '../../kernel/vrrp-socket.ts';
import type { IpAddress } from '../../net/address.ts';
import type { Fault } from '../../vrrp/messages.ts';
import type { SocketPlace } from './advertisement-sockets.ts';

export interface InterfaceCondition {
  readonly faults: readonly Fault[];
  readonly sourceAddress?: IpAddress;
  /** Undefined where there is no interface or no source address. */
  readonly place?: SocketPlace;
}

export interface HostLinks {
  find(interfaceName: string): LinkState | undefined;
  /** Up and running for as long as the configuration wants. */
  isUp(link: LinkState): boolean;
  /** All virtual addresses of the configuration. */
  readonly virtualAddresses: ReadonlySet<IpAddress>;
  hasAddress(address: IpAddress): boolean;
}

/** An interface that is needed, and what is wrong with it. */
interface Needed {
  readonly link?: LinkState;
  readonly fault?: Fault;
}

export function interfaceCondition(config: VrrpInstanceConfig, host: HostLinks): InterfaceCondition {
  const { transport } = config;
  const base = neededLink(config.interface ?? config.vrf, host, !config.dontTrackPrimary);
  const virtual = neededLink(config.virtualLink?.name, host, true);
  const sourceAddress = sourceFor(config, base.link, host);
  const faults: Fault[] = [base.fault, virtual.fault].filter((fault) => fault !== undefined);
  if (faults.length === 0 && sourceAddress === undefined) faults.push({ reason: 'no-source-address' });
  if (transport.kind === 'unicast' && transport.peers.length === 0)
    faults.push({ reason: 'no-unicast-peer' });
  const sending = config.virtualLink?.transmitsByBase === false ? virtual.link : base.link;
  const place =
    sourceAddress === undefined || faults.some(({ reason }) => reason === 'interface-missing')
      ? undefined
      : placeOf(config, sending, sourceAddress);
  return { faults, ...(sourceAddress && { sourceAddress }), ...(place && { place }) };
}

function neededLink(name: string | undefined, host: HostLinks, mustBeUp: boolean): Needed {
  if (name === undefined) return {};
  const link = host.find(name);
  if (link === undefined) return { fault: { reason: 'interface-missing', subject: name } };
  if (mustBeUp && !host.isUp(link)) return { link, fault: { reason: 'interface-down', subject: name } };
  return { link };
}

/**
 * A virtual address that a crashed run left on the interface must not become the source of advertisements, since it goes away
 * with the next election. A configured source may be anywhere on this host unless track_src_ip ties it to the interface.
 */
function sourceFor(
  { family, sourceAddress, trackSourceAddress, interface: name, virtualLink }: VrrpInstanceConfig,
  link: LinkState | undefined,
  host: HostLinks,
): IpAddress | undefined {
  // keepalived.conf(5): use_ipvlan: over IPv4 the ipvlan has an address of its own.
  if (virtualLink?.address !== undefined) return virtualLink.address;
  if (sourceAddress === undefined) return link && primaryAddress(link, family, host.virtualAddresses);
  const isOnLink = link?.addresses.some(({ address }) => address === sourceAddress) === true;
  if (isOnLink) return sourceAddress;
  const mayBeElsewhere = name === undefined || !trackSourceAddress;
  return mayBeElsewhere && host.hasAddress(sourceAddress) ? sourceAddress : undefined;
}

function placeOf(
  config: VrrpInstanceConfig,
  link: LinkState | undefined,
  source: IpAddress,
): SocketPlace | undefined {
  const { transport, vrf, receiveBufferBytes, authentication } = config;
  const every = {
    source,
    authenticationHeader: authentication.type === 'AH',
    ...(receiveBufferBytes !== undefined && { receiveBufferBytes }),
  };
  const device: NetworkInterface | undefined = link && { name: link.name, index: link.index };
  if (transport.kind === 'multicast') {
    return device && { kind: 'multicast', ...every, interface: device, group: transport.group };
  }
  const { ttl } = transport;
  if (config.interface === undefined) return { kind: 'unicast', ...every, ttl, ...(vrf && { vrf }) };
  return device && { kind: 'unicast', ...every, ttl, interface: device };
}

export function samePlace(a: SocketPlace, b: SocketPlace): boolean {
  return (
    a.kind === b.kind &&
    a.source === b.source &&
    a.interface?.index === b.interface?.index &&
    a.authenticationHeader === b.authenticationHeader &&
    a.receiveBufferBytes === b.receiveBufferBytes &&
    (a.kind === 'multicast' ? b.kind === 'multicast' && a.group === b.group : sameUnicast(a, b))
  );
}

function sameUnicast(a: SocketPlace, b: SocketPlace): boolean {
  return a.kind === 'unicast' && b.kind === 'unicast' && a.ttl === b.ttl && a.vrf === b.vrf;
}
