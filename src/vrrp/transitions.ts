/** Entering and leaving the states. The order of the effects is the contract of `messages.ts`. */
import type { IpAddress } from '../net/address.ts';
import type { Fault, InstanceEffect, TransitionReason } from './messages.ts';
import type {
  BackupState,
  FaultState,
  GratuitousArpBurst,
  InitializeState,
  InstanceState,
  Leave,
  LeavingState,
  MasterState,
} from './state.ts';
import { counted } from './statistics.ts';
import {
  addAddresses,
  addRoutes,
  type Context,
  carried,
  effectivePriority,
  heldAddresses,
  isOwner,
  letGo,
  report,
  type Step,
  sendAdvertisement,
  sendGratuitousArp,
  stateChanged,
} from './step.ts';
import { handOverMs, latestTakeoverMs, lingerMs, masterDownIntervalMs } from './timers.ts';

/** RFC 3768 section 6.4.1: the owner becomes Master at once, everybody else listens first. */
export function enterRunning(
  context: Context<InstanceState>,
  sourceAddress: IpAddress,
  reasons: { readonly owner: TransitionReason; readonly other: TransitionReason },
): Step {
  const { config, state } = context;
  if (!isOwner(config) || state.hold !== undefined)
    return becomeBackup(context, sourceAddress, reasons.other);
  if (config.syncGroup === undefined) return becomeMaster(context, sourceAddress, reasons.owner);
  // A group is Master as a whole or not at all: the owner's timer has fired, so to say, before it was set.
  const { next, effects } = becomeBackup(context, sourceAddress, reasons.other);
  return { next: awaitingGroup(next), effects };
}

/** `before` is reported ahead of the transition, where a reader of the log expects it. */
export function becomeMaster(
  context: Context<InstanceState>,
  sourceAddress: IpAddress,
  reason: TransitionReason,
  ...before: readonly InstanceEffect[]
): Step<MasterState> {
  const { config, state, nowMs } = context;
  const { masterDelayMs, masterRepeat, masterRefreshMs, extraInterfaceMs } = config.gratuitousArp;
  const next: MasterState = {
    name: 'Master',
    ...carried(state),
    statistics: counted(state.statistics, 'becomeMaster', 'advertSent'),
    sourceAddress,
    sinceMs: nowMs,
    advertiseAtMs: nowMs + config.advertisementIntervalMs,
    secondBurst: burstAfter(nowMs, masterDelayMs, masterRepeat),
    refreshAtMs: masterRefreshMs > 0 ? nowMs + masterRefreshMs : undefined,
    extraInterfacesAtMs: extraInterfaceMs > 0 ? nowMs + extraInterfaceMs : undefined,
    rival: undefined,
  };
  const addresses = heldAddresses(config);
  return {
    next,
    effects: [
      sendAdvertisement(context),
      ...addAddresses(addresses),
      ...sendGratuitousArp(addresses, masterRepeat),
      ...addRoutes(config),
      ...before,
      stateChanged(context, 'Master', reason),
    ],
  };
}

/** From Initialize and Fault; `demote` is the way from Master. */
export function becomeBackup(
  context: Context<InstanceState>,
  sourceAddress: IpAddress,
  reason: TransitionReason,
): Step<BackupState> {
  return { next: listening(context, sourceAddress), effects: [stateChanged(context, 'Backup', reason)] };
}

export interface NewMaster {
  readonly source: IpAddress;
  readonly masterAdverIntervalMs: number;
}

/**
 * A better Master is there: no priority 0, since nobody has to take over. It has sent its advertisement and is about to add the
 * addresses, so what is held stays for a moment more. `master` is undefined where it is only thought to be there.
 */
export function demote(
  context: Context<MasterState | LeavingState>,
  master: NewMaster | undefined,
  reason: TransitionReason,
  ...before: readonly InstanceEffect[]
): Step<BackupState> {
  const { config, state, nowMs } = context;
  const next: BackupState = {
    ...listening(context, state.sourceAddress),
    statistics: counted(state.statistics, 'releaseMaster'),
    ...(master && heardFrom(context, master)),
    releaseAtMs: letGo(config).length > 0 ? nowMs + lingerMs : undefined,
  };
  return { next, effects: [...before, stateChanged(context, 'Backup', reason)] };
}

function heardFrom(
  context: Context<InstanceState>,
  { source, masterAdverIntervalMs }: NewMaster,
): Partial<BackupState> {
  return {
    master: source,
    masterHeardAtMs: context.nowMs,
    masterAdverIntervalMs,
    masterDownAtMs: masterDownAt(context, masterAdverIntervalMs),
  };
}

/** Says priority 0 and goes on serving: nobody has the addresses until a successor has waited for its Skew_Time. */
export function leave(
  context: Context<MasterState>,
  to: Leave,
  reason: TransitionReason,
): Step<LeavingState> {
  const { config, state, nowMs } = context;
  const atMostMs = isSucceededLate(config, to) ? latestTakeoverMs(config) : handOverMs(config);
  const next: LeavingState = {
    name: 'Leaving',
    ...carried(state),
    statistics: counted(state.statistics, 'advertSent', 'priZeroSent'),
    sourceAddress: state.sourceAddress,
    sinceMs: nowMs,
    leave: to,
    endsAtMs: nowMs + atMostMs,
    successor: undefined,
  };
  return {
    next,
    effects: [
      { kind: 'sendAdvertisement', priority: 0 },
      report({ kind: 'priorityZeroSent' }),
      report({ kind: 'handingOver', reason, atMostMs }),
      stateChanged(context, 'Leaving', reason),
    ],
  };
}

