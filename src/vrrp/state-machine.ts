/**
 * The VRRP state machine as a function of events and time. It opens nothing, waits for nothing and knows no clock: the same
 * arguments give the same answer. A bad packet is an event like any other.
 */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import { backupHandlers } from './backup.ts';
import { leavingHandlers } from './leaving.ts';
import { masterHandlers } from './master.ts';
import type { InstanceEvent } from './messages.ts';
import { faultHandlers, initializeHandlers } from './not-running.ts';
import type { InstanceState } from './state.ts';
import type { Context, Handlers, Step } from './step.ts';

/**
 * What `event` at `nowMs` makes of `state`. `nowMs` is monotonic and may have fractions; for a packet it is when the kernel
 * received it. The effects are to be performed in their order.
 */
export function step(
  config: VrrpInstanceConfig,
  state: InstanceState,
  event: InstanceEvent,
  nowMs: number,
): Step {
  switch (state.name) {
    case 'Initialize':
      return handle(initializeHandlers, { config, state, nowMs }, event);
    case 'Backup':
      return handle(backupHandlers, { config, state, nowMs }, event);
    case 'Master':
      return handle(masterHandlers, { config, state, nowMs }, event);
    case 'Leaving':
      return handle(leavingHandlers, { config, state, nowMs }, event);
    case 'Fault':
      return handle(faultHandlers, { config, state, nowMs }, event);
  }
}

function handle<State extends InstanceState>(
  handlers: Handlers<State>,
  context: Context<State>,
  event: InstanceEvent,
): Step {
  // The table gives each kind the handler of its own event; the compiler cannot follow that through the union.
  const handler = handlers[event.kind] as (context: Context<State>, event: InstanceEvent) => Step;
  return handler(context, event);
}
