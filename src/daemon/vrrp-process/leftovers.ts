/** A run that was killed left its addresses on the interface: until the election is won again they are not ours to hold. */
import type { VirtualAddress, VrrpInstanceConfig } from '../../config-parser/config.ts';
import type { LinkMonitor } from '../../kernel/link-monitor.ts';

/** Of instances that start now; those that run already keep theirs. */
export function leftovers(
  starting: readonly VrrpInstanceConfig[],
  links: ReturnType<LinkMonitor['links']>,
): readonly VirtualAddress[] {
  // The owner's addresses may be the interface's own, and it takes them at once anyway.
  const wanted = starting.filter(({ basePriority }) => basePriority !== 255).flatMap(heldBy);
  return wanted.filter(({ address, interface: name }) =>
    links.get(name)?.addresses.some((held) => held.address === address),
  );
}

export function heldBy({
  virtualAddresses,
  excludedAddresses,
}: VrrpInstanceConfig): readonly VirtualAddress[] {
  return [...virtualAddresses, ...excludedAddresses];
}
