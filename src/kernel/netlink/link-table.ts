/**
 * What is known of this host's interfaces and their addresses: a table, how one rtnetlink message changes it, and what
 * two tables differ in. Pure; the socket is link-monitor.ts's.
 */
import { type AddressFamily, familyOf, type IpAddress } from '../../net/address.ts';
import {
  RT_SCOPE_LINK,
  RT_SCOPE_UNIVERSE,
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
} from './constants.ts';
import type { RouteDescription, RuleDescription } from './decode-route.ts';
import { decodeAddress, decodeLink, type InterfaceAddress, type LinkDescription } from './route-codec.ts';

export interface LinkState extends LinkDescription {
  /** In the order of the kernel's list. */
  readonly addresses: readonly InterfaceAddress[];
}

/** By interface index: a name may move from one interface to another. */
export type LinkTable = ReadonlyMap<number, LinkState>;

export type LinkEvent =
  /** New, or something but its addresses changed; `previous` is undefined for a new one. */
  | { readonly kind: 'linkChanged'; readonly link: LinkState; readonly previous: LinkState | undefined }
  | { readonly kind: 'linkRemoved'; readonly link: LinkState }
  | { readonly kind: 'addressAdded'; readonly link: LinkState; readonly address: InterfaceAddress }
  /** The same address and prefix length with another label, scope or flag: promoted, or no longer tentative. */
  | { readonly kind: 'addressChanged'; readonly link: LinkState; readonly address: InterfaceAddress }
  | { readonly kind: 'addressRemoved'; readonly link: LinkState; readonly address: InterfaceAddress }
  /** Only with `watchRoutes`. Whether it is one of ours: `isRoute`, `isRule`. */
  | { readonly kind: 'routeRemoved'; readonly route: RouteDescription }
  | { readonly kind: 'ruleRemoved'; readonly rule: RuleDescription }
  /**
   * Notifications were lost and everything was read anew; the differences came as events before this one. Not those of
   * routes and rules: whoever watches them has to add all of them again.
   */
  | { readonly kind: 'resynchronised'; readonly reason: string };

/** The table after one message; the same object when it changes nothing. */
export function applyRouteMessage(
  table: LinkTable,
  message: { readonly type: number; readonly data: Uint8Array },
): LinkTable {
  switch (message.type) {
    case RTM_NEWLINK:
      return withLink(table, decodeLink(message.data));
    case RTM_DELLINK:
      return withoutLink(table, decodeLink(message.data));
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return withAddresses(table, message);
    default:
      return table;
  }
}

/** What happened between two tables: what is gone first. */
export function tableEvents(before: LinkTable, after: LinkTable): readonly LinkEvent[] {
  const gone = [...before.values()].filter((link) => !after.has(link.index));
  const rest = [...after.values()].filter((link) => link !== before.get(link.index));
  return [
    ...gone.flatMap((link): LinkEvent[] => [
      ...link.addresses.map((address): LinkEvent => ({ kind: 'addressRemoved', link, address })),
      { kind: 'linkRemoved', link },
    ]),
    ...rest.flatMap((link) => linkEvents(before.get(link.index), link)),
  ];
}

/**
 * The address that advertisements leave from: for IPv4 the first global one that is not secondary (RFC 3768 section 4.1:
 * primary IP address), for IPv6 the first link-local one in use. `except` are addresses that are not the router's own.
 */
export function primaryAddress(
  link: LinkState,
  family: AddressFamily,
  except: ReadonlySet<IpAddress> = new Set(),
): IpAddress | undefined {
  const scope = family === 4 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  return link.addresses.find(
    (one) =>
      familyOf(one.address) === family &&
      one.scope === scope &&
      !one.isSecondary &&
      !one.isTentative &&
      !except.has(one.address),
  )?.address;
}

function withLink(table: LinkTable, link: LinkDescription | undefined): LinkTable {
  if (link === undefined) return table;
  const previous = table.get(link.index);
  if (previous !== undefined && sameLink(previous, link)) return table;
  return new Map(table).set(link.index, { ...link, addresses: previous?.addresses ?? [] });
}

function withoutLink(table: LinkTable, link: LinkDescription | undefined): LinkTable {
  if (link === undefined || !table.has(link.index)) return table;
  const next = new Map(table);
  next.delete(link.index);
  return next;
}

function withAddresses(
  table: LinkTable,
  message: { readonly type: number; readonly data: Uint8Array },
): LinkTable {
  const description = decodeAddress(message.data);
  const link = description && table.get(description.interfaceIndex);
  if (description === undefined || link === undefined) return table;
  const addresses =
    message.type === RTM_NEWADDR
      ? addressesWith(link.addresses, description.address)
      : addressesWithout(link.addresses, description.address);
  return addresses === link.addresses ? table : new Map(table).set(link.index, { ...link, addresses });
}

function addressesWith(
  list: readonly InterfaceAddress[],
  added: InterfaceAddress,
): readonly InterfaceAddress[] {
  const previous = list.find((one) => isSame(one, added));
  if (previous === undefined) return [...list, added];
  return sameDetails(previous, added) ? list : list.map((one) => (one === previous ? added : one));
}

function addressesWithout(
  list: readonly InterfaceAddress[],
  removed: InterfaceAddress,
): readonly InterfaceAddress[] {
  const rest = list.filter((one) => !isSame(one, removed));
  return rest.length === list.length ? list : rest;
}

function linkEvents(before: LinkState | undefined, after: LinkState): readonly LinkEvent[] {
  const changed = before === undefined || !sameLink(before, after);
  const removed = (before?.addresses ?? []).filter((one) => !after.addresses.some((two) => isSame(one, two)));
  return [
    ...(changed ? [{ kind: 'linkChanged', link: after, previous: before } as const] : []),
    ...removed.map((address): LinkEvent => ({ kind: 'addressRemoved', link: after, address })),
    ...after.addresses.flatMap((address): LinkEvent[] => {
      const previous = before?.addresses.find((one) => isSame(one, address));
      if (previous === undefined) return [{ kind: 'addressAdded', link: after, address }];
      return sameDetails(previous, address) ? [] : [{ kind: 'addressChanged', link: after, address }];
    }),
  ];
}

/** What identifies an address on its interface: IPv4 may have one twice, with two prefix lengths. */
function isSame(a: InterfaceAddress, b: InterfaceAddress): boolean {
  return a.address === b.address && a.prefixLength === b.prefixLength;
}

function sameDetails(a: InterfaceAddress, b: InterfaceAddress): boolean {
  return (
    a.scope === b.scope &&
    a.label === b.label &&
    a.broadcast === b.broadcast &&
    a.isSecondary === b.isSecondary &&
    a.isTentative === b.isTentative
  );
}

function sameLink(a: LinkDescription, b: LinkDescription): boolean {
  return (
    a.name === b.name &&
    a.mtu === b.mtu &&
    a.isUp === b.isUp &&
    a.isRunning === b.isRunning &&
    a.supportsMulticast === b.supportsMulticast &&
    a.isLoopback === b.isLoopback &&
    a.hasArp === b.hasArp &&
    a.kind === b.kind &&
    a.linkIndex === b.linkIndex &&
    a.masterIndex === b.masterIndex &&
    a.group === b.group &&
    a.vrfTable === b.vrfTable &&
    a.mac.length === b.mac.length &&
    a.mac.every((byte, index) => byte === b.mac[index])
  );
}
