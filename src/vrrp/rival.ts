/**
 * Two Masters: a Master that hears another one's advertisements and does not give way. A single one may be on its way while the
 * other gives way already; what goes on is told, and when it has ended the addresses are announced again, since hosts and
 * switches may have learned the other's place.
 */
import type { HeardAdvertisement } from './hearing.ts';
import type { MasterState } from './state.ts';
import {
  type Context,
  heldAddresses,
  report,
  type Step,
  sendGratuitousArp,
  stay,
  withCounted,
} from './step.ts';
import { downIntervalMs } from './transitions.ts';

/** Another Master was heard and has to give way. */
export function noteRival(
  { state, nowMs }: Context<MasterState>,
  { source, intervalMs }: HeardAdvertisement,
): Step<MasterState> {
  const { rival } = state;
  if (rival === undefined) {
    const first = { source, sinceMs: nowMs, heardAtMs: nowMs, intervalMs, isReported: false };
    return stay({ ...state, rival: first });
  }
  const heard = { ...rival, source, intervalMs, heardAtMs: nowMs };
  if (rival.isReported) return stay({ ...state, rival: heard });
  return stay(
    { ...withCounted(state, 'dualMaster'), rival: { ...heard, isReported: true } },
    report({ kind: 'dualMaster', source, sinceMs: rival.sinceMs }),
  );
}

/** When the other has been silent for as long as we would wait for a Master, we have won. */
export function settleRival(context: Context<MasterState>): Step<MasterState> {
  const { config, state, nowMs } = context;
  const { rival } = state;
  if (rival === undefined || nowMs - rival.heardAtMs < downIntervalMs(context, rival.intervalMs))
    return stay(state);
  const next: MasterState = { ...state, rival: undefined };
  if (!rival.isReported) return stay(next);
  return stay(
    next,
    ...sendGratuitousArp(heldAddresses(config), config.gratuitousArp.masterRepeat),
    ended(rival, rival.heardAtMs),
  );
}

/** For whoever gives way in the end. */
export function rivalEnded({ state, nowMs }: Context<MasterState>): ReturnType<typeof ended>[] {
  return state.rival?.isReported ? [ended(state.rival, nowMs)] : [];
}

function ended({ source, sinceMs }: NonNullable<MasterState['rival']>, endMs: number) {
  return report({ kind: 'dualMasterEnded', source, durationMs: endMs - sinceMs });
}
