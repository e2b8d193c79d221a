/**
 * What a notification says of a route or a rule that is gone, as far as it tells whether it was one of ours; and that
 * question.
 */
import type { RouteEntry } from '../../config-parser/schema/route.ts';
import type { RuleEntry } from '../../config-parser/schema/rule.ts';
import {
  type Attributes,
  decodeAttributes,
  littleEndian,
  readText,
  readU32,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { type AddressFamily, addressBytes, addressFromBytes, type IpAddress } from '../../net/address.ts';
import { AF_INET, AF_INET6 } from './constants.ts';
import {
  type RouteContext,
  routeFamily,
  routeProtocol,
  routeTable,
  routeTypeNumber,
} from './encode-route.ts';
import { networkOf, ruleActionNumber, ruleFamily, ruleProtocol, ruleTable } from './encode-rule.ts';
import * as constants from './route-constants.ts';
import { numberOf, type RoutingNames, UnknownName } from './routing-names.ts';

export interface RouteDescription {
  readonly family: AddressFamily;
  /** The unspecified address for a default route. */
  readonly destination: IpAddress;
  readonly prefixLength: number;
  readonly table: number;
  /** IPv6 has 1024 where none is asked for; IPv4 has 0. */
  readonly metric: number;
  readonly typeOfService: number;
  /** RTPROT_*: 18 for what we and keepalived add. */
  readonly protocol: number;
  /** RTN_*. */
  readonly type: number;
  readonly gateway?: IpAddress;
  readonly interfaceIndex?: number;
}

export interface RuleDescription {
  readonly family: AddressFamily;
  readonly preference: number;
  /** FR_ACT_*. */
  readonly action: number;
  readonly table: number;
  readonly protocol: number;
  readonly invert: boolean;
  /** `192.0.2.0/24`; undefined for all. */
  readonly from?: string;
  readonly to?: string;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
}

const headerBytes = 12;
/** IP6_RT_PRIO_USER. */
const usualIpv6Metric = 1024;

/** Of RTM_NEWROUTE or RTM_DELROUTE; undefined when it is malformed or of a family that is not IP. */
export function decodeRoute(body: Uint8Array): RouteDescription | undefined {
  const decoded = decodeBody(body);
  if (decoded === undefined) return undefined;
  const { family, attributes } = decoded;
  const [, prefixLength = 0, , typeOfService = 0, table = 0, protocol = 0, , type = 0] = body;
  const destination = attributes.get(constants.RTA_DST) ?? new Uint8Array(family === 4 ? 4 : 16);
  if (!isOfFamily(destination, family)) return undefined;
  const gateway = attributes.get(constants.RTA_GATEWAY);
  const interfaceIndex = readU32(attributes, constants.RTA_OIF);
  return {
    family,
    destination: addressFromBytes(destination),
    prefixLength,
    table: readU32(attributes, constants.RTA_TABLE) ?? table,
    metric: readU32(attributes, constants.RTA_PRIORITY) ?? 0,
    typeOfService,
    protocol,
    type,
    ...(gateway !== undefined && isOfFamily(gateway, family) ? { gateway: addressFromBytes(gateway) } : {}),
    ...(interfaceIndex === undefined ? {} : { interfaceIndex }),
  };
}

/** As decodeRoute, of RTM_NEWRULE or RTM_DELRULE. */
export function decodeRule(body: Uint8Array): RuleDescription | undefined {
  const decoded = decodeBody(body);
  if (decoded === undefined) return undefined;
  const { family, attributes } = decoded;
  const [, toLength = 0, fromLength = 0, , table = 0, , , action = 0] = body;
  const from = networkText(attributes.get(constants.FRA_SRC), fromLength, family);
  const to = networkText(attributes.get(constants.FRA_DST), toLength, family);
  const inputInterface = readText(attributes, constants.FRA_IIFNAME);
  const outputInterface = readText(attributes, constants.FRA_OIFNAME);
  return {
    family,
    preference: readU32(attributes, constants.FRA_PRIORITY) ?? 0,
    action,
    table: readU32(attributes, constants.FRA_TABLE) ?? table,
    protocol: attributes.get(constants.FRA_PROTOCOL)?.[0] ?? 0,
    invert: (viewOf(body).getUint32(8, littleEndian) & constants.FIB_RULE_INVERT) !== 0,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(inputInterface === undefined ? {} : { inputInterface }),
    ...(outputInterface === undefined ? {} : { outputInterface }),
  };
}

/** Whether `route` is what `entry` asks for. An entry with a name that stands for nothing cannot be there. */
export function isRoute(entry: RouteEntry, route: RouteDescription, context: RouteContext): boolean {
  const { destination, gateway, device, nexthops } = entry;
  const isDefault = destination === 'default';
  const family = routeFamily(entry);
  return knowsNames(() => {
    const device1 = device === undefined ? undefined : context.findInterface(device)?.index;
    return (
      route.family === family &&
      route.prefixLength === (isDefault ? 0 : destination.prefixLength) &&
      (isDefault || route.destination === destination.address) &&
      route.table === routeTable(entry, context) &&
      route.metric === (entry.metric || (family === 6 ? usualIpv6Metric : 0)) &&
      route.typeOfService === numberOf(context.names, 'typeOfService', entry.typeOfService ?? 0) &&
      route.protocol === routeProtocol(entry, context) &&
      route.type === routeTypeNumber(entry) &&
      // IPv6 tells of each next hop by itself.
      (nexthops.length > 0 || gateway === undefined || route.gateway === gateway) &&
      (device1 === undefined || route.interfaceIndex === device1)
    );
  });
}

/** As isRoute; `preference` is the one that the rule was added with. */
export function isRule(
  entry: RuleEntry,
  preference: number,
  rule: RuleDescription,
  names: RoutingNames,
): boolean {
  const text = (end: RuleEntry['from']) => {
    const network = networkOf(end);
    return network && networkText(addressBytes(network.address), network.prefixLength, ruleFamily(entry));
  };
  return knowsNames(
    () =>
      rule.family === ruleFamily(entry) &&
      rule.preference === preference &&
      rule.action === ruleActionNumber(entry) &&
      rule.table === ruleTable(entry, names) &&
      rule.protocol === ruleProtocol(entry, names) &&
      rule.invert === entry.invert &&
      rule.from === text(entry.from) &&
      rule.to === text(entry.to) &&
      rule.inputInterface === entry.inputInterface &&
      rule.outputInterface === entry.outputInterface,
  );
}

function decodeBody(body: Uint8Array): { family: AddressFamily; attributes: Attributes } | undefined {
  if (body.length < headerBytes) return undefined;
  const family = body[0] === AF_INET ? 4 : body[0] === AF_INET6 ? 6 : undefined;
  const attributes = decodeAttributes(body.subarray(headerBytes));
  return family === undefined || attributes === undefined ? undefined : { family, attributes };
}

function isOfFamily(bytes: Uint8Array, family: AddressFamily): boolean {
  return bytes.length === (family === 4 ? 4 : 16);
}

function networkText(
  bytes: Uint8Array | undefined,
  prefixLength: number,
  family: AddressFamily,
): string | undefined {
  if (bytes === undefined || !isOfFamily(bytes, family)) return undefined;
  return `${addressFromBytes(bytes)}/${prefixLength}`;
}

function knowsNames(question: () => boolean): boolean {
  try {
    return question();
  } catch (error) {
    if (error instanceof UnknownName) return false;
    throw error;
  }
}
