/** What Initialize and Fault do with each event: wait for what lets the instance run (RFC 3768 section 6.4.1). */
import type { FaultState, InitializeState } from './state.ts';
import { type Context, type EventOf, type Handlers, ignore, report, type Step, withCounted } from './step.ts';
import { becomeFault, becomeInitialize, enterRunning } from './transitions.ts';

type NotRunningState = InitializeState | FaultState;

const common = {
  timeout: ignore,
  packet: ({ state }: Context<NotRunningState>): Step => ({
    next: withCounted(state, 'notRunning'),
    effects: [],
  }),
  sourceAddressChanged: ignore,
  addressDeleted: ignore,
  addressAddFailed: (
    { state }: Context<NotRunningState>,
    { address, error }: EventOf<'addressAddFailed'>,
  ): Step => ({ next: state, effects: [report({ kind: 'addressAddFailed', address, error })] }),
};

export const initializeHandlers: Handlers<InitializeState> = {
  ...common,
  startup: onStartup,
  shutdown: ignore,
  faultRaised: ignore,
  faultCleared: ignore,
};

export const faultHandlers: Handlers<FaultState> = {
  ...common,
  startup: ignore,
  shutdown: becomeInitialize,
  faultRaised: ({ state }, { fault }) => ({
    next: { ...state, reason: fault },
    effects: fault === state.reason ? [] : [report({ kind: 'faultChanged', fault })],
  }),
  // A full Master_Down_Interval again: who comes back from a fault asks for mastership as if it had just started.
  faultCleared: (context, { sourceAddress }) =>
    enterRunning(context, sourceAddress, { owner: 'fault-cleared', other: 'fault-cleared' }),
};

function onStartup(context: Context<InitializeState>, { sourceAddress, fault }: EventOf<'startup'>): Step {
  if (fault !== undefined) return becomeFault(context, fault);
  if (sourceAddress === undefined) return becomeFault(context, 'no-source-address');
  return enterRunning(context, sourceAddress, { owner: 'startup-owner', other: 'startup' });
}
