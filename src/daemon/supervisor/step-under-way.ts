/** One step of the supervisor while it is made: it owns the next state and the effects until they are handed out. */
import type { ChildRole, LogLevel } from '../ipc.ts';
import type { ChildState } from './child-state.ts';
import type { SupervisorEffect } from './messages.ts';
import type { SupervisorOptions, SupervisorState } from './supervisor-state.ts';

export class StepUnderWay {
  state: SupervisorState;
  readonly effects: SupervisorEffect[] = [];
  readonly options: SupervisorOptions;
  readonly nowMs: number;

  constructor(options: SupervisorOptions, state: SupervisorState, nowMs: number) {
    this.options = options;
    this.state = state;
    this.nowMs = nowMs;
  }

  child(role: ChildRole): ChildState {
    return this.state.children[role];
  }

  set(change: Partial<SupervisorState>): void {
    this.state = { ...this.state, ...change };
  }

  setChild(role: ChildRole, child: ChildState): void {
    this.set({ children: { ...this.state.children, [role]: child } });
  }

  does(...effects: readonly SupervisorEffect[]): void {
    this.effects.push(...effects);
  }

  log(level: LogLevel, message: string): void {
    this.effects.push({ kind: 'log', record: { level, message } });
  }
}
