/** What an interface's state means for an instance on it: run, with which source address, or the fault that forbids it. */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import { type LinkState, primaryAddress } from '../../kernel/link-monitor.ts';
import type { IpAddress } from '../../net/address.ts';
import type { FaultReason } from '../../vrrp/messages.ts';

export type InterfaceCondition =
  | { readonly kind: 'usable'; readonly interfaceIndex: number; readonly sourceAddress: IpAddress }
  | { readonly kind: 'fault'; readonly fault: FaultReason };

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
  const { family, sourceAddress } = config;
  if (sourceAddress === undefined) return primaryAddress(link, family, ours);
  return link.addresses.some(({ address }) => address === sourceAddress) ? sourceAddress : undefined;
}
