/** What a Master does with each event (RFC 3768 section 6.4.3, and keepalived's answers to a lower priority). */
import { compareAddresses } from '../net/address.ts';
import { type HeardAdvertisement, hear } from './hearing.ts';
import { masterTimeout } from './master-deadlines.ts';
import type { InstanceReport } from './messages.ts';
import { isAfterPause } from './pause.ts';
import { noteRival, rivalEnded } from './rival.ts';
import { faultsNow, restoreAddress, runningHandlers, withoutHold, withSurroundings } from './running.ts';
import type { MasterState } from './state.ts';
import {
  addRoutes,
  andThen,
  type Context,
  type EventOf,
  effectivePriority,
  type Handlers,
  heldAddresses,
  ignore,
  isOwner,
  report,
  reportOnce,
  type Step,
  sendAdvertisement,
  sendGratuitousArp,
  stay,
  trackedRoutes,
  withCounted,
} from './step.ts';
import { becomeFault, becomeInitialize, burstAfter, demote, isCutOff, leave } from './transitions.ts';

export const masterHandlers: Handlers<MasterState> = {
  ...runningHandlers,
  shutdown: (context, { atOnce }) =>
    atOnce ? becomeInitialize(context) : leave(context, { to: 'Initialize' }, 'shutdown'),
  timeout: masterTimeout,
  packet: (context, event) => hear(context, event, answer),
  surroundingsChanged: onSurroundings,
  addressDeleted: restoreAddress,
  routesDeleted: ({ config, state }, { what }) =>
    stay(state, ...addRoutes(trackedRoutes(config)), report({ kind: 'routesRestored', what })),
  addressClaimed: onClaim,
  giveUp: onGiveUp,
  resume: ({ state }) => withoutHold(state),
  groupReady: ignore,
  groupLeft: (context) =>
    leave(context, { to: 'Backup', reason: 'group-left', takesBack: false }, 'group-left'),
};

/** RFC 3768 section 6.4.3: if an ADVERTISEMENT is received. */
function answer(context: Context<MasterState>, advertisement: HeardAdvertisement): Step {
  const { config, state } = context;
  const { source, priority } = advertisement;
  if (priority === 0) return answerPriorityZero(context, advertisement);
  const ours = effectivePriority(config, state);
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
    : stay(state);
  const judged = { ...context, state: warned.next };
  const { next, effects } =
    order > 0
      ? yieldTo(judged, advertisement, 'tie-break-lost', { kind: 'tieBreakLost', source, priority })
      : holdAgainst(judged, advertisement);
  return { next, effects: [...effects, ...warned.effects] };
}

/**
 * RFC 3768 section 6.4.3: a Master that hears another one leave says at once that it is here. After a pause the claim that
 * follows says it, and who took over meanwhile and has left again is nobody to give way to.
 */
function answerPriorityZero(
  context: Context<MasterState>,
  { source, handledAtMs }: HeardAdvertisement,
): Step {
  const { config, state, nowMs } = context;
  if (isAfterPause({ ...context, nowMs: handledAtMs })) {
    if (state.rival?.source !== source) return stay(state);
    return stay({ ...state, rival: undefined }, ...rivalEnded(context));
  }
  const next = { ...withCounted(state, 'advertSent'), advertiseAtMs: nowMs + config.advertisementIntervalMs };
  return stay(next, sendAdvertisement(context));
}

/**
 * keepalived.conf(5): higher_prio_send_advert sends one more before giving way. Not for what waited while this process did not run:
 * the other may have another priority by now, and would give way to somebody who is Master no longer.
 */
function yieldTo(
  context: Context<MasterState>,
  { source, intervalMs, handledAtMs }: HeardAdvertisement,
  reason: 'higher-priority' | 'tie-break-lost',
  why: InstanceReport,
): Step {
  const { config, state } = context;
  const sends = config.higherPrioSendAdvert && !isAfterPause({ ...context, nowMs: handledAtMs });
  const from = sends ? withCounted(state, 'advertSent') : state;
  const step = demote(
    { ...context, state: from },
    { source, masterAdverIntervalMs: intervalMs },
    reason,
    report(why),
    ...rivalEnded(context),
  );
  return { next: step.next, effects: sends ? [sendAdvertisement(context), ...step.effects] : step.effects };
}

/**
 * RFC 3768 section 6.4.3 discards it. keepalived, and we, tell the other and the switches where the addresses are, as RFC 9568
 * section 6.4.3 asks (keepalived.conf(5): lower_prio_no_advert, garp_lower_prio_repeat, garp_lower_prio_delay). The Adver_Timer is not touched.
 * What was sent while this process did not run is only noted: one claim answers all of it.
 */
function holdAgainst(context: Context<MasterState>, advertisement: HeardAdvertisement): Step {
  const noted = noteRival(context, advertisement);
  if (isAfterPause({ ...context, nowMs: advertisement.handledAtMs })) return noted;
  const { config, nowMs } = context;
  const { source, priority } = advertisement;
  const { lowerPrioDelayMs, lowerPrioRepeat } = config.gratuitousArp;
  const sends = !config.lowerPrioNoAdvert;
  const state = noted.next;
  const secondBurst = burstAfter(nowMs, lowerPrioDelayMs, lowerPrioRepeat) ?? state.secondBurst;
  const ours = effectivePriority(config, state);
  return stay(
    { ...(sends ? withCounted(state, 'advertSent') : state), secondBurst },
    ...(sends ? [sendAdvertisement(context)] : []),
    ...sendGratuitousArp(heldAddresses(config), lowerPrioRepeat),
    ...noted.effects,
    report({ kind: 'forcingElection', source, priority, ours }),
  );
}

/** A fault that leaves us reachable is left in order: somebody else takes over while we still serve. */
function onSurroundings(context: Context<MasterState>, event: EventOf<'surroundingsChanged'>): Step {
  const faults = faultsNow(event);
  return andThen(withSurroundings(context, event), (state): Step => {
    const now = { ...context, state };
    if (faults.length === 0) return stay(state);
    if (isCutOff(faults)) return becomeFault(now, faults);
    const left = leave(now, { to: 'Fault', faults }, faults[0]?.reason ?? 'tracked-interface');
    return { next: left.next, effects: [report({ kind: 'faults', faults }), ...left.effects] };
  });
}

/** Answers to claims are no more frequent than this, or two stations would shout each other down. */
const claimAnswerMs = 1000;

function onClaim({ config, state, nowMs }: Context<MasterState>, claim: EventOf<'addressClaimed'>): Step {
  const { address, mac } = claim;
  const counted = withCounted(state, 'addressClaimed');
  const answered = state.secondBurst ?? burstAfter(nowMs, claimAnswerMs, config.gratuitousArp.masterRepeat);
  return reportOnce({ ...counted, secondBurst: answered }, `addressClaimed ${address} ${mac}`, {
    kind: 'addressClaimed',
    address,
    mac,
  });
}

function onGiveUp(context: Context<MasterState>, { hold }: EventOf<'giveUp'>): Step {
  const held = { ...context, state: { ...context.state, hold } };
  const left = leave(held, { to: 'Backup', reason: hold.kind, takesBack: true }, hold.kind);
  return { next: left.next, effects: [...left.effects, report({ kind: 'held', hold })] };
}
