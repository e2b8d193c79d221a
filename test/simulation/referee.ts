/**
 * What must always be true of VRRP routers, and what must be true once nothing has disturbed them for long enough. Judges from
 * outside, by `rfc.ts`. This part knows since when the network is whole; the judgements are made by the step and network judges.
 */
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { InstanceState } from '../../src/vrrp/index.ts';
import type { Network } from './network.ts';
import { NetworkJudge } from './network-judge.ts';
import type { Stepped } from './record.ts';
import type { Instance, Router } from './router.ts';
import { StepJudge } from './step-judge.ts';

export interface RefereeOptions {
  readonly seed: number;
  readonly latenessMs: number;
  readonly network: Pick<Network, 'isWhole' | 'lastArrivalMs' | 'options'>;
  readonly routers: ReadonlyMap<string, Router>;
  nowMs(): number;
}

export class Referee {
  readonly options: RefereeOptions;
  readonly steps: StepJudge;
  readonly #network: NetworkJudge;
  #disturbedAtMs = 0;
  #roughAtMs = 0;

  constructor(options: RefereeOptions) {
    this.options = options;
    this.steps = new StepJudge(this);
    this.#network = new NetworkJudge(this);
  }

  /** How often the network was found at rest and judged so: a test that never rests has not been judged. */
  get timesAtRest(): number {
    return this.#network.timesAtRest;
  }

  get nowMs(): number {
    return this.options.nowMs();
  }

  /** Since when every packet arrives and every process runs; undefined while it is not so. */
  get wholeSinceMs(): number | undefined {
    if (!this.options.network.isWhole) return undefined;
    for (const { isPaused, isRunning } of this.options.routers.values()) {
      if (isPaused && isRunning) return undefined;
    }
    return this.#roughAtMs;
  }

  /** Since when nobody has meddled either. */
  get peaceSinceMs(): number | undefined {
    const wholeSinceMs = this.wholeSinceMs;
    return wholeSinceMs === undefined ? undefined : Math.max(wholeSinceMs, this.#disturbedAtMs);
  }

  /** How much later than due something may happen: the timer, and the way of a packet. */
  get slackMs(): number {
    const { latenessMs, network } = this.options;
    return 2 * latenessMs + 4 * network.options.latencyMs + 0.01;
  }

  object(objection: string, atMs: number = this.nowMs): never {
    throw new Error(`${this.options.seed} is the seed; at ${atMs.toFixed(3)} ms ${objection}`);
  }

  added(): void {
    this.#network.added();
  }

  started(instance: Instance): void {
    this.steps.started(instance);
  }

  stepped(happened: Stepped): void {
    this.steps.stepped(happened);
  }

  reloaded(instance: Instance, previous: VrrpInstanceConfig, before: InstanceState): void {
    this.steps.reloaded(instance, previous, before);
  }

  unpaused(router: Router): void {
    for (const instance of router.instances) this.steps.unpaused(instance);
  }

  disturbed(): void {
    this.#disturbedAtMs = this.nowMs;
    this.#network.forget();
  }

  /** Something that no protocol can make up for at once: a crash, a cut, a pause. */
  treatedRoughly(): void {
    this.#roughAtMs = Math.max(this.nowMs, this.options.network.lastArrivalMs);
    this.#network.lostTrack();
  }

  /** All effects of a step and what it meant for the group have been performed. */
  looked(instance: Instance, isRoutine: boolean): void {
    this.#network.looked(instance, isRoutine);
  }

  lookedAtAll(): void {
    for (const { instances } of this.options.routers.values()) {
      for (const instance of instances) this.steps.looked(instance);
    }
    this.#network.lookedAtAll();
  }
}
