/** What the rules of this folder look at: each address that an instance holds, and where it goes. */
import type { FileModel, InstanceModel } from '../../../model/index.ts';

type VirtualAddress = InstanceModel['addresses'][number];

/** Advertised or not. */
export function heldBy({ addresses, excludedAddresses }: InstanceModel): readonly VirtualAddress[] {
  return excludedAddresses.length === 0 ? addresses : [...addresses, ...excludedAddresses];
}

/** Undefined where neither the line nor the instance names one. */
export function deviceOf({ value }: VirtualAddress, instance: InstanceModel): string | undefined {
  return value.device ?? instance.interface;
}

/** Without a second block of a name, which keepalived skips. */
export function distinctInstances({ instances }: FileModel): readonly InstanceModel[] {
  const names = new Set<string>();
  return instances.filter(({ name }) => {
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
}

/** `192.0.2.10/24`, or without a prefix length where none is written. */
export function addressText({ value: { address, prefixLength } }: VirtualAddress): string {
  return prefixLength === undefined ? address : `${address}/${prefixLength}`;
}
