/**
 * A Master whose process did not run for longer than a Backup waits (a stopped process, a suspended machine, a starved
 * processor) may not be the only Master any more when it runs again: hear first, then claim.
 */
import type { MasterState, Rival } from './state.ts';
import {
  type Context,
  heldAddresses,
  report,
  type Step,
  sendGratuitousArp,
  stay,
  withCounted,
} from './step.ts';
import { masterDownIntervalMs } from './timers.ts';
import { burstAfter, demote } from './transitions.ts';

/** The priority of the peer that would have been first; keepalived.conf(5): timer_expired_backup. */
const usualPeerPriority = 254;

/** Whether at `nowMs` the advertisement is so late that a Backup has taken over. */
export function isAfterPause({ config, state, nowMs }: Context<MasterState>): boolean {
  const { version, advertisementIntervalMs, downTimerAdverts } = config;
  const priority = config.timerExpiredBackup ?? usualPeerPriority;
  const masterAdverIntervalMs = advertisementIntervalMs;
  const waitsMs = masterDownIntervalMs({ version, priority, masterAdverIntervalMs, downTimerAdverts });
  const lastSentAtMs = state.advertiseAtMs - advertisementIntervalMs;
  return nowMs - lastSentAtMs > waitsMs;
}

/**
 * What waited in the sockets has been heard. With nopreempt whoever has taken over stays Master, as it would after any other
 * absence; with timer_expired_backup that is taken for granted, as keepalived does.
 */
export function comeBack(context: Context<MasterState>): Step {
  const { config, state, nowMs } = context;
  const overtaker = overtakerIn(state);
  const paused = report({
    kind: 'paused',
    lateMs: nowMs - state.advertiseAtMs,
    ...(overtaker && { overtakenBy: overtaker.source }),
  });
  const counted = { ...context, state: withCounted(state, 'pauses') };
  const yields = overtaker !== undefined && (!config.preempt || state.hold !== undefined);
  if (!yields && config.timerExpiredBackup === undefined) return claim(counted, paused);
  const master = overtaker && { source: overtaker.source, masterAdverIntervalMs: overtaker.intervalMs };
  return demote(counted, master, 'overtaken-in-pause', paused);
}

/** Heard since our own advertisement was due. */
function overtakerIn({ rival, advertiseAtMs }: MasterState): Rival | undefined {
  return rival !== undefined && rival.heardAtMs > advertiseAtMs ? rival : undefined;
}

/** The others have learned other places for the addresses. */
function claim({ config, state, nowMs }: Context<MasterState>, paused: ReturnType<typeof report>): Step {
  const { masterDelayMs, masterRepeat } = config.gratuitousArp;
  const secondBurst = burstAfter(nowMs, masterDelayMs, masterRepeat) ?? state.secondBurst;
  return stay({ ...state, secondBurst }, ...sendGratuitousArp(heldAddresses(config), masterRepeat), paused);
}
