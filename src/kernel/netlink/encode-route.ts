/**
 * RTM_NEWROUTE and RTM_DELROUTE: a RouteEntry to bytes (linux/rtnetlink.h, struct rtmsg and RTA_*). What an entry
 * leaves out is as ip-route(8) has it, save that the protocol is keepalived's.
 *
 *    0        1         2         3      4       5          6       7      8
 *   +--------+---------+---------+------+-------+----------+-------+------+-----------------+
 *   | family | dst_len | src_len | tos  | table | protocol | scope | type | flags (4 bytes) |
 *   +--------+---------+---------+------+-------+----------+-------+------+-----------------+
 */
import type { Nexthop, RouteEntry, RouteType } from '../../config-parser/schema/route.ts';
import {
  align,
  attribute,
  attributeU32,
  concatenate,
  littleEndian,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { type AddressFamily, addressBytes, familyOf, type IpAddress } from '../../net/address.ts';
import { AF_INET, AF_INET6, RT_SCOPE_LINK, RT_SCOPE_UNIVERSE } from './constants.ts';
import { encodeEncapsulation } from './encode-encapsulation.ts';
import { encodeMetrics } from './encode-metrics.ts';
import * as constants from './route-constants.ts';
import { flowOf, numberOf, type RoutingNames, UnknownName } from './routing-names.ts';

/** What a route needs to know of an interface; a LinkState is one. */
export interface RouteInterface {
  readonly index: number;
  /** Of a VRF. */
  readonly vrfTable?: number;
}

/** What the names of an entry stand for on this machine. */
export interface RouteContext {
  readonly names: RoutingNames;
  readonly findInterface: (name: string) => RouteInterface | undefined;
}

const rtmsgBytes = 12;

const types: Readonly<Record<RouteType, number>> = {
  unicast: constants.RTN_UNICAST,
  local: constants.RTN_LOCAL,
  broadcast: constants.RTN_BROADCAST,
  anycast: constants.RTN_ANYCAST,
  multicast: constants.RTN_MULTICAST,
  throw: constants.RTN_THROW,
  unreachable: constants.RTN_UNREACHABLE,
  prohibit: constants.RTN_PROHIBIT,
  blackhole: constants.RTN_BLACKHOLE,
};

const preferences = { medium: 0, high: 1, low: 3 } as const;

/** The body of RTM_NEWROUTE. Throws an UnknownName. */
export function encodeNewRoute(entry: RouteEntry, context: RouteContext): Uint8Array {
  const scope = entry.scope ?? usualScope(entry);
  return concatenate([header(entry, context, scope), ...attributes(entry, context)]);
}

/**
 * The body of RTM_DELROUTE: what tells the route from others. Not its metrics, its realms or how long it lives, which
 * may have changed since. Throws an UnknownName.
 */
export function encodeDeleteRoute(entry: RouteEntry, context: RouteContext): Uint8Array {
  const scope = entry.scope ?? (routeFamily(entry) === 4 ? constants.RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE);
  const { realms: _, encapsulation: __, nexthops, ...rest } = entry;
  const bare: RouteEntry = { ...rest, metrics: {}, nexthops: nexthops.map(withoutExtras) };
  return concatenate([header(bare, context, scope), ...identity(bare, context), ...ways(bare, context)]);
}

export function routeFamily(entry: RouteEntry): AddressFamily {
  return entry.family ?? (entry.destination === 'default' ? 4 : familyOf(entry.destination.address));
}

/** The number of the table that the route is in. Throws an UnknownName. */
export function routeTable(entry: RouteEntry, { names, findInterface }: RouteContext): number {
  if (entry.table !== undefined) return numberOf(names, 'table', entry.table);
  if (entry.vrf !== undefined) {
    const { vrfTable } = interfaceOf(entry.vrf, findInterface);
    if (vrfTable === undefined) throw new UnknownName(`${entry.vrf} is not a VRF`, 'ENODEV');
    return vrfTable;
  }
  const isLocal = entry.type === 'local' || entry.type === 'broadcast' || entry.type === 'anycast';
  return isLocal ? constants.RT_TABLE_LOCAL : constants.RT_TABLE_MAIN;
}

export function routeProtocol(entry: RouteEntry, { names }: RouteContext): number {
  const { protocol } = entry;
  return protocol === undefined ? constants.RTPROT_KEEPALIVED : numberOf(names, 'protocol', protocol);
}

export function routeTypeNumber(entry: RouteEntry): number {
  return types[entry.type];
}

export function interfaceOf(name: string, findInterface: RouteContext['findInterface']): RouteInterface {
  const found = findInterface(name);
  if (found === undefined) throw new UnknownName(`there is no interface ${name}`, 'ENODEV');
  return found;
}

function header(entry: RouteEntry, context: RouteContext, scope: number): Uint8Array {
  const bytes = new Uint8Array(rtmsgBytes);
  const table = routeTable(entry, context);
  const { names } = context;
  bytes.set([
    routeFamily(entry) === 4 ? AF_INET : AF_INET6,
    entry.destination === 'default' ? 0 : entry.destination.prefixLength,
    0,
    entry.typeOfService === undefined ? 0 : numberOf(names, 'typeOfService', entry.typeOfService),
    // RTA_TABLE has those that do not fit.
    table < 256 ? table : 0,
    routeProtocol(entry, context),
    scope,
    types[entry.type],
  ]);
  viewOf(bytes).setUint32(8, entry.onlink ? constants.RTNH_F_ONLINK : 0, littleEndian);
  return bytes;
}

/** ip-route(8): scope. IPv6 routes have none. */
function usualScope(entry: RouteEntry): number {
  if (routeFamily(entry) === 6) return RT_SCOPE_UNIVERSE;
  switch (entry.type) {
    case 'local':
      return constants.RT_SCOPE_HOST;
    case 'broadcast':
    case 'multicast':
    case 'anycast':
      return RT_SCOPE_LINK;
    case 'unicast':
      return entry.gateway === undefined && entry.nexthops.length === 0 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    default:
      return RT_SCOPE_UNIVERSE;
  }
}

function attributes(entry: RouteEntry, context: RouteContext): readonly Uint8Array[] {
  const { realms, expiresSeconds, preference, ttlPropagate } = entry;
  return [
    ...identity(entry, context),
    ...ways(entry, context),
    ...encodeMetrics(entry.metrics),
    ...(realms === undefined ? [] : [attributeU32(constants.RTA_FLOW, flowOf(context.names, realms))]),
    ...(expiresSeconds === undefined ? [] : [attributeU32(constants.RTA_EXPIRES, expiresSeconds)]),
    ...(preference === undefined
      ? []
      : [attribute(constants.RTA_PREF, Uint8Array.of(preferences[preference]))]),
    ...(ttlPropagate === undefined
      ? []
      : [attribute(constants.RTA_TTL_PROPAGATE, Uint8Array.of(ttlPropagate ? 1 : 0))]),
  ];
}

function identity(entry: RouteEntry, context: RouteContext): readonly Uint8Array[] {
  const { destination, metric, source } = entry;
  return [
    ...(destination === 'default' ? [] : [attribute(constants.RTA_DST, addressBytes(destination.address))]),
    attributeU32(constants.RTA_TABLE, routeTable(entry, context)),
    ...(metric === undefined ? [] : [attributeU32(constants.RTA_PRIORITY, metric)]),
    ...(source === undefined ? [] : [attribute(constants.RTA_PREFSRC, addressBytes(source))]),
  ];
}

/** Where the route leads: one way, or several. */
function ways(entry: RouteEntry, context: RouteContext): readonly Uint8Array[] {
  const { gateway, device, encapsulation, nexthops } = withGatewayAmongNexthops(entry);
  const family = routeFamily(entry);
  return [
    ...(gateway === undefined ? [] : [encodeGateway(gateway, family)]),
    ...(device === undefined
      ? []
      : [attributeU32(constants.RTA_OIF, interfaceOf(device, context.findInterface).index)]),
    ...(encapsulation === undefined ? [] : encodeEncapsulation(encapsulation)),
    ...(nexthops.length === 0
      ? []
      : [
          attribute(
            constants.RTA_MULTIPATH,
            concatenate(nexthops.map((one) => encodeNexthop(one, family, context))),
          ),
        ]),
  ];
}

/** `via X or Y`: the kernel refuses a gateway beside next hops that is not the first of them. */
function withGatewayAmongNexthops(entry: RouteEntry): RouteEntry {
  const { gateway, device, onlink, nexthops, ...rest } = entry;
  if (gateway === undefined || nexthops.length === 0) return entry;
  const usual = device === undefined ? {} : { device };
  const all = [{ gateway, onlink }, ...nexthops].map((one) => ({ ...usual, ...one }));
  return { ...rest, onlink: false, nexthops: all };
}

/** RTA_VIA says the family where the gateway has another one: struct rtvia. */
function encodeGateway(gateway: IpAddress, family: AddressFamily): Uint8Array {
  const bytes = addressBytes(gateway);
  if (familyOf(gateway) === family) return attribute(constants.RTA_GATEWAY, bytes);
  const via = new Uint8Array(2);
  viewOf(via).setUint16(0, familyOf(gateway) === 4 ? AF_INET : AF_INET6, littleEndian);
  return attribute(constants.RTA_VIA, concatenate([via, bytes]));
}

/** struct rtnexthop: length (2 bytes), flags, weight - 1, interface index (4 bytes); then attributes. */
function encodeNexthop(
  hop: Nexthop,
  family: AddressFamily,
  { names, findInterface }: RouteContext,
): Uint8Array {
  const rest = concatenate([
    ...(hop.gateway === undefined ? [] : [encodeGateway(hop.gateway, family)]),
    ...(hop.realms === undefined ? [] : [attributeU32(constants.RTA_FLOW, flowOf(names, hop.realms))]),
    ...(hop.encapsulation === undefined ? [] : encodeEncapsulation(hop.encapsulation)),
  ]);
  const bytes = new Uint8Array(8);
  const view = viewOf(bytes);
  view.setUint16(0, align(bytes.length + rest.length), littleEndian);
  view.setUint8(2, hop.onlink ? constants.RTNH_F_ONLINK : 0);
  view.setUint8(3, (hop.weight ?? 1) - 1);
  if (hop.device !== undefined) {
    view.setInt32(4, interfaceOf(hop.device, findInterface).index, littleEndian);
  }
  return concatenate([bytes, rest]);
}

function withoutExtras({ realms: _, encapsulation: __, ...hop }: Nexthop): Nexthop {
  return hop;
}
