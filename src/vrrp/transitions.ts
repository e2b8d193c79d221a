/** Entering and leaving the states. The order of the effects is the contract of `messages.ts`. */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';
import type { FaultReason, InstanceEffect, TransitionReason } from './messages.ts';
import type {
  BackupState,
  GratuitousArpBurst,
  InitializeState,
  InstanceState,
  MasterState,
} from './state.ts';
import { counted } from './statistics.ts';
import {
  addAddresses,
  type Context,
  effectivePriority,
  heldAddresses,
  isOwner,
  removeAddresses,
  report,
  type Step,
  sendGratuitousArp,
  stateChanged,
} from './step.ts';
import { masterDownIntervalMs } from './timers.ts';

/** RFC 3768 section 6.4.1: the owner becomes Master at once, everybody else listens first. */
export function enterRunning(
  context: Context<InstanceState>,
  sourceAddress: IpAddress,
  reasons: { readonly owner: TransitionReason; readonly other: TransitionReason },
): Step {
  return isOwner(context.config)
    ? becomeMaster(context, sourceAddress, reasons.owner)
    : becomeBackup(context, sourceAddress, reasons.other);
}

/** `before` is reported ahead of the transition, where a reader of the log expects it. */
export function becomeMaster(
  { config, state, nowMs }: Context<InstanceState>,
  sourceAddress: IpAddress,
  reason: TransitionReason,
  ...before: readonly InstanceEffect[]
): Step<MasterState> {
  const { masterDelayMs, masterRepeat, masterRefreshMs } = config.gratuitousArp;
  const next: MasterState = {
    name: 'Master',
    statistics: counted(state.statistics, 'becomeMaster', 'advertSent'),
    reported: [],
    sourceAddress,
    advertiseAtMs: nowMs + config.advertisementIntervalMs,
    secondBurst: burstAfter(nowMs, masterDelayMs, masterRepeat),
    refreshAtMs: masterRefreshMs > 0 ? nowMs + masterRefreshMs : undefined,
  };
  const addresses = heldAddresses(config);
  return {
    next,
    effects: [
      { kind: 'sendAdvertisement', priority: effectivePriority(config) },
      ...addAddresses(addresses),
      ...sendGratuitousArp(addresses, masterRepeat),
      ...before,
      stateChanged(config, { from: state.name, to: 'Master', reason }),
    ],
  };
}

/** From Initialize and Fault; `demote` is the way from Master. */
export function becomeBackup(
  context: Context<InstanceState>,
  sourceAddress: IpAddress,
  reason: TransitionReason,
): Step<BackupState> {
  return {
    next: listening(context, sourceAddress),
    effects: [stateChanged(context.config, { from: context.state.name, to: 'Backup', reason })],
  };
}

/** A better Master is there: no priority 0, since nobody has to take over. */
export function demote(
  context: Context<MasterState>,
  master: { readonly source: IpAddress; readonly masterAdverIntervalMs: number },
  reason: TransitionReason,
  ...before: readonly InstanceEffect[]
): Step<BackupState> {
  const { config, state, nowMs } = context;
  const { masterAdverIntervalMs } = master;
  const next: BackupState = {
    ...listening(context, state.sourceAddress),
    statistics: counted(state.statistics, 'releaseMaster'),
    master: master.source,
    masterAdverIntervalMs,
    masterDownAtMs: nowMs + downIntervalMs(config, masterAdverIntervalMs),
  };
  const transition = stateChanged(config, { from: 'Master', to: 'Backup', reason });
  return { next, effects: [...removeAddresses(heldAddresses(config)), ...before, transition] };
}

export function becomeFault({ config, state }: Context<InstanceState>, fault: FaultReason): Step {
  const { statistics, effects } = release(config, state);
  return {
    next: { name: 'Fault', statistics, reported: [], reason: fault },
    effects: [...effects, stateChanged(config, { from: state.name, to: 'Fault', reason: fault })],
  };
}

export function becomeInitialize({ config, state }: Context<InstanceState>): Step<InitializeState> {
  const { statistics, effects } = release(config, state);
  return {
    next: { name: 'Initialize', statistics, reported: [] },
    effects: [...effects, stateChanged(config, { from: state.name, to: 'Initialize', reason: 'shutdown' })],
  };
}

/** The Master_Down_Interval of this instance when the Master's interval is `masterAdverIntervalMs`. */
export function downIntervalMs(config: VrrpInstanceConfig, masterAdverIntervalMs: number): number {
  const { version, downTimerAdverts } = config;
  return masterDownIntervalMs({
    version,
    priority: effectivePriority(config),
    masterAdverIntervalMs,
    downTimerAdverts,
  });
}

/** A second burst `delayMs` from now, or none where the configuration wants none. */
export function burstAfter(nowMs: number, delayMs: number, repeat: number): GratuitousArpBurst | undefined {
  return delayMs > 0 && repeat > 0 ? { atMs: nowMs + delayMs, repeat } : undefined;
}

function listening({ config, state, nowMs }: Context<InstanceState>, sourceAddress: IpAddress): BackupState {
  return {
    name: 'Backup',
    statistics: state.statistics,
    reported: [],
    sourceAddress,
    master: undefined,
    masterAdverIntervalMs: config.advertisementIntervalMs,
    masterDownAtMs: nowMs + downIntervalMs(config, config.advertisementIntervalMs),
    preemptAtMs: undefined,
  };
}

/** RFC 3768 section 6.4.3: a Master that leaves says so with priority 0, so that the Backups wait only Skew_Time. */
function release(
  config: VrrpInstanceConfig,
  state: InstanceState,
): { readonly statistics: InstanceState['statistics']; readonly effects: readonly InstanceEffect[] } {
  if (state.name !== 'Master') return { statistics: state.statistics, effects: [] };
  return {
    statistics: counted(state.statistics, 'advertSent', 'priZeroSent', 'releaseMaster'),
    effects: [
      { kind: 'sendAdvertisement', priority: 0 },
      ...removeAddresses(heldAddresses(config)),
      report({ kind: 'priorityZeroSent' }),
    ],
  };
}
