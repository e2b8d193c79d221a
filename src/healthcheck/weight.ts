/** What a real server weighs: as configured, and what its checks make of it. */
import type { RealServerConfig } from '../config-parser/config.ts';
import type { DynamicWeight } from './probe.ts';

export interface WeighedByChecks {
  readonly config: Pick<RealServerConfig, 'weight'>;
  /** An operator has drained it. */
  readonly isHeld: boolean;
  readonly checkers: readonly { readonly weight?: DynamicWeight }[];
}

/** IPVS holds weights in 31 bits. */
const largestWeight = 2 ** 31 - 1;

/**
 * keepalived adds up what each check adds (FILE_CHECK), and what a check sets (MISC_CHECK with misc_dynamic) counts as its
 * difference from the configured weight; it keeps the sum as it is and shows the kernel no less than 0. There the last check to
 * speak decides what became of one that set; here the result does not depend on their order.
 */
export function effectiveWeight({ config, isHeld, checkers }: WeighedByChecks): number {
  if (isHeld) return 0;
  let weight = config.weight;
  for (const checker of checkers) weight += difference(checker.weight, config.weight);
  return Math.min(Math.max(weight, 0), largestWeight);
}

export function isSameWeight(a: DynamicWeight | undefined, b: DynamicWeight | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return 'set' in a ? 'set' in b && a.set === b.set : 'added' in b && a.added === b.added;
}

function difference(weight: DynamicWeight | undefined, configured: number): number {
  if (weight === undefined) return 0;
  return 'set' in weight ? weight.set - configured : weight.added;
}
