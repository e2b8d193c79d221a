/**
 * The rules as one transaction of nft(8), and what a listing of them says. A table of our own for each family. The targets are
 * elements of sets, so that a packet is compared with one set for all virtual servers of a protocol, however many there are.
 */
import type { LocalAddressRange } from '../config-parser/config.ts';
import type { AddressFamily } from '../net/address.ts';
import { rangeText, shares } from './address-share.ts';
import type { FullNatGroup, FullNatTarget } from './rules.ts';

export const nftTable = 'holdfast_fullnat';

const words = { 4: 'ip', 6: 'ip6' } as const;

/** Before source NAT of others, which might be for all that leaves by an interface: the first that decides, decides. */
const priority = 'srcnat - 1';

/** Puts the table in the place of what it was; no groups leave none. */
export function nftText(family: AddressFamily, groups: readonly FullNatGroup[]): string {
  if (groups.length === 0) return nftRemoval(family);
  const parts = groups.map((group, index) => groupText(family, group, index));
  return [
    `${nftRemoval(family)}table ${words[family]} ${nftTable} {`,
    ...parts.flatMap((part) => part.blocks),
    '\tchain postrouting {',
    `\t\ttype nat hook postrouting priority ${priority}; policy accept;`,
    ...parts.flatMap((part) => part.rules).map((rule) => `\t\t${rule}`),
    '\t}',
    '}\n',
  ].join('\n');
}

/** Leaves no such table; also where there is none. */
export function nftRemoval(family: AddressFamily): string {
  const table = `table ${words[family]} ${nftTable}`;
  return `${table}\ndelete ${table}\n`;
}

/**
 * What `nft list table` says, one thing each with the block that it is in, so that two listings can be compared whatever the
 * order and the line breaks of their elements.
 */
export function nftFacts(listing: string): readonly string[] {
  const facts: string[] = [];
  let block = '';
  for (const line of listing.split('\n').map((text) => text.trim())) {
    const begins = /^((?:set|chain) \S+) \{$/.exec(line);
    if (begins !== null) block = begins[1] ?? '';
    else if (line !== '' && line !== '}' && !line.startsWith('table ')) {
      facts.push(...piecesOf(line).map((piece) => `${block}: ${piece}`));
    }
  }
  return facts;
}

/** A line of a set may hold many elements, and nft breaks lines as it likes. A rule is one piece. */
function piecesOf(line: string): readonly string[] {
  const isElements = line.startsWith('elements = {') || /^[^{]*\s\.\s[^{]*[,}]$/.test(line);
  if (!isElements) return [line];
  return line
    .replace(/^elements = \{/, '')
    .replace(/\}$/, '')
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
}

interface GroupText {
  /** Sets and chains. */
  readonly blocks: readonly string[];
  readonly rules: readonly string[];
}

function groupText(family: AddressFamily, group: FullNatGroup, index: number): GroupText {
  const translation = translate(group.localAddresses, index);
  const parts = byShape(group.targets).map((targets, number) =>
    shapeText(family, targets, `servers_${index}_${number}`),
  );
  return {
    blocks: [...translation.chains, ...parts.flatMap((part) => part.blocks)],
    rules: parts.flatMap((part) => part.rules).map((match) => `${match} ${translation.statement}`),
  };
}

/** Targets of one shape differ only in values, and so are elements of one set. */
function byShape(targets: readonly FullNatTarget[]): readonly (readonly FullNatTarget[])[] {
  const shapes = new Map<string, FullNatTarget[]>();
  for (const target of targets) {
    const shape = shapeOf(target);
    const alike = shapes.get(shape);
    if (alike === undefined) shapes.set(shape, [target]);
    else alike.push(target);
  }
  return [...shapes.values()];
}

function shapeOf({ service, port }: FullNatTarget): string {
  if (service.kind === 'fwmark') return 'mark';
  return `${service.protocol} ${service.port !== 0} ${port !== 0}`;
}

function shapeText(family: AddressFamily, targets: readonly FullNatTarget[], name: string): GroupText {
  const [sample] = targets;
  if (sample === undefined) return { blocks: [], rules: [] };
  const fields = fieldsOf(family, sample);
  const elements = targets.map((target) => fields.map(({ value }) => value(target)).join(' . '));
  const transport = transportOf(sample);
  const expressions = fields.map(({ expression }) => expression).join(' . ');
  return {
    blocks: [
      `\tset ${name} {`,
      `\t\ttype ${fields.map(({ type }) => type).join(' . ')}`,
      `\t\telements = { ${elements.join(', ')} }`,
      '\t}',
    ],
    // nft must be told the protocol before it knows what the ports of a connection look like.
    rules: [`${transport === undefined ? '' : `meta l4proto ${transport} `}${expressions} @${name}`],
  };
}

interface Field {
  readonly type: string;
  readonly expression: string;
  readonly value: (target: FullNatTarget) => string;
}

function fieldsOf(family: AddressFamily, sample: FullNatTarget): readonly Field[] {
  const { service, port } = sample;
  const ip = words[family];
  const type = `ipv${family}_addr`;
  const made: readonly Field[] =
    service.kind === 'fwmark'
      ? [{ type: 'mark', expression: 'meta mark', value: markOf }]
      : [{ type, expression: `ct original ${ip} daddr`, value: virtualAddressOf }];
  const madePort: Field = {
    type: 'inet_service',
    expression: 'ct original proto-dst',
    value: virtualPortOf,
  };
  const server: Field = { type, expression: `${ip} daddr`, value: ({ address }) => address };
  const serverPort: Field = {
    type: 'inet_service',
    expression: `${transportOf(sample)} dport`,
    value: (target) => String(target.port),
  };
  const hasVirtualPort = service.kind === 'address' && service.port !== 0;
  return [...made, ...(hasVirtualPort ? [madePort] : []), server, ...(port === 0 ? [] : [serverPort])];
}

function markOf({ service }: FullNatTarget): string {
  return service.kind === 'fwmark' ? String(service.mark) : '0';
}

function virtualAddressOf({ service }: FullNatTarget): string {
  return service.kind === 'address' ? service.address : '';
}

function virtualPortOf({ service }: FullNatTarget): string {
  return service.kind === 'address' ? String(service.port) : '0';
}

/** Undefined for a firewall mark, which says nothing of it. */
function transportOf({ service }: FullNatTarget): string | undefined {
  return service.kind === 'address' ? service.protocol.toLowerCase() : undefined;
}

interface Translation {
  readonly chains: readonly string[];
  readonly statement: string;
}

/** `fully-random`: ports that nobody guesses, and no search for a free one in order. */
function translate(ranges: readonly LocalAddressRange[], index: number): Translation {
  const [first, ...others] = ranges;
  if (first === undefined) return { chains: [], statement: 'masquerade fully-random' };
  if (others.length === 0) return { chains: [], statement: snat(first) };
  const parts = shares(ranges);
  const total = parts.reduce((sum, share) => sum + share, 0);
  const cases = ranges.map((_, number) => {
    const from = parts.slice(0, number).reduce((sum, share) => sum + share, 0);
    const to = from + (parts[number] ?? 1) - 1;
    return `${from === to ? from : `${from}-${to}`} : goto local_${index}_${number}`;
  });
  return {
    chains: ranges.flatMap((range, number) => [
      `\tchain local_${index}_${number} {`,
      `\t\t${snat(range)}`,
      '\t}',
    ]),
    statement: `numgen random mod ${total} vmap { ${cases.join(', ')} }`,
  };
}

function snat(range: LocalAddressRange): string {
  return `snat to ${rangeText(range)} fully-random`;
}
