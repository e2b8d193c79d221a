/** What a reload would change, as values: nothing is changed here. */
export { differences } from './differences.ts';
export type { InstanceFacts } from './instance-consequences.ts';
export { planConfiguration } from './plan-configuration.ts';
export { isEmptyPlan, type Plan, type PlannedChange } from './planned-change.ts';
