/** The virtual addresses of two counterparts, side by side. */
import type { InstanceModel } from '../../model/index.ts';

export type VirtualAddress = InstanceModel['addresses'][number];

export interface ListDifference {
  /** Only the first has them. */
  readonly missing: readonly VirtualAddress[];
  /** Only the second has them. */
  readonly extra: readonly VirtualAddress[];
}

export function compareLists(
  first: readonly VirtualAddress[],
  second: readonly VirtualAddress[],
): ListDifference {
  return { missing: notIn(first, second), extra: notIn(second, first) };
}

function notIn(list: readonly VirtualAddress[], other: readonly VirtualAddress[]): readonly VirtualAddress[] {
  const known = new Set(other.map(({ value }) => value.address));
  return list.filter(({ value }) => !known.has(value.address));
}

export function differs({ missing, extra }: ListDifference): boolean {
  return missing.length + extra.length > 0;
}

export function addressesText(list: readonly VirtualAddress[]): readonly string[] {
  return list.map(({ value }) => value.address);
}
