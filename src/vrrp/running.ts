/** What Backup and Master do alike. */
import type { BackupState, MasterState } from './state.ts';
import { type Context, type EventOf, ignore, report, type Step } from './step.ts';
import { becomeFault, becomeInitialize } from './transitions.ts';

type RunningContext = Context<BackupState | MasterState>;

export const runningHandlers = {
  startup: ignore,
  shutdown: becomeInitialize,
  faultRaised: (context: RunningContext, { fault }: EventOf<'faultRaised'>): Step =>
    becomeFault(context, fault),
  faultCleared: ignore,
  sourceAddressChanged: (
    { state }: RunningContext,
    { sourceAddress }: EventOf<'sourceAddressChanged'>,
  ): Step => ({ next: { ...state, sourceAddress }, effects: [] }),
  addressAddFailed: ({ state }: RunningContext, { address, error }: EventOf<'addressAddFailed'>): Step => ({
    next: state,
    effects: [report({ kind: 'addressAddFailed', address, error })],
  }),
};
