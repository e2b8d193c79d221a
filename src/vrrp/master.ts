/** What a Master does with each event (RFC 3768 section 6.4.3, and keepalived's answers to a lower priority). */
import type { VirtualAddress, VrrpInstanceConfig } from '../config-parser/config.ts';
import { compareAddresses } from '../net/address.ts';
import { type HeardAdvertisement, hear } from './hearing.ts';
import type { InstanceEffect } from './messages.ts';
import { runningHandlers } from './running.ts';
import type { MasterState } from './state.ts';
import {
  addAddresses,
  type Context,
  effectivePriority,
  type Handlers,
  heldAddresses,
  isOwner,
  report,
  reportOnce,
  type Step,
  sendGratuitousArp,
  withCounted,
} from './step.ts';
import { burstAfter, demote } from './transitions.ts';

export const masterHandlers: Handlers<MasterState> = {
  ...runningHandlers,
  timeout: onTimeout,
  packet: (context, { datagram }) => hear(context, datagram, answer),
  addressDeleted: (context, { address }) => restoreAddress(context, address),
};

/** The advertisement first: it is what keeps the Backups quiet. */
function onTimeout(context: Context<MasterState>): Step {
  const advertised = whenDue(context, context.state.advertiseAtMs, advertise);
  const repeated = whenDue(
    { ...context, state: advertised.next },
    context.state.secondBurst?.atMs,
    repeatBurst,
  );
  const refreshed = whenDue({ ...context, state: repeated.next }, context.state.refreshAtMs, refresh);
  return {
    next: refreshed.next,
    effects: [...advertised.effects, ...repeated.effects, ...refreshed.effects],
  };
}

function whenDue(
  context: Context<MasterState>,
  atMs: number | undefined,
  act: (context: Context<MasterState>) => Step<MasterState>,
): Step<MasterState> {
  return atMs !== undefined && context.nowMs >= atMs ? act(context) : { next: context.state, effects: [] };
}

/** RFC 3768 section 6.4.3: if the Adver_Timer fires. */
function advertise({ config, state, nowMs }: Context<MasterState>): Step<MasterState> {
  const advertiseAtMs = following(state.advertiseAtMs, config.advertisementIntervalMs, nowMs);
  return {
    next: { ...withCounted(state, 'advertSent'), advertiseAtMs },
    effects: [sendAdvertisement(config)],
  };
}

function repeatBurst({ config, state }: Context<MasterState>): Step<MasterState> {
  return {
    next: { ...state, secondBurst: undefined },
    effects: sendGratuitousArp(heldAddresses(config), state.secondBurst?.repeat ?? 0),
  };
}

/** keepalived.conf(5): garp_master_refresh, garp_master_refresh_repeat. */
function refresh({ config, state, nowMs }: Context<MasterState>): Step<MasterState> {
  const { masterRefreshMs, masterRefreshRepeat } = config.gratuitousArp;
  const refreshAtMs = following(state.refreshAtMs ?? nowMs, masterRefreshMs, nowMs);
  return {
    next: { ...state, refreshAtMs },
    effects: sendGratuitousArp(heldAddresses(config), masterRefreshRepeat),
  };
}

/** Counted from the deadline, so that lateness does not add up; after a long pause from now, so that nothing is made up for. */
function following(deadlineMs: number, intervalMs: number, nowMs: number): number {
  const nextMs = deadlineMs + intervalMs;
  return nextMs > nowMs ? nextMs : nowMs + intervalMs;
}

