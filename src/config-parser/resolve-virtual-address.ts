/** keepalived.conf(5): the entries of virtual_ipaddress and virtual_ipaddress_excluded. */
import { type AddressFamily, familyOf, type IpAddress } from '../net/address.ts';
import type { Given } from './block-values.ts';
import type { VirtualAddress } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { type AddressEntry, prefixLengthOf } from './schema/index.ts';

export interface InstanceAddresses {
  /** Of the first virtual address; undefined when there is none. */
  readonly family?: AddressFamily;
  readonly virtual: readonly VirtualAddress[];
  readonly excluded: readonly VirtualAddress[];
}

/** RFC 3768 section 5.3.5: Count IP Addrs has one byte. */
const mostAdvertised = 255;

export function resolveVirtualAddresses(
  context: InstanceContext,
  ownInterface: string | undefined,
): InstanceAddresses {
  const { values } = context;
  const known = new Map<IpAddress, VirtualAddress>();
  const advertised = resolveList(context, ownInterface, values.entries('virtual_ipaddress'), known);
  const excluded = resolveList(context, ownInterface, values.entries('virtual_ipaddress_excluded'), known);
  const [first] = advertised;
  if (first === undefined) return { virtual: [], excluded };
  const family = familyOf(first.address);
  const virtual = advertised.filter((entry) => isOfFamily(context, entry, family));
  if (virtual.length > mostAdvertised) {
    const message = `an advertisement holds at most ${mostAdvertised} addresses, found ${virtual.length}; the rest is held and not advertised`;
    reportPart(
      context,
      'error',
      'too-many-addresses',
      message,
      context.spans.spanOf(virtual[mostAdvertised] ?? first),
    );
  }
  const excess = virtual.slice(mostAdvertised);
  return { family, virtual: virtual.slice(0, mostAdvertised), excluded: [...excess, ...excluded] };
}

function isOfFamily(context: InstanceContext, entry: VirtualAddress, family: AddressFamily): boolean {
  if (familyOf(entry.address) === family) return true;
  const message = `virtual_ipaddress holds IPv${family} addresses here, found "${entry.address}"; it is ignored`;
  const help = 'put it into virtual_ipaddress_excluded, or into an instance of its own';
  reportPart(context, 'error', 'address-family-mismatch', message, context.spans.spanOf(entry), help);
  return false;
}

function resolveList(
  context: InstanceContext,
  ownInterface: string | undefined,
  lines: readonly Given<AddressEntry>[],
  known: Map<IpAddress, VirtualAddress>,
): readonly VirtualAddress[] {
  const entries: VirtualAddress[] = [];
  for (const line of lines) {
    const { value } = line;
    const device = value.device ?? ownInterface;
    if (device === undefined) {
      const message = `${value.address} has no interface to go to; it is ignored`;
      const help = 'write "dev" and an interface after the address, or "interface" in the instance';
      reportPart(context, 'error', 'vip-without-interface', message, line.heading, help);
      continue;
    }
    const entry = virtualAddress(value, device);
    context.spans.record(entry, line);
    const first = known.get(entry.address);
    if (first === undefined) {
      known.set(entry.address, entry);
      entries.push(entry);
    } else reportDuplicate(context, entry, first);
  }
  return entries;
}

/** @param device where it is held. */
export function virtualAddress(entry: AddressEntry, device: string): VirtualAddress {
  const { address, scope, label, broadcast, peer, peerPrefixLength } = entry;
  const preferredLifetimeSeconds = preferredLifetimeOf(entry);
  return {
    address,
    prefixLength: prefixLengthOf(entry),
    interface: device,
    scope: scope ?? 0,
    ...(label !== undefined && { label }),
    ...(broadcast !== undefined && { broadcast }),
    ...(peer !== undefined && { peer }),
    ...(peerPrefixLength !== undefined && { peerPrefixLength }),
    ...(entry.home && { home: true }),
    ...(entry.mngtmpaddr && { mngtmpaddr: true }),
    ...(entry.noPrefixRoute && { noPrefixRoute: true }),
    ...(entry.autojoin && { autojoin: true }),
    ...(preferredLifetimeSeconds !== undefined && { preferredLifetimeSeconds }),
    ...(entry.noTrack && { noTrack: true }),
    // There is no other interface to make one on where the line names none.
    ...(entry.useVmac && entry.device !== undefined && { useVmac: true }),
  };
}

/**
 * An address that comes and goes is a bad source for what this machine sends of its own accord. keepalived.conf(5): one of IPv6 with /128
 * is deprecated unless it says `preferred_lft forever`. IPv4 has no such mark.
 */
function preferredLifetimeOf(entry: AddressEntry): number | undefined {
  const isHost = familyOf(entry.address) === 6 && prefixLengthOf(entry) === 128;
  return entry.preferredLftSeconds ?? (isHost ? 0 : undefined);
}

function reportDuplicate(context: InstanceContext, entry: VirtualAddress, first: VirtualAddress): void {
  const { spans, reporter } = context;
  const span = spans.spanOf(entry);
  const place = spans.spanOf(first);
  reporter.report({
    severity: 'error',
    code: 'duplicate-address',
    message: `${entry.address} stands in this vrrp_instance already; it is ignored`,
    ...(span && { span }),
    ...(place && { notes: [{ span: place, message: 'the first is here' }] }),
  });
}
