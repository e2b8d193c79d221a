/** What a Master does when its own deadlines are due (RFC 3768 section 6.4.3; keepalived.conf(5): garp_*). */
import { comeBack, isAfterPause } from './pause.ts';
import { settleRival } from './rival.ts';
import { holdIsOver, withoutHold } from './running.ts';
import type { InstanceState, MasterState } from './state.ts';
import {
  andThen,
  type Context,
  heldAddresses,
  type Step,
  sendAdvertisement,
  sendGratuitousArp,
  stay,
  withCounted,
} from './step.ts';

type Act = (context: Context<MasterState>) => Step<MasterState>;

/** The advertisement first: it is what keeps the Backups quiet. */
export function masterTimeout(context: Context<MasterState>): Step {
  if (!isAfterPause(context)) return dueWork(context);
  const back = comeBack(context);
  // What was due goes out before the announcements: the other Master must hear it soon.
  return isMaster(back.next) ? behind(dueWork({ ...context, state: back.next }), back) : back;
}

function behind(first: Step, second: Step): Step {
  return { next: first.next, effects: [...first.effects, ...second.effects] };
}

function isMaster(state: InstanceState): state is MasterState {
  return state.name === 'Master';
}

function dueWork(context: Context<MasterState>): Step<MasterState> {
  const { state } = context;
  let done: Step<MasterState> = stay(state);
  const work: readonly (readonly [number | undefined, Act])[] = [
    [state.advertiseAtMs, advertise],
    [state.secondBurst?.atMs, repeatBurst],
    [state.refreshAtMs, refresh],
    [state.extraInterfacesAtMs, announceOnExtraInterfaces],
    [holdIsOver(context) ? context.nowMs : undefined, ({ state: held }) => withoutHold(held)],
  ];
  for (const [atMs, act] of work) {
    if (atMs === undefined || context.nowMs < atMs) continue;
    done = andThen(done, (next) => act({ ...context, state: next }));
  }
  return done;
}

/** RFC 3768 section 6.4.3: if the Adver_Timer fires. */
function advertise(context: Context<MasterState>): Step<MasterState> {
  const { config, state, nowMs } = context;
  const advertiseAtMs = following(state.advertiseAtMs, config.advertisementIntervalMs, nowMs);
  const sent = stay({ ...withCounted(state, 'advertSent'), advertiseAtMs }, sendAdvertisement(context));
  return andThen(sent, (next) => settleRival({ ...context, state: next }));
}

function repeatBurst({ config, state }: Context<MasterState>): Step<MasterState> {
  const repeat = state.secondBurst?.repeat ?? 0;
  return stay({ ...state, secondBurst: undefined }, ...sendGratuitousArp(heldAddresses(config), repeat));
}

/** keepalived.conf(5): garp_master_refresh, garp_master_refresh_repeat. */
function refresh({ config, state, nowMs }: Context<MasterState>): Step<MasterState> {
  const { masterRefreshMs, masterRefreshRepeat } = config.gratuitousArp;
  const refreshAtMs = following(state.refreshAtMs ?? nowMs, masterRefreshMs, nowMs);
  return stay({ ...state, refreshAtMs }, ...sendGratuitousArp(heldAddresses(config), masterRefreshRepeat));
}

/** keepalived.conf(5): garp_extra_if: for switches that should go on knowing where a MAC address is. */
function announceOnExtraInterfaces({ config, state, nowMs }: Context<MasterState>): Step<MasterState> {
  const { extraInterfaceMs } = config.gratuitousArp;
  const extraInterfacesAtMs = following(state.extraInterfacesAtMs ?? nowMs, extraInterfaceMs, nowMs);
  const addresses = heldAddresses(config);
  const next = { ...state, extraInterfacesAtMs };
  if (addresses.length === 0) return stay(next);
  return stay(next, { kind: 'sendGratuitousArp', addresses, repeat: 1, onExtraInterfaces: true });
}

/** Counted from the deadline, so that lateness does not add up; after a long pause from now, so that nothing is made up for. */
function following(deadlineMs: number, intervalMs: number, nowMs: number): number {
  const nextMs = deadlineMs + intervalMs;
  return nextMs > nowMs ? nextMs : nowMs + intervalMs;
}
