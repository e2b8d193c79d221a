/** What a Backup does with each event (RFC 3768 section 6.4.2; keepalived.conf(5): nopreempt, preempt_delay). */
import { type HeardAdvertisement, hear } from './hearing.ts';
import type { InstanceEffect } from './messages.ts';
import { faultsNow, holdIsOver, runningHandlers, withoutHold, withSurroundings } from './running.ts';
import type { BackupState } from './state.ts';
import {
  andThen,
  type Context,
  type EventOf,
  effectivePriority,
  type Handlers,
  ignore,
  letGo,
  report,
  reportOnce,
  type Step,
  stay,
} from './step.ts';
import { skewTimeMs } from './timers.ts';
import {
  awaitingGroup,
  becomeFault,
  becomeInitialize,
  becomeMaster,
  downIntervalMs,
  masterDownAt,
} from './transitions.ts';

export const backupHandlers: Handlers<BackupState> = {
  ...runningHandlers,
  shutdown: (context) => becomeInitialize(context),
  timeout: onTimeout,
  packet: (context, event) => hear(context, event, answer),
  surroundingsChanged: onSurroundings,
  // A Backup holds none: these are the echoes of its own removals.
  addressDeleted: ignore,
  routesDeleted: ignore,
  addressClaimed: ignore,
  giveUp: onGiveUp,
  resume: (context) => lift(context),
  groupReady: onGroupReady,
  groupLeft: ignore,
};

function onTimeout(context: Context<BackupState>): Step {
  const { nowMs } = context;
  return andThen(settle(context), (state) => {
    if (nowMs < state.masterDownAtMs) return stay(state);
    return masterIsDown({ ...context, state });
  });
}

/** What else was due: the addresses of the Master it was, and the end of a hold. */
function settle(context: Context<BackupState>): Step<BackupState> {
  const { config, state, nowMs } = context;
  const isDue = state.releaseAtMs !== undefined && nowMs >= state.releaseAtMs;
  const released = isDue ? stay({ ...state, releaseAtMs: undefined }, ...letGo(config)) : stay(state);
  return andThen(released, (next) =>
    holdIsOver({ ...context, state: next }) ? lift({ ...context, state: next }) : stay(next),
  );
}

/** RFC 3768 section 6.4.2: if the Master_Down_Timer fires. */
function masterIsDown(context: Context<BackupState>): Step {
  const { config, state } = context;
  if (config.syncGroup !== undefined) return awaitGroup(state);
  const timedOut = report({ kind: 'advertisementTimeout' });
  return becomeMaster(context, state.sourceAddress, 'master-down-expired', timedOut);
}

/** Not before the other members of the sync group are ready too; hearing a better Master ends the wait. */
function awaitGroup(state: BackupState): Step<BackupState> {
  return stay(
    awaitingGroup(state),
    report({ kind: 'advertisementTimeout' }),
    report({ kind: 'waitingForGroup' }),
  );
}

function onGroupReady(context: Context<BackupState>): Step {
  const { state } = context;
  if (!state.awaitsGroup) return ignore(context);
  return becomeMaster(context, state.sourceAddress, 'group-ready');
}

function answer(context: Context<BackupState>, advertisement: HeardAdvertisement): Step {
  if (advertisement.priority === 0) return masterIsLeaving(context, advertisement);
  const { config, state, nowMs } = context;
  const preemptAtMs = preemptionTime(context, advertisement);
  const mayTakeOver = preemptAtMs !== undefined && nowMs >= preemptAtMs;
  if (!mayTakeOver) return follow(context, advertisement, preemptAtMs);
  const { source, priority } = advertisement;
  // RFC 3768 section 6.4.2: discard it. The Master_Down_Timer runs on, and with it we take over.
  const { next, effects } = reportOnce(state, 'lowerPriorityDiscarded', {
    kind: 'lowerPriorityDiscarded',
    source,
    priority,
  });
  return { next: config.preemptDelayMs > 0 ? { ...next, preemptAtMs } : next, effects };
}

/** RFC 3768 section 6.4.2: set the Master_Down_Timer to Skew_Time. */
function masterIsLeaving(context: Context<BackupState>, { source }: HeardAdvertisement): Step {
  const { config, state, nowMs } = context;
  const { version } = config;
  const { masterAdverIntervalMs } = state;
  const priority = effectivePriority(config, state);
  const skewMs = skewTimeMs({ version, priority, masterAdverIntervalMs });
  const isWaiting = state.masterDownAtMs === Number.POSITIVE_INFINITY;
  const masterDownAtMs = isWaiting ? state.masterDownAtMs : nowMs + skewMs;
  return stay({ ...state, masterDownAtMs }, report({ kind: 'priorityZeroReceived', source }));
}

