/**
 * The vrrp process's shell: instances, sockets, one deadline timer, and the interfaces they live on. It moves events in and
 * effects out; what they mean is decided in src/vrrp. Nothing here waits: an advertisement must never be late for anything else.
 */
import type { Config, VrrpInstanceConfig } from '../../config-parser/config.ts';
import { nowMs } from '../../kernel/clock.ts';
import { DeadlineTimer } from '../../kernel/deadline-timer.ts';
import type { LinkEvent, LinkMonitor } from '../../kernel/link-monitor.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import type { IpAddress } from '../../net/address.ts';
import { type InstanceEffect, instanceKey } from '../../vrrp/index.ts';
import type { ChildLog } from '../child-log.ts';
import type { ChildOptions } from '../ipc.ts';
import { type AdvertisementPort, AdvertisementSockets } from './advertisement-sockets.ts';
import { Announcer } from './announcer.ts';
import { EffectPerformer } from './effects.ts';
import { InstanceRuntime, type InstanceServices, type UsablePlace } from './instance-runtime.ts';
import { interfaceCondition } from './interface-condition.ts';

/** How often an instance in Fault looks again, for what no netlink message tells (a socket that was refused). */
const faultRetryMs = 5000;

/** Time for `#onApproach`, which after seconds of rest takes up to 0.6 ms; a thousandth of a processor at one advertisement a second. */
const leadMs = 0.9;

export interface VrrpProcessTools {
  readonly monitor: LinkMonitor;
  readonly addresses: AddressClient;
  readonly log: ChildLog;
  readonly rehearsal: { run(): void };
  /** The kernel refuses raw sockets to this process: no instance can ever run. */
  onNotPermitted(error: Error): void;
}

