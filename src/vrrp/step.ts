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

export function stay<State extends InstanceState>(
  next: State,
  ...effects: readonly InstanceEffect[]
): Step<State> {
  return { next, effects };
}

/** The first step, then what `act` makes of the state that it left. */
export function andThen<First extends InstanceState, Last extends InstanceState>(
  first: Step<First>,
  act: (state: First) => Step<Last>,
): Step<Last> {
  const second = act(first.next);
  return { next: second.next, effects: [...first.effects, ...second.effects] };
}

/** keepalived.conf(5): priority and the weights of what is tracked, 1 to 254; an owner's 255 never changes. */
export function effectivePriority(
  config: Pick<VrrpInstanceConfig, 'basePriority'>,
  { weight }: Pick<InstanceState, 'weight'>,
): number {
  return isOwner(config) ? 255 : Math.min(Math.max(config.basePriority + weight, 1), 254);
}

/** RFC 3768 section 1.3: the router that has the virtual addresses as its own; it always takes them. */
export function isOwner(config: Pick<VrrpInstanceConfig, 'basePriority'>): boolean {
  return config.basePriority === 255;
}

/** Everything that is held while Master, advertised or not. */
export function heldAddresses(config: VrrpInstanceConfig): readonly VirtualAddress[] {
  return [...config.virtualAddresses, ...config.excludedAddresses];
}

export function stateChanged(
  { config, state }: Context<InstanceState>,
  to: StateName,
  reason: TransitionReason,
): InstanceEffect {
  return { kind: 'stateChanged', from: state.name, to, reason, priority: effectivePriority(config, state) };
}

export function report(instanceReport: InstanceReport): InstanceEffect {
  return { kind: 'report', report: instanceReport };
}

/** What goes with every state into the next. */
export function carried({ statistics, weight, hold, peers, memory }: InstanceState): Carried {
  return { statistics, weight, hold, peers, memory, reported: [] };
}

type Carried = Pick<InstanceState, 'statistics' | 'weight' | 'hold' | 'peers' | 'memory' | 'reported'>;

/** With its effective priority; what is sent is counted by whoever makes the next state. */
export function sendAdvertisement({ config, state }: Context<InstanceState>): InstanceEffect {
  return { kind: 'sendAdvertisement', priority: effectivePriority(config, state) };
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

type Routes = Pick<VrrpInstanceConfig, 'virtualRoutes' | 'virtualRules'>;

export function addRoutes({ virtualRoutes: routes, virtualRules: rules }: Routes): readonly InstanceEffect[] {
  return routes.length + rules.length === 0 ? [] : [{ kind: 'addRoutes', routes, rules }];
}

/** Without those that stay away when somebody else takes them (keepalived.conf(5): no_track). */
export function trackedRoutes({ virtualRoutes, virtualRules }: Routes): Routes {
  return {
    virtualRoutes: virtualRoutes.filter(({ noTrack }) => !noTrack),
    virtualRules: virtualRules.filter(({ noTrack }) => !noTrack),
  };
}

export function removeRoutes({
  virtualRoutes: routes,
  virtualRules: rules,
}: Routes): readonly InstanceEffect[] {
  return routes.length + rules.length === 0 ? [] : [{ kind: 'removeRoutes', routes, rules }];
}

/** Everything that only a Master has: rules and routes go before the addresses that they lean on. */
export function letGo(config: VrrpInstanceConfig): readonly InstanceEffect[] {
  return [...removeRoutes(config), ...removeAddresses(heldAddresses(config))];
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