/**
 * From when on an advertisement of this priority is one to take over from; undefined means never. keepalived counts
 * preempt_delay from the first advertisement of lower priority, and a better one cancels it.
 */
function preemptionTime(
  { config, state, nowMs }: Context<BackupState>,
  { priority }: HeardAdvertisement,
): number | undefined {
  if (priority >= effectivePriority(config, state) || !config.preempt || state.hold !== undefined)
    return undefined;
  return state.preemptAtMs ?? nowMs + config.preemptDelayMs;
}

/** The sender is our Master: restart the Master_Down_Timer and, in version 3, adopt its interval (RFC 5798 section 6.4.2). */
function follow(
  context: Context<BackupState>,
  { source, intervalMs }: HeardAdvertisement,
  preemptAtMs: number | undefined,
): Step {
  const { config, state, nowMs } = context;
  const isNew = state.master !== source;
  // Name by name, since it is made for every packet: see `counted`.
  const next: BackupState = {
    name: 'Backup',
    statistics: state.statistics,
    reported: isNew ? [] : state.reported,
    weight: state.weight,
    hold: state.hold,
    peers: state.peers,
    memory: state.memory,
    sourceAddress: state.sourceAddress,
    master: source,
    masterHeardAtMs: nowMs,
    masterAdverIntervalMs: intervalMs,
    masterDownAtMs: masterDownAt(context, intervalMs),
    awaitsGroup: false,
    preemptAtMs,
    releaseAtMs: state.releaseAtMs,
  };
  const adopted = intervalMs !== state.masterAdverIntervalMs || (isNew && differs(context, intervalMs));
  return stay(
    next,
    ...(isNew ? [masterChanged(state, source)] : []),
    ...(adopted ? [report({ kind: 'intervalAdopted', source, intervalMs })] : []),
    ...preemptDelayReport(config.preemptDelayMs, state.preemptAtMs, preemptAtMs),
  );
}

function differs({ config }: Context<BackupState>, intervalMs: number): boolean {
  return intervalMs !== config.advertisementIntervalMs;
}

function preemptDelayReport(
  delayMs: number,
  before: number | undefined,
  after: number | undefined,
): readonly InstanceEffect[] {
  if (delayMs === 0 || (before === undefined) === (after === undefined)) return [];
  return [
    report(after === undefined ? { kind: 'preemptDelayStopped' } : { kind: 'preemptDelayStarted', delayMs }),
  ];
}

function masterChanged(state: BackupState, to: HeardAdvertisement['source']): InstanceEffect {
  return report({ kind: 'masterChanged', to, ...(state.master === undefined ? {} : { from: state.master }) });
}

function onSurroundings(context: Context<BackupState>, event: EventOf<'surroundingsChanged'>): Step {
  const { state } = context;
  const faults = faultsNow(event);
  return andThen(withSurroundings(context, event), (next): Step => {
    if (faults.length > 0) return becomeFault({ ...context, state: next }, faults);
    return stay(movedTimer({ ...context, state: next }, state));
  });
}

/** keepalived, too, moves the running timer by what Skew_Time has changed, so that a failing check counts at once. */
function movedTimer(context: Context<BackupState>, before: BackupState): BackupState {
  const { config, state } = context;
  const { masterAdverIntervalMs } = state;
  const change =
    downIntervalMs(context, masterAdverIntervalMs) -
    downIntervalMs({ config, state: before }, masterAdverIntervalMs);
  return change === 0 ? state : { ...state, masterDownAtMs: state.masterDownAtMs + change };
}

function onGiveUp(context: Context<BackupState>, { hold }: EventOf<'giveUp'>): Step {
  const { state } = context;
  const next: BackupState = { ...state, hold, preemptAtMs: undefined };
  const masterDownAtMs = masterDownAt({ ...context, state: next }, state.masterAdverIntervalMs);
  // Out of the election, or, where a failover follows a drain, in it again.
  const concernsElection = hold.kind === 'drain' || state.hold?.kind === 'drain';
  return stay(
    concernsElection ? { ...next, masterDownAtMs, awaitsGroup: false } : next,
    report({ kind: 'held', hold }),
  );
}

/** Back in the election. Who was drained listens for a whole Master_Down_Interval first. */
function lift(context: Context<BackupState>): Step<BackupState> {
  const wasDrained = context.state.hold?.kind === 'drain';
  return andThen(withoutHold(context.state), (state) => {
    if (!wasDrained) return stay(state);
    const masterDownAtMs = masterDownAt({ ...context, state }, state.masterAdverIntervalMs);
    return stay({ ...state, masterDownAtMs });
  });
}
