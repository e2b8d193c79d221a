/** keepalived.conf(5): virtual_server_group: what its lines stand for, one by one. */
import {
  type AddressFamily,
  addressBytes,
  addressFromBytes,
  familyOf,
  type IpAddress,
} from '../net/address.ts';
import type { Given, GivenOf } from './block-values.ts';
import type { Protocol, VirtualService } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { GroupEntry, root } from './schema/index.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

type GivenGroup = GivenOf<typeof root.keywords.virtual_server_group>;

export interface ServerGroup {
  readonly entries: readonly GroupEntry[];
  /** Otherwise it has been said why its services are left out. */
  readonly isUsable: boolean;
  readonly hasAddress: boolean;
}

/** Each of them is a service of the kernel: what is far beyond that is a mistake, or would fill the memory. */
export const mostServicesOfGroup = 65_536;

/** By name; wherever they stand in the file. */
export function resolveServerGroups(
  outer: RootValues,
  context: ResolveContext,
): ReadonlyMap<string, ServerGroup> {
  const given = firstOfEachName(outer.all('virtual_server_group'), context);
  return new Map(given.map((group) => [group.value, resolveGroup(group, context)]));
}

function resolveGroup(given: GivenGroup, context: ResolveContext): ServerGroup {
  const entries = given.entries.map(({ value }) => value);
  const isUsable =
    reportEmpty(given, context) && reportFamilies(given, context) && reportSize(given, context);
  return {
    entries,
    isUsable,
    hasAddress: entries.some(({ kind }) => kind !== 'fwmark'),
  };
}

const outcome = 'its services are left out';

function reportEmpty(given: GivenGroup, context: ResolveContext): boolean {
  if (given.entries.length > 0) return true;
  const message = `virtual_server_group ${given.value} has no good entry; ${outcome}`;
  reportPart({ ...context, given }, 'error', 'group-empty', message);
  return false;
}

function reportFamilies(given: GivenGroup, context: ResolveContext): boolean {
  const mark = given.entries.find(({ value }) => value.kind === 'fwmark' && value.family === undefined);
  if (mark === undefined || familiesOf(given.entries).size < 2) return true;
  const message = `virtual_server_group ${given.value} has IPv4 and IPv6 addresses, so that nothing tells the family of this mark; ${outcome}`;
  const help = 'write inet or inet6 after the mark';
  reportPart({ ...context, given }, 'error', 'group-mixed-families', message, mark.heading, help);
  return false;
}

function familiesOf(entries: readonly Given<GroupEntry>[]): ReadonlySet<AddressFamily> {
  return new Set(entries.flatMap(({ value }) => (value.kind === 'fwmark' ? [] : [familyOf(firstOf(value))])));
}

function reportSize(given: GivenGroup, context: ResolveContext): boolean {
  let total = 0;
  for (const entry of given.entries) {
    total += countOf(entry.value);
    if (total <= mostServicesOfGroup) continue;
    const message = `virtual_server_group ${given.value} stands for more than ${mostServicesOfGroup} services with this line, and each is one of the kernel; ${outcome}`;
    const help = 'mark the packets in the firewall, and write "fwmark" and the mark in place of the network';
    reportPart({ ...context, given }, 'error', 'group-too-large', message, entry.heading, help);
    return false;
  }
  return true;
}

/** Of a network of IPv6 it may be as good as infinite. */
function countOf(entry: GroupEntry): number {
  switch (entry.kind) {
    case 'address':
    case 'fwmark':
      return 1;
    case 'network':
      return 2 ** ((familyOf(entry.address) === 4 ? 32 : 128) - entry.prefixLength);
    case 'range':
      return Number(numberOf(entry.last) - numberOf(entry.first)) + 1;
  }
}

function numberOf(address: IpAddress): bigint {
  let value = 0n;
  for (const byte of addressBytes(address)) value = value * 256n + BigInt(byte);
  return value;
}

function firstOf(entry: Exclude<GroupEntry, { readonly kind: 'fwmark' }>): IpAddress {
  return entry.kind === 'range' ? entry.first : entry.address;
}

/**
 * The services of a usable group, each once.
 * @param markFamily of marks that do not say it, where the addresses beside them do not either.
 */
export function servicesOf(
  { entries }: ServerGroup,
  protocol: Protocol,
  markFamily: AddressFamily | undefined,
): readonly VirtualService[] {
  const beside = entries.find(({ kind }) => kind !== 'fwmark');
  const familyBeside =
    beside !== undefined && beside.kind !== 'fwmark' ? familyOf(firstOf(beside)) : undefined;
  const usual = familyBeside ?? markFamily ?? 4;
  const services = new Map<string, VirtualService>();
  for (const entry of entries) {
    if (entry.kind === 'fwmark') {
      const family = entry.family ?? usual;
      services.set(`fwmark ${entry.mark} ${family}`, { kind: 'fwmark', mark: entry.mark, family });
      continue;
    }
    const { port = 0 } = entry;
    for (const address of addressesOf(entry)) {
      services.set(`${address} ${port}`, { kind: 'address', protocol, address, port });
    }
  }
  return [...services.values()];
}

function* addressesOf(entry: Exclude<GroupEntry, { readonly kind: 'fwmark' }>): Generator<IpAddress> {
  const first = firstOf(entry);
  const count = countOf(entry);
  yield first;
  const bytes = Uint8Array.from(addressBytes(first));
  for (let index = 1; index < count; index += 1) {
    let at = bytes.length - 1;
    while (bytes[at] === 0xff) {
      bytes[at] = 0;
      at -= 1;
    }
    bytes[at] = (bytes[at] ?? 0) + 1;
    yield addressFromBytes(bytes);
  }
}
