/**
 * Which packets leave with an address of the director: those that IPVS has turned towards a real server of method FULLNAT.
 * They depend on the configuration alone, not on health: a server that is down gets no connections, so its rule does nothing.
 *
 * A packet is known by what its connection was made to (IPVS changes only the tuple that answers are known by, so the original
 * one still has the virtual address) or by its firewall mark, and by the real server that it goes to now. The latter keeps
 * packets to the virtual address itself out, which a Backup that routes passes on to the Master.
 */
import type { LocalAddressRange, VirtualServerConfig, VirtualService } from '../config-parser/config.ts';
import { type AddressFamily, compareAddresses, familyOf, type IpAddress } from '../net/address.ts';

export interface FullNatTarget {
  readonly service: VirtualService;
  readonly address: IpAddress;
  /** 0 means whichever port the connection has; always for a firewall mark. */
  readonly port: number;
}

/** Targets whose packets leave with the same addresses. */
export interface FullNatGroup {
  /** All of one family; empty means the address that the route has. */
  readonly localAddresses: readonly LocalAddressRange[];
  /** At least one, none twice, in a fixed order. */
  readonly targets: readonly FullNatTarget[];
}

export type FullNatRules = Readonly<Record<AddressFamily, readonly FullNatGroup[]>>;

export const noRules: FullNatRules = { 4: [], 6: [] };

/** The same rules for the same configuration, in the same order. */
export function desiredRules(config: {
  readonly virtualServers: readonly VirtualServerConfig[];
}): FullNatRules {
  return { 4: groupsOf(4, config.virtualServers), 6: groupsOf(6, config.virtualServers) };
}

export function countTargets(groups: readonly FullNatGroup[]): number {
  return groups.reduce((sum, { targets }) => sum + targets.length, 0);
}

function groupsOf(
  family: AddressFamily,
  virtualServers: readonly VirtualServerConfig[],
): readonly FullNatGroup[] {
  const groups = new Map<
    string,
    { localAddresses: readonly LocalAddressRange[]; targets: FullNatTarget[] }
  >();
  const seen = new Set<string>();
  for (const virtualServer of virtualServers) {
    const localAddresses = rangesOf(family, virtualServer.localAddresses);
    const key = localAddresses.map(({ first, last }) => `${first}-${last}`).join(' ');
    for (const target of targetsOf(family, virtualServer)) {
      const identity = targetKey(target);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const group = groups.get(key) ?? { localAddresses, targets: [] };
      groups.set(key, group);
      group.targets.push(target);
    }
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => sorted(group));
}

function sorted({ localAddresses, targets }: FullNatGroup): FullNatGroup {
  const byKey = targets.map((target) => ({ key: targetKey(target), target }));
  byKey.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { localAddresses, targets: byKey.map(({ target }) => target) };
}

/** Those of the other family serve the virtual servers of that family. */
function rangesOf(family: AddressFamily, ranges: readonly LocalAddressRange[]): readonly LocalAddressRange[] {
  return ranges
    .filter(({ first }) => familyOf(first) === family)
    .sort((a, b) => compareAddresses(a.first, b.first));
}

function targetsOf(family: AddressFamily, virtualServer: VirtualServerConfig): readonly FullNatTarget[] {
  const { services, realServers, sorryServer } = virtualServer;
  const servers = sorryServer === undefined ? realServers : [...realServers, sorryServer];
  const translated = servers.filter(
    ({ method, address }) => method.forwarding === 'FULLNAT' && familyOf(address) === family,
  );
  // NAT does not cross families: such a pair is reported where the configuration is read, and has no packets.
  return services
    .filter((service) => serviceFamily(service) === family)
    .flatMap((service) =>
      // A mark says nothing of the protocol, and so of ports: whatever bears it and goes to the server is meant.
      translated.map(({ address, port }) => ({
        service,
        address,
        port: service.kind === 'fwmark' ? 0 : port,
      })),
    );
}

function serviceFamily(service: VirtualService): AddressFamily {
  return service.kind === 'fwmark' ? service.family : familyOf(service.address);
}

function targetKey({ service, address, port }: FullNatTarget): string {
  const name =
    service.kind === 'fwmark'
      ? `mark ${service.mark}`
      : `${service.protocol} ${service.address} ${service.port}`;
  return `${name} ${address} ${port}`;
}
