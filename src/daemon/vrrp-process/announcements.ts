/** Announcements in the pace that the configuration wants: at once, or one by one for interfaces that share a pause. */
import type { GarpGroupConfig, VirtualAddress, VrrpGlobals } from '../../config-parser/config.ts';
import { nowMs } from '../../kernel/clock.ts';
import { familyOf } from '../../net/address.ts';
import {
  type AnnouncementQueueState,
  type AnnouncementStep,
  dueAnnouncements,
  emptyAnnouncementQueue,
  enqueueAnnouncements,
  nextAnnouncementMs,
  withdrawAnnouncements,
} from '../../vrrp/announcement-queue.ts';
import type { Announcer } from './announcer.ts';
import type { Timed } from './deadline-queue.ts';

type Pauses = Pick<VrrpGlobals, 'garpIntervalMs' | 'gnaIntervalMs' | 'garpGroups'>;

interface Queue {
  readonly intervalMs: number;
  state: AnnouncementQueueState;
}

export class Announcements implements Timed {
  readonly #announcer: Announcer;
  readonly #onFailure: (error: Error) => void;
  #pauses: Pauses = { garpIntervalMs: 0, gnaIntervalMs: 0, garpGroups: [] };
  readonly #queues = new Map<string, Queue>();

  /** `onFailure` hears of what could not be sent later; what cannot be sent at once `announce` returns. */
  constructor(announcer: Announcer, onFailure: (error: Error) => void) {
    this.#announcer = announcer;
    this.#onFailure = onFailure;
  }

  get nextTimeoutMs(): number | undefined {
    const times = [...this.#queues.values()].flatMap(({ state }) => nextAnnouncementMs(state) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** What waits goes on waiting, in the new pace where that is another one. */
  configure({ garpIntervalMs, gnaIntervalMs, garpGroups }: Pauses): void {
    const pauses: Pauses = { garpIntervalMs, gnaIntervalMs, garpGroups };
    if (JSON.stringify(pauses) === JSON.stringify(this.#pauses)) return;
    const waiting = [...this.#queues.values()].flatMap(({ state }) => state.waiting);
    this.#pauses = pauses;
    this.#queues.clear();
    for (const address of waiting) {
      for (const error of this.#enqueue(address)) this.#onFailure(error);
    }
  }

  announce(addresses: readonly VirtualAddress[], repeat: number): readonly Error[] {
    if (!this.#hasPauses) return this.#announcer.announce(addresses, repeat);
    const errors: Error[] = [];
    for (let round = 0; round < repeat; round += 1) {
      for (const address of addresses) errors.push(...this.#enqueue(address));
    }
    return errors;
  }

  /** They are somebody else's now. */
  withdraw(addresses: readonly VirtualAddress[]): void {
    for (const queue of this.#queues.values()) queue.state = withdrawAnnouncements(queue.state, addresses);
  }

  timeout(now: number): void {
    for (const queue of this.#queues.values()) {
      const errors = this.#send(queue, dueAnnouncements(queue.state, queue.intervalMs, now));
      for (const error of errors) this.#onFailure(error);
    }
  }

  get #hasPauses(): boolean {
    const { garpIntervalMs, gnaIntervalMs, garpGroups } = this.#pauses;
    return garpIntervalMs > 0 || gnaIntervalMs > 0 || garpGroups.length > 0;
  }

  #enqueue(address: VirtualAddress): readonly Error[] {
    const queue = this.#queueOf(address);
    if (queue.intervalMs === 0) return this.#announcer.announce([address], 1);
    return this.#send(queue, enqueueAnnouncements(queue.state, [address], queue.intervalMs, nowMs()));
  }

  #send(queue: Queue, { next, send }: AnnouncementStep): readonly Error[] {
    queue.state = next;
    return send.length === 0 ? [] : this.#announcer.announce(send, 1);
  }

  #queueOf({ address, interface: device }: VirtualAddress): Queue {
    const family = familyOf(address);
    const group = this.#pauses.garpGroups.find(({ interfaces }) => interfaces.includes(device));
    const intervalMs = intervalFor(family, group ?? this.#pauses);
    const key = `${family} ${group === undefined ? device : `group ${group.interfaces.join()}`}`;
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const queue: Queue = { intervalMs, state: emptyAnnouncementQueue };
    this.#queues.set(key, queue);
    return queue;
  }
}

function intervalFor(
  family: 4 | 6,
  { garpIntervalMs, gnaIntervalMs }: Pick<GarpGroupConfig, 'garpIntervalMs' | 'gnaIntervalMs'>,
): number {
  return family === 4 ? garpIntervalMs : gnaIntervalMs;
}
