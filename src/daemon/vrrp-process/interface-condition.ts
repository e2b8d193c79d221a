/** What an interface's state means for an instance on it: run, with which source address, or the fault that forbids it. */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import type { LinkState } from '../../kernel/link-monitor.ts';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { FaultReason } from '../../vrrp/messages.ts';

export type InterfaceCondition =
  | { readonly kind: 'usable'; readonly interfaceIndex: number; readonly sourceAddress: IpAddress }
  | { readonly kind: 'fault'; readonly fault: FaultReason };

/** rtnetlink scopes: an advertisement must not come from an address that is only valid on this host. */
const scopeLink = 253;

/**
 * `ours` are all virtual addresses of the configuration: one left on the interface by a crashed run must not become
 * the source of advertisements, since it goes away with the next election.
 */
export function interfaceCondition(
  config: Pick<VrrpInstanceConfig, 'family' | 'sourceAddress'>,
  link: LinkState | undefined,
  ours: ReadonlySet<IpAddress>,
): InterfaceCondition {
  if (link === undefined) return { kind: 'fault', fault: 'interface-missing' };
  if (!link.isUp || !link.isRunning) return { kind: 'fault', fault: 'interface-down' };
  const sourceAddress = sourceFor(config, link, ours);
  if (sourceAddress === undefined) return { kind: 'fault', fault: 'no-source-address' };
  return { kind: 'usable', interfaceIndex: link.index, sourceAddress };
}

function sourceFor(
  config: Pick<VrrpInstanceConfig, 'family' | 'sourceAddress'>,
  link: LinkState,
  ours: ReadonlySet<IpAddress>,
): IpAddress | undefined {
  const present = link.addresses.filter(({ address }) => familyOf(address) === config.family);
  if (config.sourceAddress !== undefined) {
    return present.find(({ address }) => address === config.sourceAddress)?.address;
  }
  const candidates = present.filter(({ address }) => !ours.has(address));
  // IPv4: the interface's primary address. IPv6: RFC 5798 section 5.1.2.2 wants the link-local address.
  const fits =
    config.family === 4
      ? (candidates.find(({ scope, isSecondary }) => !isSecondary && scope < scopeLink) ?? candidates[0])
      : candidates.find(({ scope, isTentative }) => scope === scopeLink && !isTentative);
  return fits?.address;
}
