/**
 * What a Master does that has said priority 0: it goes on serving until its successor is heard. RFC 3768 section 6.4.3 lets a
 * Master that shuts down go at once, as keepalived does; then nobody answers until the successor has waited for its Skew_Time.
 */
import { type HeardAdvertisement, hear } from './hearing.ts';
import type { InstanceEffect, TransitionReason } from './messages.ts';
import {
  faultsNow,
  holdIsOver,
  restoreAddress,
  runningHandlers,
  withoutHold,
  withSurroundings,
} from './running.ts';
import type { BackupState, Leave, LeavingState } from './state.ts';
import { counted } from './statistics.ts';
import {
  andThen,
  type Context,
  type EventOf,
  type Handlers,
  ignore,
  letGo,
  report,
  type Step,
  stateChanged,
  stay,
} from './step.ts';
import { handOverMs, lingerMs } from './timers.ts';
import {
  awaitingGroup,
  becomeFault,
  becomeInitialize,
  becomeMaster,
  demote,
  isCutOff,
  listening,
} from './transitions.ts';

export const leavingHandlers: Handlers<LeavingState> = {
  ...runningHandlers,
  shutdown: onShutdown,
  timeout: onTimeout,
  packet: (context, event) => hear(context, event, answer),
  surroundingsChanged: onSurroundings,
  // Once the successor is there, it is its address.
  addressDeleted: (context, event) =>
    context.state.successor === undefined ? restoreAddress(context, event) : ignore(context),
  routesDeleted: ignore,
  // The successor announces itself.
  addressClaimed: ignore,
  giveUp: onGiveUp,
  resume: onResume,
  groupReady: ignore,
  groupLeft: onGroupLeft,
};

/** Whoever advertises now is the successor. Its own priority 0 says the opposite. */
function answer(context: Context<LeavingState>, { source, priority, intervalMs }: HeardAdvertisement): Step {
  const { state, nowMs } = context;
  if (priority === 0 || state.successor !== undefined) return ignore(context);
  // Of two Masters the other's may have been received already when this one began to leave.
  const afterMs = Math.max(0, nowMs - state.sinceMs);
  const heard = report({ kind: 'successorHeard', source, afterMs });
  const { leave } = state;
  if (leave.to === 'Backup')
    return demote(context, { source, masterAdverIntervalMs: intervalMs }, leave.reason, heard);
  return stay({ ...state, successor: source, endsAtMs: nowMs + lingerMs }, heard);
}

function onTimeout(context: Context<LeavingState>): Step {
  const settled = holdIsOver(context) ? withoutHold(context.state) : stay(context.state);
  return andThen(settled, (state) =>
    context.nowMs < state.endsAtMs ? stay(state) : end({ ...context, state }),
  );
}

function end(context: Context<LeavingState>): Step {
  const { state, nowMs } = context;
  const { leave, successor } = state;
  if (leave.to === 'Backup' && leave.takesBack)
    return takeBack(context, report({ kind: 'takenBack', afterMs: nowMs - state.sinceMs }));
  if (leave.to === 'Backup' && leave.reason === 'group-left' && state.hold?.kind !== 'drain')
    return awaitGroup(context, leave.reason, report({ kind: 'noSuccessor' }));
  const said = successor === undefined ? [report({ kind: 'noSuccessor' })] : [];
  return finish(context, ...said);
}

/** The addresses go, and with them what was left of being Master. */
function finish(context: Context<LeavingState>, ...before: readonly InstanceEffect[]): Step {
  const { config, state } = context;
  const { leave } = state;
  if (leave.to === 'Initialize') return becomeInitialize(context, ...before);
  if (leave.to === 'Fault') return becomeFault(context, leave.faults, ...before);
  const next = {
    ...listening(context, state.sourceAddress),
    statistics: counted(state.statistics, 'releaseMaster'),
  };
  return stay(next, ...letGo(config), ...before, stateChanged(context, 'Backup', leave.reason));
}

/** Nobody wanted them: an address with a Master that should rest is better than one without. */
function takeBack(context: Context<LeavingState>, ...before: readonly InstanceEffect[]): Step {
  const { config } = context;
  return andThen(withoutHold(context.state), (state): Step => {
    const now = { ...context, state };
    if (config.syncGroup === undefined) return becomeMaster(now, state.sourceAddress, 'not-taken', ...before);
    return awaitGroup(now, 'not-taken', ...before);
  });
}

/**
 * It has listened for as long as any Backup waits and would be Master again, together with the others. They end at nearly the same
 * time, so the addresses stay for a moment.
 */
function awaitGroup(
  context: Context<LeavingState>,
  reason: TransitionReason,
  ...before: readonly InstanceEffect[]
): Step {
  const next: BackupState = {
    ...awaitingGroup(listening(context, context.state.sourceAddress)),
    statistics: counted(context.state.statistics, 'releaseMaster'),
    releaseAtMs: context.nowMs + lingerMs,
  };
  return stay(next, ...before, stateChanged(context, 'Backup', reason));
}

/** A sync group is given up member by member, and the others have left with the first; they are taken back like it, too. */
function onGiveUp({ state }: Context<LeavingState>, { hold }: EventOf<'giveUp'>): Step {
  const { leave } = state;
  const hasFollowed = leave.to === 'Backup' && leave.reason === 'group-left';
  const given: Leave = { to: 'Backup', reason: hold.kind, takesBack: true };
  return stay({ ...state, hold, leave: hasFollowed ? given : leave }, report({ kind: 'held', hold }));
}

function onResume(context: Context<LeavingState>): Step {
  const { config, state } = context;
  const { leave } = state;
  // A group is Master as a whole: what has been given up is taken back, if nobody takes it, when all members know that.
  const isAlone = config.syncGroup === undefined;
  if (leave.to !== 'Backup' || !leave.takesBack || !isAlone) return withoutHold(state);
  return andThen(withoutHold(state), (next) =>
    becomeMaster({ ...context, state: next }, next.sourceAddress, 'resumed'),
  );
}

function onShutdown(context: Context<LeavingState>, { atOnce }: EventOf<'shutdown'>): Step {
  const { config, state, nowMs } = context;
  if (atOnce) return becomeInitialize(context);
  const endsAtMs = Math.min(state.endsAtMs, nowMs + handOverMs(config));
  return stay({ ...state, leave: { to: 'Initialize' }, endsAtMs });
}

/** Where nobody can reach us there is nothing to go on serving. */
function onSurroundings(context: Context<LeavingState>, event: EventOf<'surroundingsChanged'>): Step {
  const faults = faultsNow(event);
  return andThen(withSurroundings(context, event), (state): Step => {
    const now = { ...context, state };
    if (isCutOff(faults)) {
      return state.leave.to === 'Initialize' ? becomeInitialize(now) : becomeFault(now, faults);
    }
    return stay({ ...state, leave: destination(state.leave, faults) });
  });
}

function destination(leave: Leave, faults: EventOf<'surroundingsChanged'>['surroundings']['faults']): Leave {
  if (leave.to === 'Initialize') return leave;
  if (faults.length > 0) return { to: 'Fault', faults };
  return leave.to === 'Fault' ? { to: 'Backup', reason: 'fault-cleared', takesBack: false } : leave;
}

/** The group has gone on without us: no taking back any more. */
function onGroupLeft({ state }: Context<LeavingState>): Step {
  const { leave } = state;
  return stay(leave.to === 'Backup' ? { ...state, leave: { ...leave, takesBack: false } } : state);
}
