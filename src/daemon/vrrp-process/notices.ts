/** Turns what instances and groups do into what notify scripts, named pipes and mail are told; the script process tells them. */
import { effectivePriority, type InstanceEffect, type StateName } from '../../vrrp/index.ts';
import type { GroupWord, InstanceWord, NotifyEvent } from '../ipc.ts';
import type { GroupRuntime, GroupWord as GroupStateWord } from './group-runtime.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

/** Leaving has none: whoever is told hears of the state that it leads to. */
const words: Readonly<Partial<Record<StateName, InstanceWord>>> = {
  Master: 'MASTER',
  Backup: 'BACKUP',
  Fault: 'FAULT',
  Initialize: 'STOP',
};

const groupWords: Readonly<Record<GroupStateWord, GroupWord>> = {
  Master: 'MASTER',
  Backup: 'BACKUP',
  Fault: 'FAULT',
  Stopped: 'STOP',
};

export class Notices {
  readonly #send: (events: readonly NotifyEvent[]) => void;
  /** What each was last told, so that giving up and taking back is no news. */
  readonly #told = new WeakMap<InstanceRuntime, InstanceWord>();

  constructor(send: (events: readonly NotifyEvent[]) => void) {
    this.#send = send;
  }

  stepped(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    const events = effects.flatMap((effect) => this.#eventsFor(runtime, effect));
    if (events.length > 0) this.#send(events);
  }

  group({ config }: GroupRuntime, state: GroupStateWord): void {
    this.#send([{ kind: 'group', name: config.name, state: groupWords[state] }]);
  }

  /** keepalived.conf(5): fifo_write_vrrp_states_on_reload. */
  allStates(runtimes: Iterable<InstanceRuntime>): void {
    const events = [...runtimes].flatMap((runtime) => {
      const word = this.#told.get(runtime);
      return word === undefined ? [] : [{ ...instanceEvent(runtime, word), isRepeated: true as const }];
    });
    if (events.length > 0) this.#send(events);
  }

  #eventsFor(runtime: InstanceRuntime, effect: InstanceEffect): readonly NotifyEvent[] {
    if (effect.kind === 'stateChanged') return this.#stateEvent(runtime, effect.to);
    if (effect.kind !== 'report') return [];
    if (effect.report.kind === 'forcingElection') return [instanceEvent(runtime, 'MASTER_RX_LOWER_PRI')];
    if (effect.report.kind === 'priorityChanged') return priorityEvent(runtime);
    return [];
  }

  #stateEvent(runtime: InstanceRuntime, to: StateName): readonly NotifyEvent[] {
    const word = to === 'Initialize' && runtime.isDeleted ? 'DELETED' : words[to];
    if (word === undefined || word === this.#told.get(runtime)) return [];
    this.#told.set(runtime, word);
    return [instanceEvent(runtime, word)];
  }
}

function priorityEvent(runtime: InstanceRuntime): readonly NotifyEvent[] {
  const { name } = runtime.state;
  if (name === 'Master') return [instanceEvent(runtime, 'MASTER_PRIORITY')];
  return name === 'Backup' ? [instanceEvent(runtime, 'BACKUP_PRIORITY')] : [];
}

function instanceEvent({ config, state }: InstanceRuntime, word: InstanceWord): NotifyEvent {
  return { kind: 'instance', name: config.name, state: word, priority: effectivePriority(config, state) };
}
