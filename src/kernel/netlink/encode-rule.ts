/**
 * RTM_NEWRULE and RTM_DELRULE: a RuleEntry to bytes (linux/fib_rules.h, struct fib_rule_hdr and FRA_*).
 *
 *    0        1         2         3     4       5      6      7        8
 *   +--------+---------+---------+-----+-------+------+------+--------+-----------------+
 *   | family | dst_len | src_len | tos | table | 0    | 0    | action | flags (4 bytes) |
 *   +--------+---------+---------+-----+-------+------+------+--------+-----------------+
 */
import type { Network } from '../../config-parser/schema/network.ts';
import type { NumberRange, RuleAction, RuleEntry } from '../../config-parser/schema/rule.ts';
import {
  attribute,
  attributeText,
  attributeU32,
  concatenate,
  littleEndian,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { type AddressFamily, addressBytes, familyOf } from '../../net/address.ts';
import { AF_INET, AF_INET6 } from './constants.ts';
import { attributeU64Network } from './encode-encapsulation.ts';
import * as constants from './route-constants.ts';
import { flowOf, numberOf, type RoutingNames } from './routing-names.ts';

const headerBytes = 12;

const actions: Readonly<Record<RuleAction['kind'], number>> = {
  table: constants.FR_ACT_TO_TBL,
  // To the table that FRA_L3MDEV finds.
  l3mdev: constants.FR_ACT_TO_TBL,
  goto: constants.FR_ACT_GOTO,
  nop: constants.FR_ACT_NOP,
  blackhole: constants.FR_ACT_BLACKHOLE,
  unreachable: constants.FR_ACT_UNREACHABLE,
  prohibit: constants.FR_ACT_PROHIBIT,
};

/** The body of both messages. Throws an UnknownName. */
export function encodeRule(entry: RuleEntry, preference: number, names: RoutingNames): Uint8Array {
  return concatenate([
    header(entry, names),
    attributeU32(constants.FRA_PRIORITY, preference),
    ...ends(entry),
    ...action(entry.action, names),
    ...packetSelectors(entry, names),
    ...routingOptions(entry, names),
  ]);
}

export function ruleFamily({ family, from, to }: RuleEntry): AddressFamily {
  const network = networkOf(from) ?? networkOf(to);
  return family ?? (network === undefined ? 4 : familyOf(network.address));
}

export function ruleProtocol({ protocol }: RuleEntry, names: RoutingNames): number {
  return protocol === undefined ? constants.RTPROT_KEEPALIVED : numberOf(names, 'protocol', protocol);
}

export function ruleActionNumber({ action: { kind } }: RuleEntry): number {
  return actions[kind];
}

/** The table asked; 0 for an action without one. Throws an UnknownName. */
export function ruleTable({ action: asked }: RuleEntry, names: RoutingNames): number {
  return asked.kind === 'table' ? numberOf(names, 'table', asked.table) : 0;
}

export function networkOf(end: Network | 'all' | undefined): Network | undefined {
  return end === 'all' ? undefined : end;
}

function header(entry: RuleEntry, names: RoutingNames): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const { typeOfService } = entry;
  const table = ruleTable(entry, names);
  bytes.set([
    ruleFamily(entry) === 4 ? AF_INET : AF_INET6,
    networkOf(entry.to)?.prefixLength ?? 0,
    networkOf(entry.from)?.prefixLength ?? 0,
    typeOfService === undefined ? 0 : numberOf(names, 'typeOfService', typeOfService),
    // FRA_TABLE has those that do not fit.
    table < 256 ? table : 0,
    0,
    0,
    actions[entry.action.kind],
  ]);
  viewOf(bytes).setUint32(8, entry.invert ? constants.FIB_RULE_INVERT : 0, littleEndian);
  return bytes;
}

function ends(entry: RuleEntry): readonly Uint8Array[] {
  const from = networkOf(entry.from);
  const to = networkOf(entry.to);
  return [
    ...(from === undefined ? [] : [attribute(constants.FRA_SRC, addressBytes(from.address))]),
    ...(to === undefined ? [] : [attribute(constants.FRA_DST, addressBytes(to.address))]),
  ];
}

function action(asked: RuleAction, names: RoutingNames): readonly Uint8Array[] {
  switch (asked.kind) {
    case 'table':
      return [attributeU32(constants.FRA_TABLE, numberOf(names, 'table', asked.table))];
    case 'goto':
      return [attributeU32(constants.FRA_GOTO, asked.preference)];
    case 'l3mdev':
      return [attribute(constants.FRA_L3MDEV, Uint8Array.of(1))];
    default:
      return [];
  }
}

function packetSelectors(entry: RuleEntry, names: RoutingNames): readonly Uint8Array[] {
  const { fwmark, inputInterface, outputInterface, tunnelId, userIds, ipProtocol } = entry;
  return [
    ...(fwmark === undefined
      ? []
      : [
          attributeU32(constants.FRA_FWMARK, fwmark.mark),
          attributeU32(constants.FRA_FWMASK, fwmark.mask ?? 0xffff_ffff),
        ]),
    ...(inputInterface === undefined ? [] : [attributeText(constants.FRA_IIFNAME, inputInterface)]),
    ...(outputInterface === undefined ? [] : [attributeText(constants.FRA_OIFNAME, outputInterface)]),
    ...(tunnelId === undefined ? [] : [attributeU64Network(constants.FRA_TUN_ID, BigInt(tunnelId))]),
    ...(userIds === undefined ? [] : [userRange(userIds)]),
    ...(ipProtocol === undefined
      ? []
      : [attribute(constants.FRA_IP_PROTO, Uint8Array.of(numberOf(names, 'ipProtocol', ipProtocol)))]),
    ...portRange(constants.FRA_SPORT_RANGE, entry.sourcePorts),
    ...portRange(constants.FRA_DPORT_RANGE, entry.destinationPorts),
  ];
}

function routingOptions(entry: RuleEntry, names: RoutingNames): readonly Uint8Array[] {
  const { realms, suppressPrefixLength, suppressInterfaceGroup: group } = entry;
  return [
    ...(realms === undefined ? [] : [attributeU32(constants.FRA_FLOW, flowOf(names, realms))]),
    ...(suppressPrefixLength === undefined
      ? []
      : [attributeU32(constants.FRA_SUPPRESS_PREFIXLEN, suppressPrefixLength)]),
    ...(group === undefined
      ? []
      : [attributeU32(constants.FRA_SUPPRESS_IFGROUP, numberOf(names, 'group', group))]),
    attribute(constants.FRA_PROTOCOL, Uint8Array.of(ruleProtocol(entry, names))),
  ];
}

/** struct fib_rule_uid_range. */
function userRange({ first, last }: NumberRange): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setUint32(0, first, littleEndian);
  viewOf(bytes).setUint32(4, last, littleEndian);
  return attribute(constants.FRA_UID_RANGE, bytes);
}

/** struct fib_rule_port_range. */
function portRange(type: number, range: NumberRange | undefined): readonly Uint8Array[] {
  if (range === undefined) return [];
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint16(0, range.first, littleEndian);
  viewOf(bytes).setUint16(2, range.last, littleEndian);
  return [attribute(type, bytes)];
}