export class VrrpProcess implements InstanceServices {
  readonly #tools: VrrpProcessTools;
  readonly #instances = new Map<string, InstanceRuntime>();
  readonly #sockets: AdvertisementSockets;
  readonly #announcer: Announcer;
  readonly #performer: EffectPerformer;
  readonly #timer = new DeadlineTimer(() => this.#onDeadline(), {
    leadMs,
    onApproach: () => this.#onApproach(),
  });
  readonly #faultRetry: NodeJS.Timeout;
  #options: ChildOptions;
  #armedForMs: number | undefined;
  #virtualAddresses: ReadonlySet<IpAddress> = new Set();

  constructor(tools: VrrpProcessTools, options: ChildOptions) {
    this.#tools = tools;
    this.#announcer = new Announcer((name) => tools.monitor.links().get(name));
    this.#performer = new EffectPerformer({ ...tools, announcer: this.#announcer });
    this.#options = options;
    this.#sockets = new AdvertisementSockets({
      onError: (place, error) =>
        tools.log.write('warning', `socket on ${place.interfaceName}: ${error.message}`),
    });
    this.#faultRetry = setInterval(() => this.#retryFaults(), faultRetryMs);
    this.#faultRetry.unref();
  }

  /** The first call starts the instances; a later one is a reload and changes only what differs. */
  async configure(config: Config, options: ChildOptions): Promise<void> {
    this.#options = options;
    this.#virtualAddresses = new Set(
      config.vrrpInstances.flatMap(allAddresses).map(({ address }) => address),
    );
    const wanted = new Map(config.vrrpInstances.map((instance) => [instanceKey(instance), instance]));
    for (const [key, runtime] of this.#instances) if (!wanted.has(key)) this.#retire(key, runtime);
    for (const [key, runtime] of this.#instances) {
      const next = wanted.get(key);
      if (next !== undefined) runtime.reconfigure(next);
    }
    const added = [...wanted].filter(([key]) => !this.#instances.has(key));
    await this.#clearLeftovers(added.map(([, instance]) => instance));
    for (const [key, instance] of added) this.#start(key, instance);
    for (const runtime of this.#instances.values()) this.#follow(runtime);
    this.#arm();
  }

  onLinkEvent(event: LinkEvent): void {
    if (event.kind === 'linkRemoved') this.#announcer.forget(event.link.index);
    for (const runtime of this.#instances.values()) {
      this.#follow(runtime);
      if (event.kind === 'addressRemoved') this.#reportDeletedAddress(runtime, event);
    }
    this.#arm();
  }

  /** Priority 0 for every Master, addresses removed; resolves when the kernel has done it. */
  async stop(): Promise<void> {
    clearInterval(this.#faultRetry);
    this.#performer.keepAddresses = this.#options.keepAddressesOnExit;
    for (const [key, runtime] of this.#instances) this.#retire(key, runtime);
    this.#timer.close();
    await this.#performer.settled();
    this.#announcer.close();
  }

  // InstanceServices

  nowMs(): number {
    return nowMs();
  }

  join(runtime: InstanceRuntime, place: UsablePlace): AdvertisementPort {
    const { config } = runtime;
    const where = {
      interfaceName: config.interface,
      interfaceIndex: place.interfaceIndex,
      group: config.multicastGroup,
      source: place.sourceAddress,
    };
    this.#announcer.prepare(config.interface);
    return this.#sockets.join(where, config.vrid, (datagram, receivedAtMs) => {
      runtime.dispatch({ kind: 'packet', datagram }, receivedAtMs);
      this.#arm();
    });
  }

  perform(runtime: InstanceRuntime, effect: InstanceEffect): void {
    this.#performer.perform(runtime, effect);
  }

  socketRefused(runtime: InstanceRuntime, error: Error): void {
    const { name, interface: interfaceName } = runtime.config;
    this.#tools.log.write('error', `(${name}) cannot open its socket on ${interfaceName}: ${error.message}`);
    if ('code' in error && (error.code === 'EPERM' || error.code === 'EACCES'))
      this.#tools.onNotPermitted(error);
  }

  #start(key: string, config: VrrpInstanceConfig): void {
    const runtime = new InstanceRuntime(config, this);
    this.#instances.set(key, runtime);
    runtime.start(this.#conditionOf(runtime));
  }

  #retire(key: string, runtime: InstanceRuntime): void {
    runtime.stop();
    this.#instances.delete(key);
  }

  #follow(runtime: InstanceRuntime): void {
    runtime.follow(this.#conditionOf(runtime));
  }

  #conditionOf({ config }: InstanceRuntime): ReturnType<typeof interfaceCondition> {
    return interfaceCondition(
      config,
      this.#tools.monitor.links().get(config.interface),
      this.#virtualAddresses,
    );
  }

  /** A fraction of a millisecond early: what can be computed is, so that at the deadline it is only sent. */
  #onApproach(): void {
    const deadlineMs = this.#armedForMs;
    if (deadlineMs === undefined) return;
    for (const runtime of this.#instances.values()) {
      if (runtime.nextTimeoutMs !== deadlineMs) continue;
      const effects = runtime.prepareTimeout(deadlineMs);
      this.#performer.prepare(runtime, effects);
      if (effects.some(({ kind }) => kind === 'addAddresses')) this.#tools.rehearsal.run();
    }
  }

  #onDeadline(): void {
    this.#sockets.drain();
    const now = nowMs();
    for (const runtime of this.#instances.values()) {
      const due = runtime.nextTimeoutMs;
      if (due !== undefined && due <= now) runtime.timeout(now);
    }
    this.#arm();
  }

  #arm(): void {
    let earliest: number | undefined;
    for (const { nextTimeoutMs } of this.#instances.values()) {
      if (nextTimeoutMs !== undefined && (earliest === undefined || nextTimeoutMs < earliest))
        earliest = nextTimeoutMs;
    }
    this.#armedForMs = earliest;
    this.#timer.set(earliest);
  }

  #retryFaults(): void {
    for (const runtime of this.#instances.values()) if (runtime.state.name === 'Fault') this.#follow(runtime);
    this.#arm();
  }

  #reportDeletedAddress(
    runtime: InstanceRuntime,
    event: Extract<LinkEvent, { kind: 'addressRemoved' }>,
  ): void {
    const ours = allAddresses(runtime.config).find(
      (candidate) => candidate.address === event.address.address && candidate.interface === event.link.name,
    );
    if (ours !== undefined) runtime.dispatch({ kind: 'addressDeleted', address: ours });
  }

  /** A run that was killed left its addresses on the interface: until the election is won again they are not ours to hold. */
  async #clearLeftovers(instances: readonly VrrpInstanceConfig[]): Promise<void> {
    // The owner's addresses may be the interface's own, and it takes them at once anyway.
    const leftovers = instances.filter(({ basePriority }) => basePriority !== 255).flatMap(allAddresses);
    const present = leftovers.filter(({ address, interface: name }) =>
      this.#tools.monitor
        .links()
        .get(name)
        ?.addresses.some((held) => held.address === address),
    );
    if (present.length === 0) return;
    const list = present.map(({ address, interface: name }) => `${address} on ${name}`).join(', ');
    this.#tools.log.write('notice', `removing virtual addresses left by an earlier run: ${list}`);
    await this.#performer.removeNow(present);
  }
}

function allAddresses(config: VrrpInstanceConfig): VrrpInstanceConfig['virtualAddresses'] {
  return [...config.virtualAddresses, ...config.excludedAddresses];
}
