/**
 * One running instance: its configuration, its state and its place on the network. Feeds events to the pure state machine and
 * hands the effects, in their order, to what performs them. Decides nothing of VRRP itself.
 */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import {
  type FaultReason,
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  initialState,
  nextTimeout,
  reconfigure,
  type Step,
  step,
} from '../../vrrp/index.ts';
import type { AdvertisementPort } from './advertisement-sockets.ts';
import type { InterfaceCondition } from './interface-condition.ts';

export type UsablePlace = Extract<InterfaceCondition, { kind: 'usable' }>;

/** What an instance needs done; each member is one line of I/O in `effects.ts`. */
export interface InstanceServices {
  nowMs(): number;
  join(runtime: InstanceRuntime, place: UsablePlace): AdvertisementPort;
  perform(runtime: InstanceRuntime, effect: InstanceEffect): void;
  socketRefused(runtime: InstanceRuntime, error: Error): void;
}

interface Prepared {
  readonly config: VrrpInstanceConfig;
  readonly state: InstanceState;
  readonly step: Step;
}

export class InstanceRuntime {
  config: VrrpInstanceConfig;
  state: InstanceState;
  port: AdvertisementPort | undefined;
  readonly #services: InstanceServices;
  #prepared: Prepared | undefined;

  constructor(config: VrrpInstanceConfig, services: InstanceServices) {
    this.config = config;
    this.state = initialState();
    this.#services = services;
  }

  get nextTimeoutMs(): number | undefined {
    return nextTimeout(this.state);
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

  start(condition: InterfaceCondition): void {
    const place = this.#moveTo(condition);
    this.dispatch(
      place.kind === 'usable'
        ? { kind: 'startup', sourceAddress: place.sourceAddress }
        : { kind: 'startup', fault: place.fault },
    );
  }

  /** The interface changed. Called for every change, so what is as before must cost nothing and change nothing. */
  follow(condition: InterfaceCondition): void {
    const before = this.port?.place.source;
    const place = this.#moveTo(condition);
    const faulted = this.state.name === 'Fault' ? this.state.reason : undefined;
    if (place.kind === 'fault') this.#fault(place.fault, faulted);
    else if (faulted !== undefined) {
      this.dispatch({ kind: 'faultCleared', sourceAddress: place.sourceAddress });
    } else if (before !== place.sourceAddress) {
      this.dispatch({ kind: 'sourceAddressChanged', sourceAddress: place.sourceAddress });
    }
  }

  reconfigure(next: VrrpInstanceConfig): void {
    const previous = this.config;
    this.config = next;
    this.#apply(reconfigure(previous, next, this.state, this.#services.nowMs()));
  }

  stop(): void {
    this.dispatch({ kind: 'shutdown' });
    this.#closePort();
  }

  #apply({ next, effects }: Step): void {
    this.state = next;
    for (const effect of effects) this.#services.perform(this, effect);
  }

  #moveTo(condition: InterfaceCondition): InterfaceCondition {
    if (condition.kind === 'fault' || this.#isAt(condition)) return condition;
    this.#closePort();
    try {
      this.port = this.#services.join(this, condition);
      return condition;
    } catch (error) {
      this.#services.socketRefused(this, error instanceof Error ? error : new Error(String(error)));
      return { kind: 'fault', fault: 'socket-refused' };
    }
  }

  /** The port stays open for the last word, priority 0, and closes when its interface is gone. */
  #fault(fault: FaultReason, already: FaultReason | undefined): void {
    if (fault !== already) this.dispatch({ kind: 'faultRaised', fault });
    if (fault === 'interface-missing') this.#closePort();
  }

  #isAt(place: UsablePlace): boolean {
    const current = this.port?.place;
    return (
      current !== undefined &&
      current.interfaceIndex === place.interfaceIndex &&
      current.source === place.sourceAddress &&
      current.group === this.config.multicastGroup
    );
  }

  #closePort(): void {
    this.port?.close();
    this.port = undefined;
  }
}
