/** What Initialize and Fault do with each event: wait for what lets the instance run (RFC 3768 section 6.4.1). */
import type { Surroundings } from './messages.ts';
import { holdIsOver, reportAddFailed, withoutHold } from './running.ts';
import type { FaultState, InitializeState } from './state.ts';
import {
  type Context,
  type EventOf,
  type Handlers,
  ignore,
  report,
  type Step,
  stay,
  withCounted,
} from './step.ts';
import { becomeFault, becomeInitialize, enterRunning, sameFaults } from './transitions.ts';

type NotRunningState = InitializeState | FaultState;

const common = {
  timeout: (context: Context<NotRunningState>): Step =>
    holdIsOver(context) ? withoutHold(context.state) : ignore(context),
  packet: ({ state }: Context<NotRunningState>): Step => stay(withCounted(state, 'notRunning')),
  addressDeleted: ignore,
  routesDeleted: ignore,
  addressClaimed: ignore,
  addressAddFailed: reportAddFailed,
  giveUp: ({ state }: Context<NotRunningState>, { hold }: EventOf<'giveUp'>): Step =>
    stay({ ...state, hold }, report({ kind: 'held', hold })),
  resume: ({ state }: Context<NotRunningState>): Step => withoutHold(state),
  groupReady: ignore,
  groupLeft: ignore,
};

export const initializeHandlers: Handlers<InitializeState> = {
  ...common,
  startup: (context, { surroundings }) =>
    enter(context, surroundings, { owner: 'startup-owner', other: 'startup' }),
  shutdown: ignore,
  surroundingsChanged: ignore,
};

export const faultHandlers: Handlers<FaultState> = {
  ...common,
  startup: ignore,
  shutdown: (context) => becomeInitialize(context),
  surroundingsChanged: onSurroundings,
};

function enter(
  context: Context<NotRunningState>,
  { faults, weight, sourceAddress }: Surroundings,
  reasons: Parameters<typeof enterRunning>[2],
): Step {
  const now = { ...context, state: { ...context.state, weight } };
  if (faults.length > 0) return becomeFault(now, faults);
  if (sourceAddress === undefined) return becomeFault(now, [{ reason: 'no-source-address' }]);
  return enterRunning(now, sourceAddress, reasons);
}

// A full Master_Down_Interval again: who comes back from a fault asks for mastership as if it had just started.
function onSurroundings(
  context: Context<FaultState>,
  { surroundings }: EventOf<'surroundingsChanged'>,
): Step {
  const { state } = context;
  const { faults, weight } = surroundings;
  if (faults.length === 0)
    return enter(context, surroundings, { owner: 'fault-cleared', other: 'fault-cleared' });
  const next: FaultState = { ...state, weight, faults };
  return sameFaults(faults, state.faults) ? stay(next) : stay(next, report({ kind: 'faults', faults }));
}
