/** What a handler gets and gives, and the small acts that several handlers share. */
import type { VirtualAddress, VrrpInstanceConfig } from '../config-parser/config.ts';
import type {
  InstanceEffect,
  InstanceEvent,
  InstanceReport,
  StateName,
  TransitionReason,
} from './messages.ts';
import type { InstanceState } from './state.ts';
import { type Counter, counted } from './statistics.ts';

export interface Step<Next extends InstanceState = InstanceState> {
  readonly next: Next;
  /** To be performed in this order. */
  readonly effects: readonly InstanceEffect[];
}

export interface Context<State extends InstanceState> {
  readonly config: VrrpInstanceConfig;
  readonly state: State;
  readonly nowMs: number;
}

export type EventKind = InstanceEvent['kind'];
export type EventOf<Kind extends EventKind> = Extract<InstanceEvent, { kind: Kind }>;

/** One handler for every event: a pair that is missing does not compile. */
export type Handlers<State extends InstanceState> = {
  readonly [Kind in EventKind]: (context: Context<State>, event: EventOf<Kind>) => Step;
};

/** Nothing happens. */
export function ignore({ state }: Context<InstanceState>): Step {
  return { next: state, effects: [] };
}

/** The sum of configured priority and, later, what tracking adds to it. */
export function effectivePriority(config: VrrpInstanceConfig): number {
  return config.basePriority;
}

/** RFC 3768 section 1.3: the router that has the virtual addresses as its own; it always takes them. */
export function isOwner(config: VrrpInstanceConfig): boolean {
  return config.basePriority === 255;
}

/** Everything that is held while Master, advertised or not. */
export function heldAddresses(config: VrrpInstanceConfig): readonly VirtualAddress[] {
  return [...config.virtualAddresses, ...config.excludedAddresses];
}

export function stateChanged(
  config: VrrpInstanceConfig,
  transition: { readonly from: StateName; readonly to: StateName; readonly reason: TransitionReason },
): InstanceEffect {
  return { kind: 'stateChanged', ...transition, priority: effectivePriority(config) };
}

export function report(instanceReport: InstanceReport): InstanceEffect {
  return { kind: 'report', report: instanceReport };
}

/** An effect for each list that is not empty: an instance without addresses adds and announces none. */
export function forAddresses(
  addresses: readonly VirtualAddress[],
  effect: (addresses: readonly VirtualAddress[]) => InstanceEffect,
): readonly InstanceEffect[] {
  return addresses.length === 0 ? [] : [effect(addresses)];
}

export function addAddresses(addresses: readonly VirtualAddress[]): readonly InstanceEffect[] {
  return forAddresses(addresses, (some) => ({ kind: 'addAddresses', addresses: some }));
}

export function removeAddresses(addresses: readonly VirtualAddress[]): readonly InstanceEffect[] {
  return forAddresses(addresses, (some) => ({ kind: 'removeAddresses', addresses: some }));
}

export function sendGratuitousArp(
  addresses: readonly VirtualAddress[],
  repeat: number,
): readonly InstanceEffect[] {
  if (repeat === 0) return [];
  return forAddresses(addresses, (some) => ({ kind: 'sendGratuitousArp', addresses: some, repeat }));
}

export function withCounted<State extends InstanceState>(
  state: State,
  ...counters: readonly Counter[]
): State {
  return { ...state, statistics: counted(state.statistics, ...counters) };
}

/** A report that is made once until the state or the master changes: `key` says what counts as the same. */
export function reportOnce<State extends InstanceState>(
  state: State,
  key: string,
  instanceReport: InstanceReport,
): Step<State> {
  if (state.reported.includes(key)) return { next: state, effects: [] };
  return { next: { ...state, reported: [...state.reported, key] }, effects: [report(instanceReport)] };
}
