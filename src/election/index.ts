/** Who is Master when: answered by the core of the daemon itself, on a virtual clock, without running anything. */
export { type Condition, conditionsOf, describeCondition } from './conditions.ts';
export {
  type DomainOutcome,
  decideElection,
  type Election,
  type ElectionOptions,
  type NodeOutcome,
  type Outcome,
} from './decide.ts';
export type { ElectionNode } from './domains.ts';