/**
 * Where a successor may come without having heard priority 0: it is to be taken back, or another member of the sync group
 * may have had no link to say it on, and the successor's group waits for the last of its members.
 */
function isSucceededLate({ syncGroup }: Context<MasterState>['config'], to: Leave): boolean {
  if (to.to === 'Backup') return to.takesBack || to.reason === 'group-left';
  return to.to === 'Fault' && syncGroup !== undefined;
}

/** Without another word: the interface is gone, or the process must end now. */
export function becomeFault(
  context: Context<InstanceState>,
  faults: readonly Fault[],
  ...before: readonly InstanceEffect[]
): Step<FaultState> {
  const { statistics, effects } = release(context);
  const reason = faults[0]?.reason ?? 'interface-down';
  return {
    next: { name: 'Fault', ...carried(context.state), statistics, faults },
    effects: [
      ...effects,
      ...before,
      report({ kind: 'faults', faults }),
      stateChanged(context, 'Fault', reason),
    ],
  };
}

export function becomeInitialize(
  context: Context<InstanceState>,
  ...before: readonly InstanceEffect[]
): Step<InitializeState> {
  const { statistics, effects } = release(context);
  return {
    next: { name: 'Initialize', ...carried(context.state), statistics },
    effects: [...effects, ...before, stateChanged(context, 'Initialize', 'shutdown')],
  };
}

/** The Master_Down_Interval of this instance when the Master's interval is `masterAdverIntervalMs`. */
export function downIntervalMs(
  { config, state }: Pick<Context<InstanceState>, 'config' | 'state'>,
  masterAdverIntervalMs: number,
): number {
  const { version, downTimerAdverts } = config;
  const priority = effectivePriority(config, state);
  return masterDownIntervalMs({ version, priority, masterAdverIntervalMs, downTimerAdverts });
}

/** When the Master_Down_Timer fires if it is set now. A router that is drained takes part in no election. */
export function masterDownAt(context: Context<InstanceState>, masterAdverIntervalMs: number): number {
  if (context.state.hold?.kind === 'drain') return Number.POSITIVE_INFINITY;
  return context.nowMs + downIntervalMs(context, masterAdverIntervalMs);
}

/** A second burst `delayMs` from now, or none where the configuration wants none. */
export function burstAfter(nowMs: number, delayMs: number, repeat: number): GratuitousArpBurst | undefined {
  return delayMs > 0 && repeat > 0 ? { atMs: nowMs + delayMs, repeat } : undefined;
}

export function listening(context: Context<InstanceState>, sourceAddress: IpAddress): BackupState {
  const { config, state } = context;
  return {
    name: 'Backup',
    ...carried(state),
    sourceAddress,
    master: undefined,
    masterHeardAtMs: undefined,
    masterAdverIntervalMs: config.advertisementIntervalMs,
    masterDownAtMs: masterDownAt(context, config.advertisementIntervalMs),
    awaitsGroup: false,
    preemptAtMs: undefined,
    releaseAtMs: undefined,
  };
}

/** Its Master_Down_Timer has fired and is not set again: from now on the other members of the sync group decide. */
export function awaitingGroup(state: BackupState): BackupState {
  return { ...state, masterDownAtMs: Number.POSITIVE_INFINITY, awaitsGroup: true };
}

/** What is still held goes. A Master says priority 0 before, so that the Backups wait only Skew_Time (RFC 3768 section 6.4.3). */
function release({ config, state }: Context<InstanceState>): Released {
  const { statistics } = state;
  switch (state.name) {
    case 'Master':
      return {
        statistics: counted(statistics, 'advertSent', 'priZeroSent', 'releaseMaster'),
        effects: [
          { kind: 'sendAdvertisement', priority: 0 },
          ...letGo(config),
          report({ kind: 'priorityZeroSent' }),
        ],
      };
    case 'Leaving':
      return { statistics: counted(statistics, 'releaseMaster'), effects: letGo(config) };
    case 'Backup':
      return { statistics, effects: state.releaseAtMs === undefined ? [] : letGo(config) };
    default:
      return { statistics, effects: [] };
  }
}

interface Released {
  readonly statistics: InstanceState['statistics'];
  readonly effects: readonly InstanceEffect[];
}

/** Whether what Master held is of no more use where it is: nobody can reach it. */
export function isCutOff(faults: readonly Fault[]): boolean {
  return faults.some(({ reason }) => cuttingOff.has(reason));
}

const cuttingOff: ReadonlySet<Fault['reason']> = new Set([
  'interface-down',
  'interface-missing',
  'no-source-address',
  'socket-refused',
]);

export function sameFaults(a: readonly Fault[], b: readonly Fault[]): boolean {
  return (
    a.length === b.length &&
    a.every((fault, at) => fault.reason === b[at]?.reason && fault.subject === b[at]?.subject)
  );
}
