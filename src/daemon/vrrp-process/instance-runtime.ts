/**
 * One running instance: its configuration, its state and its place on the network. Feeds events to the pure state machine and
 * hands the effects, in their order, to what performs them. Decides nothing of VRRP itself.
 */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import {
  AdvertisementWriter,
  type Fault,
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  initialState,
  nextTimeout,
  reconfigure,
  type Step,
  type Surroundings,
  sameFaults,
  step,
} from '../../vrrp/index.ts';
import type { AdvertisementPort, SocketPlace } from './advertisement-sockets.ts';
import type { Timed } from './deadline-queue.ts';
import { samePlace } from './interface-condition.ts';

/** What an instance needs done; each member is one line of I/O elsewhere. */
export interface InstanceServices {
  nowMs(): number;
  join(runtime: InstanceRuntime, place: SocketPlace): AdvertisementPort;
  perform(runtime: InstanceRuntime, effect: InstanceEffect): void;
  socketRefused(runtime: InstanceRuntime, error: Error): void;
  /** After every step: the effects are performed. `effects` are those of the step. */
  stepped(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void;
}

interface Prepared {
  readonly config: VrrpInstanceConfig;
  readonly state: InstanceState;
  readonly step: Step;
}

export class InstanceRuntime implements Timed {
  config: VrrpInstanceConfig;
  state: InstanceState;
  port: AdvertisementPort | undefined;
  /** What it would face if its sync group were not there. */
  own: Surroundings = { faults: [], weight: 0 };
  /** Removed by a reload: its last notification is DELETED. */
  isDeleted = false;
  /** When it entered its state, on the clock of `nowMs`. */
  sinceMs: number;
  readonly writer = new AdvertisementWriter();
  readonly #services: InstanceServices;
  #prepared: Prepared | undefined;
  #faced: Surroundings | undefined;
  #isStopping = false;

  constructor(config: VrrpInstanceConfig, services: InstanceServices) {
    this.config = config;
    this.state = initialState();
    this.#services = services;
    this.sinceMs = services.nowMs();
  }

  get nextTimeoutMs(): number | undefined {
    return nextTimeout(this.state);
  }

  /** Its next deadline is one that may make it Master: on time to a fraction of a millisecond. */
  get isAboutToTakeOver(): boolean {
    return this.state.name === 'Backup' && this.state.masterDownAtMs === this.nextTimeoutMs;
  }

  dispatch(event: InstanceEvent, atMs: number = this.#services.nowMs()): void {
    this.#apply(step(this.config, this.state, event, atMs));
  }

  /**
   * Computes, shortly before it is due, what the timeout at `atMs` will do. Valid while neither state nor configuration changes:
   * a packet that arrives meanwhile throws it away.
   */
  prepareTimeout(atMs: number): readonly InstanceEffect[] {
    const { config, state } = this;
    this.#prepared = { config, state, step: step(config, state, { kind: 'timeout' }, atMs) };
    return this.#prepared.step.effects;
  }

  timeout(nowMs: number): void {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    if (prepared?.state === this.state && prepared.config === this.config) this.#apply(prepared.step);
    else this.dispatch({ kind: 'timeout' }, nowMs);
  }

  /**
   * Opens its socket where it is not open yet, and notes what the instance faces by itself. `place` is undefined where there is
   * none now; the port then stays for a last word, until the interface is gone.
   */
  look(surroundings: Surroundings, place: SocketPlace | undefined): void {
    const refused = place === undefined ? [] : this.#moveTo(place);
    if (surroundings.faults.some(({ reason }) => reason === 'interface-missing')) this.#closePort();
    this.own = { ...surroundings, faults: [...surroundings.faults, ...refused] };
  }

  /** Called for every change anywhere, so what is as before must cost nothing and change nothing. */
  face(faults: readonly Fault[]): void {
    const surroundings = { ...this.own, faults };
    const before = this.#faced;
    this.#faced = surroundings;
    if (this.state.name === 'Initialize') {
      // Who has ended is not started again by a group that has still to end.
      if (!this.#isStopping) this.dispatch({ kind: 'startup', surroundings });
      return;
    }
    if (before === undefined || !isSame(before, surroundings))
      this.dispatch({ kind: 'surroundingsChanged', surroundings });
  }

  reconfigure(next: VrrpInstanceConfig): void {
    const previous = this.config;
    this.config = next;
    this.#apply(reconfigure(previous, next, this.state, this.#services.nowMs()));
  }

  /** Hands over, or lets go at once. It has ended when its state is Initialize. */
  stop(atOnce: boolean): void {
    this.#isStopping = true;
    this.dispatch({ kind: 'shutdown', ...(atOnce && { atOnce }) });
  }

  close(): void {
    this.#closePort();
  }

  #apply({ next, effects }: Step): void {
    if (next.name !== this.state.name) this.sinceMs = this.#services.nowMs();
    this.state = next;
    for (const effect of effects) this.#services.perform(this, effect);
    this.#services.stepped(this, effects);
  }

  #moveTo(place: SocketPlace): readonly Fault[] {
    if (this.port !== undefined && samePlace(this.port.place, place)) return [];
    this.#closePort();
    try {
      this.port = this.#services.join(this, place);
      return [];
    } catch (error) {
      this.#services.socketRefused(this, error instanceof Error ? error : new Error(String(error)));
      return [{ reason: 'socket-refused' }];
    }
  }

  #closePort(): void {
    this.port?.close();
    this.port = undefined;
  }
}

function isSame(a: Surroundings, b: Surroundings): boolean {
  return a.weight === b.weight && a.sourceAddress === b.sourceAddress && sameFaults(a.faults, b.faults);
}
