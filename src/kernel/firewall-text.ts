/**
 * The rules of nft(8) that virtual routers need, as the text of one transaction. Pure: installing it is firewall.ts's.
 *
 * Two tables of one name, for IPv4 and for IPv6, as keepalived has them: `dup`, which sends a packet out by another
 * interface, knows no other families.
 */
import type { FirewallConfig } from '../config-parser/config-vrrp.ts';
import {
  type AddressFamily,
  addressBytes,
  compareAddresses,
  familyOf,
  type IpAddress,
} from '../net/address.ts';

export interface FirewallRequest {
  /** Nothing sent to these is taken in: no_accept. Those of the address owner are not among them. */
  readonly refused: readonly RefusedAddress[];
  /** Macvlans of virtual routers that send and receive by them (not vmac_xmit_base). */
  readonly macvlans: readonly MacvlanRules[];
}

export interface RefusedAddress {
  readonly address: IpAddress;
  /** Counts for link-local addresses alone, which each interface may have once. */
  readonly interface: string;
}

export interface MacvlanRules {
  readonly name: string;
  /** The interface below it. */
  readonly base: string;
  readonly family: AddressFamily;
  /** IPv6: the base's link-local address, which the macvlan has too. */
  readonly linkLocal?: IpAddress;
}

export interface DesiredFirewall {
  readonly table: string;
  /** Replaces both tables in one transaction: what was there before holds until then. */
  readonly text: string;
  /** For a kernel that cannot send a copy by another interface; undefined where the text asks for none. */
  readonly textWithoutCopies?: string;
}

/** What is to be installed; undefined where nothing is asked for, and no table is to be there. */
export function desiredFirewall(
  config: FirewallConfig,
  request: FirewallRequest,
): DesiredFirewall | undefined {
  if (request.refused.length === 0 && request.macvlans.length === 0) return undefined;
  const text = transaction(config, request, true);
  return {
    table: config.table,
    text,
    ...(request.macvlans.length === 0 ? {} : { textWithoutCopies: transaction(config, request, false) }),
  };
}

/** The transaction that leaves no table of that name; also where there is none. */
export function removalText(table: string): string {
  return families
    .map((family) => `table ${words[family]} ${table}\ndelete table ${words[family]} ${table}\n`)
    .join('');
}

const families = [4, 6] as const;
const words = { 4: 'ip', 6: 'ip6' } as const;

function transaction(config: FirewallConfig, request: FirewallRequest, copies: boolean): string {
  const tables = families.map((family) => table(family, config, ofFamily(family, request), copies));
  return removalText(config.table) + tables.join('');
}

interface FamilyRules {
  readonly refused: readonly IpAddress[];
  /** IPv6 link-local addresses, each on its interface. */
  readonly refusedOnLinks: readonly RefusedAddress[];
  readonly macvlans: readonly MacvlanRules[];
}

function ofFamily(family: AddressFamily, { refused, macvlans }: FirewallRequest): FamilyRules {
  const own = refused.filter(({ address }) => familyOf(address) === family);
  const addresses = new Set(own.filter((one) => !isLinkLocal(one.address)).map(({ address }) => address));
  return {
    refused: [...addresses].sort(compareAddresses),
    refusedOnLinks: own.filter(({ address }) => isLinkLocal(address)),
    macvlans: macvlans.filter((one) => one.family === family),
  };
}

function table(family: AddressFamily, config: FirewallConfig, rules: FamilyRules, copies: boolean): string {
  const { refused, refusedOnLinks, macvlans } = rules;
  if (refused.length + refusedOnLinks.length + macvlans.length === 0) return '';
  const input = inputRules(family, config, rules);
  const output = outputRules(family, config, rules, copies);
  return [
    `table ${words[family]} ${config.table} {`,
    ...sets(family, config, rules),
    ...chain('in', 'input', config, input),
    ...chain('out', 'output', config, output),
    '}\n',
  ].join('\n');
}

function sets(family: AddressFamily, config: FirewallConfig, rules: FamilyRules): readonly string[] {
  const { refused, refusedOnLinks } = rules;
  const type = config.byInterfaceIndex ? 'iface_index' : 'ifname';
  return [
    ...set('vips', `ipv${family}_addr`, refused),
    ...set('link_local_vips', `ipv6_addr . ${type}`, pairs(refusedOnLinks)),
    ...set('link_local_sources', `ipv6_addr . ${type}`, pairs(linkLocalSources(rules))),
  ];
}

