/** What a Backup does with each event (RFC 3768 section 6.4.2; keepalived.conf(5): nopreempt, preempt_delay). */
import { type HeardAdvertisement, hear } from './hearing.ts';
import type { InstanceEffect } from './messages.ts';
import { runningHandlers } from './running.ts';
import type { BackupState } from './state.ts';
import {
  type Context,
  effectivePriority,
  type Handlers,
  ignore,
  report,
  reportOnce,
  type Step,
} from './step.ts';
import { skewTimeMs } from './timers.ts';
import { becomeMaster, downIntervalMs } from './transitions.ts';

export const backupHandlers: Handlers<BackupState> = {
  ...runningHandlers,
  timeout: onTimeout,
  packet: (context, { datagram }) => hear(context, datagram, answer),
  // A Backup holds no addresses: this is the echo of its own removal.
  addressDeleted: ignore,
};

/** RFC 3768 section 6.4.2: if the Master_Down_Timer fires. */
function onTimeout(context: Context<BackupState>): Step {
  const { state, nowMs } = context;
  if (nowMs < state.masterDownAtMs) return ignore(context);
  const timedOut = report({ kind: 'advertisementTimeout' });
  return becomeMaster(context, state.sourceAddress, 'master-down-expired', timedOut);
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
function masterIsLeaving(
  { config, state, nowMs }: Context<BackupState>,
  { source }: HeardAdvertisement,
): Step {
  const { version } = config;
  const { masterAdverIntervalMs } = state;
  const skewMs = skewTimeMs({ version, priority: effectivePriority(config), masterAdverIntervalMs });
  return {
    next: { ...state, masterDownAtMs: nowMs + skewMs },
    effects: [report({ kind: 'priorityZeroReceived', source })],
  };
}

/**
 * From when on an advertisement of this priority is one to take over from; undefined means never. keepalived counts
 * preempt_delay from the first advertisement of lower priority, and a better one cancels it.
 */
function preemptionTime(
  { config, state, nowMs }: Context<BackupState>,
  { priority }: HeardAdvertisement,
): number | undefined {
  if (priority >= effectivePriority(config) || !config.preempt) return undefined;
  return state.preemptAtMs ?? nowMs + config.preemptDelayMs;
}

/** The sender is our Master: restart the Master_Down_Timer and, in version 3, adopt its interval (RFC 5798 section 6.4.2). */
function follow(
  { config, state, nowMs }: Context<BackupState>,
  { source, intervalMs }: HeardAdvertisement,
  preemptAtMs: number | undefined,
): Step {
  const isNew = state.master !== source;
  const next: BackupState = {
    ...state,
    reported: isNew ? [] : state.reported,
    master: source,
    masterAdverIntervalMs: intervalMs,
    masterDownAtMs: nowMs + downIntervalMs(config, intervalMs),
    preemptAtMs,
  };
  return { next, effects: isNew ? [masterChanged(state, source)] : [] };
}

function masterChanged(state: BackupState, to: HeardAdvertisement['source']): InstanceEffect {
  return report({ kind: 'masterChanged', to, ...(state.master === undefined ? {} : { from: state.master }) });
}
