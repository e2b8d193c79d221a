/** What Backup, Master and Leaving do alike. */

import type { VirtualAddress } from '../config-parser/config.ts';
import type { Fault } from './messages.ts';
import type { BackupState, InstanceState, LeavingState, MasterState } from './state.ts';
import {
  addAddresses,
  type Context,
  type EventOf,
  effectivePriority,
  heldAddresses,
  ignore,
  report,
  type Step,
  sendGratuitousArp,
  stay,
} from './step.ts';

type RunningState = BackupState | MasterState | LeavingState;

export const runningHandlers = {
  startup: ignore,
  addressAddFailed: reportAddFailed,
};

export function reportAddFailed(
  { state }: Context<InstanceState>,
  { address, error }: EventOf<'addressAddFailed'>,
): Step {
  return stay(state, report({ kind: 'addressAddFailed', address, error }));
}

/** The new weight and source address; what they mean for the timers is the state's own matter. */
export function withSurroundings<State extends RunningState>(
  { config, state }: Context<State>,
  { surroundings }: EventOf<'surroundingsChanged'>,
): Step<State> {
  const { weight, sourceAddress = state.sourceAddress } = surroundings;
  const next = { ...state, weight, sourceAddress };
  const from = effectivePriority(config, state);
  const to = effectivePriority(config, next);
  return from === to ? stay(next) : stay(next, report({ kind: 'priorityChanged', from, to }));
}

/**
 * What keeps an instance that runs from running on. What a reload lets it track anew and nobody has measured yet is no reason to
 * give up; who has not started waits for it.
 */
export function faultsNow({ surroundings }: EventOf<'surroundingsChanged'>): readonly Fault[] {
  return surroundings.faults.filter(({ reason }) => reason !== 'awaiting-trackers');
}

/** keepalived has no word for it: what an operator asked for ends by itself or by his word. */
export function withoutHold<State extends InstanceState>(state: State): Step<State> {
  const { hold } = state;
  if (hold === undefined) return stay(state);
  return stay({ ...state, hold: undefined }, report({ kind: 'holdEnded', hold }));
}

export function holdIsOver({ state, nowMs }: Context<InstanceState>): boolean {
  return state.hold?.untilMs !== undefined && nowMs >= state.hold.untilMs;
}

/** Only what the configuration still wants: the echo of a removal of ours, after a reload, must not undo it. */
export function restoreAddress(
  { config, state }: Context<MasterState | LeavingState>,
  { address: deleted }: EventOf<'addressDeleted'>,
): Step {
  const address = heldAddresses(config).find((held) => isSameAddress(held, deleted));
  if (address === undefined || address.noTrack) return stay(state);
  return stay(
    state,
    ...addAddresses([address]),
    ...sendGratuitousArp([address], config.gratuitousArp.masterRepeat),
    report({ kind: 'addressRestored', address }),
  );
}

function isSameAddress(a: VirtualAddress, b: VirtualAddress): boolean {
  return a.address === b.address && a.interface === b.interface && a.prefixLength === b.prefixLength;
}