function set(name: string, type: string, elements: readonly string[]): readonly string[] {
  if (elements.length === 0) return [];
  return [`\tset ${name} {`, `\t\ttype ${type}`, `\t\telements = { ${elements.join(', ')} }`, '\t}'];
}

function chain(
  name: string,
  hook: string,
  { priority }: FirewallConfig,
  rules: readonly string[],
): readonly string[] {
  if (rules.length === 0) return [];
  return [
    `\tchain ${name} {`,
    `\t\ttype filter hook ${hook} priority ${priority}; policy accept;`,
    ...rules.map((rule) => `\t\t${rule}`),
    '\t}',
  ];
}

/** RFC 5798 section 6.4.3: neighbour solicitations and advertisements of IPv6 pass whatever Accept_Mode says. */
const neighbourDiscovery = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }';

function inputRules(family: AddressFamily, config: FirewallConfig, rules: FamilyRules): readonly string[] {
  const { refused, refusedOnLinks } = rules;
  if (refused.length + refusedOnLinks.length === 0) return [];
  const { drop, accept } = verdicts(config);
  return [
    ...(family === 6 ? [`${neighbourDiscovery} ${accept}`] : []),
    ...(refused.length === 0 ? [] : [`${words[family]} daddr @vips ${drop}`]),
    ...(refusedOnLinks.length === 0
      ? []
      : [`ip6 daddr . ${matched('iif', config)} @link_local_vips ${drop}`]),
  ];
}

function outputRules(
  family: AddressFamily,
  config: FirewallConfig,
  rules: FamilyRules,
  copies: boolean,
): readonly string[] {
  const { refused, refusedOnLinks } = rules;
  const { drop, accept } = verdicts(config);
  const refusesSome = refused.length + refusedOnLinks.length > 0;
  return [
    ...membershipReports(family, config, rules, copies),
    // The base answers for that address, by its own MAC address: two answers would make neighbours change their minds.
    ...(linkLocalSources(rules).length === 0
      ? []
      : [`icmpv6 type nd-neighbor-advert ip6 saddr . ${matched('oif', config)} @link_local_sources ${drop}`]),
    ...(family === 6 && refusesSome ? [`${neighbourDiscovery} ${accept}`] : []),
    ...(refused.length === 0 ? [] : [`${words[family]} saddr @vips ${drop}`]),
    ...(refusedOnLinks.length === 0
      ? []
      : [`ip6 saddr . ${matched('oif', config)} @link_local_vips ${drop}`]),
  ];
}

/** RFC 3376 section 4.2.14 and RFC 3810 section 5.2.14: where reports of IGMP version 3 and MLD version 2 go. */
const reportDestination = { 4: '224.0.0.22', 6: 'ff02::16' } as const;

/**
 * A report that left with the virtual MAC address would teach switches that the MAC address is here, at a Backup too.
 * It leaves by the base instead, so that switches that snoop still know where the advertisements are wanted.
 */
function membershipReports(
  family: AddressFamily,
  config: FirewallConfig,
  { macvlans }: FamilyRules,
  copies: boolean,
): readonly string[] {
  const { drop } = verdicts(config);
  const to = reportDestination[family];
  return macvlans.map(({ name, base }) => {
    const copy = copies ? `dup to ${to} device "${base}" ` : '';
    return `${words[family]} daddr ${to} ${matched('oif', config)} "${name}" ${copy}${drop}`;
  });
}

function linkLocalSources({ macvlans }: FamilyRules): readonly RefusedAddress[] {
  return macvlans.flatMap(({ name, linkLocal }) =>
    linkLocal === undefined ? [] : [{ address: linkLocal, interface: name }],
  );
}

function pairs(list: readonly RefusedAddress[]): readonly string[] {
  return [...new Set(list.map((one) => `${one.address} . "${one.interface}"`))];
}

/**
 * keepalived.conf(5): nftables_ifindex. An index is compared sooner than a name, and is another one when it is made
 * anew.
 */
function matched(direction: 'iif' | 'oif', { byInterfaceIndex }: FirewallConfig): string {
  return byInterfaceIndex ? direction : `${direction}name`;
}

/** keepalived.conf(5): nftables_counters. */
function verdicts({ counters }: FirewallConfig): { readonly drop: string; readonly accept: string } {
  const before = counters ? 'counter ' : '';
  return { drop: `${before}drop`, accept: `${before}accept` };
}

function isLinkLocal(address: IpAddress): boolean {
  const [first = 0, second = 0] = addressBytes(address);
  return familyOf(address) === 6 && first === 0xfe && (second & 0xc0) === 0x80;
}
