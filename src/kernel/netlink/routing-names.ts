/**
 * The names that iproute2's files and /etc/protocols give to numbers, as a value; and the usual ones, which hold where
 * there are no such files. Reading the files is read-routing-names.ts's.
 */
import type { NumberOrName, Realms } from '../../config-parser/schema/routing-names.ts';

/** What can have names. */
export type NamedNumber = 'table' | 'protocol' | 'scope' | 'realm' | 'typeOfService' | 'group' | 'ipProtocol';

export type RoutingNames = Readonly<Record<NamedNumber, ReadonlyMap<string, number>>>;

/** A name that stands for nothing here: a table, or (ENODEV) an interface. */
export class UnknownName extends Error {
  override readonly name = 'UnknownName';
  readonly code: 'ENOENT' | 'ENODEV';

  constructor(message: string, code: 'ENOENT' | 'ENODEV' = 'ENOENT') {
    super(message);
    this.code = code;
  }
}

/** Where each sort of name is looked for; iproute2 has a folder of further files beside some. */
export const namesFile: Readonly<Record<NamedNumber, string>> = {
  table: 'rt_tables',
  protocol: 'rt_protos',
  scope: 'rt_scopes',
  realm: 'rt_realms',
  typeOfService: 'rt_dsfield',
  group: 'group',
  ipProtocol: 'protocols',
};

const described: Readonly<Record<NamedNumber, string>> = {
  table: 'routing table',
  protocol: 'routing protocol',
  scope: 'scope',
  realm: 'realm',
  typeOfService: 'type of service',
  group: 'group of interfaces',
  ipProtocol: 'IP protocol',
};

/** The number itself, or that of the name. Throws an UnknownName. */
export function numberOf(names: RoutingNames, sort: NamedNumber, value: NumberOrName): number {
  if (typeof value === 'number') return value;
  const number = names[sort].get(value);
  if (number !== undefined) return number;
  const file = sort === 'ipProtocol' ? '/etc/protocols' : `/etc/iproute2/${namesFile[sort]}`;
  throw new UnknownName(`no ${described[sort]} is called "${value}" in ${file}`);
}

/** RTA_FLOW and FRA_FLOW: where from in the upper half, where to in the lower. */
export function flowOf(names: RoutingNames, { from, to }: Realms): number {
  const high = from === undefined ? 0 : numberOf(names, 'realm', from);
  return ((high << 16) | numberOf(names, 'realm', to)) >>> 0;
}

/** Lines of `NUMBER NAME`, as iproute2 has them; what is no such line is passed over. */
export function parseNumberedNames(text: string): ReadonlyMap<string, number> {
  return new Map(
    entries(text).flatMap(([number = '', name]) => {
      const value = /^(0x[\da-f]+|\d+)$/i.test(number) ? Number(number) : undefined;
      return value === undefined || name === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Lines of `NAME NUMBER ALIAS…`: /etc/protocols, protocols(5). */
export function parseProtocols(text: string): ReadonlyMap<string, number> {
  return new Map(
    entries(text).flatMap(([name, number = '', ...aliases]) => {
      if (name === undefined || !/^\d+$/.test(number)) return [];
      return [name, ...aliases].map((one) => [one, Number(number)] as const);
    }),
  );
}

function entries(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([first]) => first !== '');
}

/** The names of iproute2's own files, by which a machine without them is still understood. */
export const usualNames: RoutingNames = {
  table: new Map([
    ['unspec', 0],
    ['default', 253],
    ['main', 254],
    ['local', 255],
  ]),
  protocol: new Map([
    ['unspec', 0],
    ['redirect', 1],
    ['kernel', 2],
    ['boot', 3],
    ['static', 4],
    ['gated', 8],
    ['ra', 9],
    ['mrt', 10],
    ['zebra', 11],
    ['bird', 12],
    ['dnrouted', 13],
    ['xorp', 14],
    ['ntk', 15],
    ['dhcp', 16],
    ['mrouted', 17],
    ['keepalived', 18],
    ['babel', 42],
    ['openr', 99],
    ['bgp', 186],
    ['isis', 187],
    ['ospf', 188],
    ['rip', 189],
    ['eigrp', 192],
  ]),
  scope: new Map([
    ['global', 0],
    ['site', 200],
    ['link', 253],
    ['host', 254],
    ['nowhere', 255],
  ]),
  realm: new Map([
    ['unknown', 0],
    ['cosmos', 0],
  ]),
  typeOfService: new Map(differentiatedServices()),
  group: new Map([['default', 0]]),
  ipProtocol: new Map([
    ['icmp', 1],
    ['igmp', 2],
    ['ipip', 4],
    ['tcp', 6],
    ['udp', 17],
    ['dccp', 33],
    ['gre', 47],
    ['esp', 50],
    ['ah', 51],
    ['ipv6-icmp', 58],
    ['vrrp', 112],
    ['sctp', 132],
    ['udplite', 136],
  ]),
};

/** RFC 2474 (class selectors), RFC 2597 (assured forwarding), RFC 3246 (expedited forwarding). */
function differentiatedServices(): readonly (readonly [string, number])[] {
  const selectors = [0, 1, 2, 3, 4, 5, 6, 7].map((level) => [`CS${level}`, level << 5] as const);
  const assured = [1, 2, 3, 4].flatMap((level) =>
    [1, 2, 3].map((drop) => [`AF${level}${drop}`, (level << 5) | (drop << 3)] as const),
  );
  return [['default', 0], ...selectors, ...assured, ['EF', 0xb8]];
}