/** RFC 3768 section 6.4.3: if an ADVERTISEMENT is received. */
function answer(context: Context<MasterState>, advertisement: HeardAdvertisement): Step {
  const { config, state } = context;
  const { source, priority } = advertisement;
  if (priority === 0) return answerPriorityZero(context);
  const ours = effectivePriority(config);
  if (priority > ours) {
    return yieldTo(context, advertisement, 'higher-priority', {
      kind: 'higherPriorityReceived',
      source,
      priority,
      ours,
    });
  }
  if (priority < ours) return holdAgainst(context, advertisement);
  // The primary addresses decide, as numbers: as text 10.0.0.9 would beat 10.0.0.10.
  const order = compareAddresses(source, state.sourceAddress);
  if (order === 0) return reportOnce(state, 'ownAddressReceived', { kind: 'ownAddressReceived', source });
  const warned = isOwner(config)
    ? reportOnce(state, 'twoOwners', { kind: 'twoOwners', source })
    : unchanged(state);
  const judged = { ...context, state: warned.next };
  const { next, effects } =
    order > 0
      ? yieldTo(judged, advertisement, 'tie-break-lost', { kind: 'tieBreakLost', source, priority })
      : holdAgainst(judged, advertisement);
  return { next, effects: [...effects, ...warned.effects] };
}

function unchanged(state: MasterState): Step<MasterState> {
  return { next: state, effects: [] };
}

/** RFC 3768 section 6.4.3: a Master that hears another one leave says at once that it is here. */
function answerPriorityZero({ config, state, nowMs }: Context<MasterState>): Step {
  const next = { ...withCounted(state, 'advertSent'), advertiseAtMs: nowMs + config.advertisementIntervalMs };
  return { next, effects: [sendAdvertisement(config)] };
}

/** keepalived.conf(5): higher_prio_send_advert sends one more before giving way. */
function yieldTo(
  context: Context<MasterState>,
  { source, intervalMs }: HeardAdvertisement,
  reason: 'higher-priority' | 'tie-break-lost',
  why: Parameters<typeof report>[0],
): Step {
  const { config, state } = context;
  const sends = config.higherPrioSendAdvert;
  const from = sends ? withCounted(state, 'advertSent') : state;
  const step = demote(
    { ...context, state: from },
    { source, masterAdverIntervalMs: intervalMs },
    reason,
    report(why),
  );
  return { next: step.next, effects: sends ? [sendAdvertisement(config), ...step.effects] : step.effects };
}

/**
 * RFC 3768 section 6.4.3 discards it. keepalived, and we, tell the other and the switches where the addresses are
 * (keepalived.conf(5): lower_prio_no_advert, garp_lower_prio_repeat, garp_lower_prio_delay). The Adver_Timer is not touched.
 */
function holdAgainst(
  { config, state, nowMs }: Context<MasterState>,
  { source, priority }: HeardAdvertisement,
): Step {
  const { lowerPrioDelayMs, lowerPrioRepeat } = config.gratuitousArp;
  const sends = !config.lowerPrioNoAdvert;
  const secondBurst = burstAfter(nowMs, lowerPrioDelayMs, lowerPrioRepeat) ?? state.secondBurst;
  const ours = effectivePriority(config);
  return {
    next: { ...(sends ? withCounted(state, 'advertSent') : state), secondBurst },
    effects: [
      ...(sends ? [sendAdvertisement(config)] : []),
      ...sendGratuitousArp(heldAddresses(config), lowerPrioRepeat),
      report({ kind: 'forcingElection', source, priority, ours }),
    ],
  };
}

/** Only what the configuration still wants: the echo of a removal of ours, after a reload, must not undo it. */
function restoreAddress({ config, state }: Context<MasterState>, deleted: VirtualAddress): Step {
  const address = heldAddresses(config).find((held) => isSameAddress(held, deleted));
  if (address === undefined) return { next: state, effects: [] };
  return {
    next: state,
    effects: [
      ...addAddresses([address]),
      ...sendGratuitousArp([address], config.gratuitousArp.masterRepeat),
      report({ kind: 'addressRestored', address }),
    ],
  };
}

function isSameAddress(a: VirtualAddress, b: VirtualAddress): boolean {
  return a.address === b.address && a.interface === b.interface && a.prefixLength === b.prefixLength;
}

function sendAdvertisement(config: VrrpInstanceConfig): InstanceEffect {
  return { kind: 'sendAdvertisement', priority: effectivePriority(config) };
}
