/** What the rules ask of a virtual_server_group. */
import type { AddressFamily, IpAddress } from '../../../net/address.ts';
import { familyOf } from '../../../net/address.ts';
import type { FileModel } from '../../model/index.ts';

export type ServerGroup = NonNullable<ReturnType<FileModel['serverGroups']['get']>>;
export type GroupEntry = ServerGroup['entries'][number]['value'];

/** Of a firewall mark undefined unless it says one. */
export function familyOfEntry(entry: GroupEntry): AddressFamily | undefined {
  if (entry.kind === 'fwmark') return entry.family;
  return familyOf(entry.kind === 'range' ? entry.first : entry.address);
}

/** The ports of the group's addresses, each once; 0 for all ports. */
export function portsOf({ entries }: ServerGroup): readonly number[] {
  return [...new Set(entries.flatMap(({ value }) => (value.kind === 'fwmark' ? [] : [value.port ?? 0])))];
}

/** The single addresses of a group, without ranges and networks. */
export function addressesOf({ entries }: ServerGroup): readonly { address: IpAddress; port: number }[] {
  return entries.flatMap(({ value }) =>
    value.kind === 'address' ? [{ address: value.address, port: value.port ?? 0 }] : [],
  );
}
