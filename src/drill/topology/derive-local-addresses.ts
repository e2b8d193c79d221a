/** Addresses that packets to real servers leave with under FULLNAT: they have to be on the director, and no file puts them there. */
import type { VirtualServerConfig } from '../../config-parser/config.ts';
import type { IpAddress } from '../../net/address.ts';
import { addressesOfRange } from '../../net/address-range.ts';
import { allAddresses, type NodeConfig } from '../virtual-routers.ts';
import { type Draft, isStatic } from './draft.ts';

/** Of a longer range the kernel chooses others too, which then are nobody's; a note says so. */
const mostOfRange = 256;

export function localAddressesOf({ localAddresses }: VirtualServerConfig): readonly IpAddress[] {
  return localAddresses.flatMap(({ first, last }) => addressesOfRange(first, last, mostOfRange));
}

/** Once the networks of the real servers are known. */
export function giveLocalAddresses(draft: Draft): void {
  for (const node of draft.nodes) {
    const floating = new Set(node.config.vrrpInstances.flatMap(allAddresses));
    for (const address of new Set(node.config.virtualServers.flatMap(localAddressesOf)))
      if (!floating.has(address) && !isStatic(node, address)) give(draft, node, address);
    for (const text of new Set(node.config.virtualServers.flatMap(longRanges)))
      draft.notes.push(
        `${node.name} has only the first ${mostOfRange} of the local addresses ${text}: connections that get another are lost.`,
      );
  }
}

function longRanges({ localAddresses }: VirtualServerConfig): readonly string[] {
  return localAddresses
    .filter(({ first, last }) => addressesOfRange(first, last, mostOfRange).at(-1) !== last)
    .map(({ first, last }) => `${first}-${last}`);
}

function give(draft: Draft, { name }: NodeConfig, address: IpAddress): void {
  if (draft.holds(name, address) || draft.giveWhereItBelongs(name, address)) return;
  draft.notes.push(
    `No network of the lab has the local address ${address} of ${name}: put it in the topology file.`,
  );
}
