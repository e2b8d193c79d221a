/** One sync group: tells its members of each other, and whoever is told of groups when they have moved together. */
import type { SyncGroupConfig } from '../../config-parser/config.ts';
import { groupEvents, groupState, type InstanceEffect } from '../../vrrp/index.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

export type GroupWord = NonNullable<ReturnType<typeof groupState>> | 'Stopped';

type StateChanged = Extract<InstanceEffect, { kind: 'stateChanged' }>;

export class GroupRuntime {
  config: SyncGroupConfig;
  members: readonly InstanceRuntime[] = [];
  state: GroupWord | undefined;
  #movesTogether = false;
  readonly #onState: (group: GroupRuntime, state: GroupWord) => void;

  constructor(config: SyncGroupConfig, onState: (group: GroupRuntime, state: GroupWord) => void) {
    this.config = config;
    this.#onState = onState;
  }

  /** `member` has made a step. Events for the others are theirs before this returns. */
  stepped(member: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    const changes = effects.filter((effect): effect is StateChanged => effect.kind === 'stateChanged');
    for (const { from, to } of changes) this.#tell({ member, from, to });
    this.#tell(undefined);
    if (!this.#movesTogether) this.#look();
  }

  /** What `act` does to the members is one move: the group is told of when all of them have made it, as keepalived has it. */
  together(act: () => void): void {
    this.#movesTogether = true;
    act();
    this.#movesTogether = false;
    this.#look();
  }

  /** After a reload: a member that joined as something else than the others has to follow them. */
  settle(): void {
    const names = new Set(this.members.map(({ state }) => state.name));
    const isMixed = names.has('Master') && names.size > 1;
    for (const member of this.members) {
      if (isMixed && member.state.name === 'Master') member.dispatch({ kind: 'groupLeft' });
    }
    this.#look();
  }

  #tell(changed: Parameters<typeof groupEvents<InstanceRuntime>>[1]): void {
    for (const { member, event } of groupEvents(this.members, changed)) member.dispatch(event);
  }

  #look(): void {
    const state = this.#currentState();
    if (state === undefined || state === this.state) return;
    this.state = state;
    this.#onState(this, state);
  }

  #currentState(): GroupWord | undefined {
    const states = this.members.map((member) => member.state);
    if (states.length > 0 && states.every(({ name }) => name === 'Initialize')) {
      return this.state === undefined ? undefined : 'Stopped';
    }
    return groupState(states);
  }
}
