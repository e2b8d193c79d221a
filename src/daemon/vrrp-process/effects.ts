/**
 * Performs what the state machine wants done, in the order given. Everything up to the first gratuitous ARP happens within the
 * call: the kernel has the advertisement, the addresses and the announcement before anything else gets a turn. Logs come last.
 */
import type { VirtualAddress } from '../../config-parser/config.ts';
import type { LinkMonitor } from '../../kernel/link-monitor.ts';
import type { RouteClient } from '../../kernel/route-client.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import type { InstanceEffect, OutgoingAdvertisement } from '../../vrrp/index.ts';
import type { ChildLog } from '../child-log.ts';
import { describeReport, describeStateChange } from '../log-messages.ts';
import type { AdvertisementPort } from './advertisement-sockets.ts';
import type { Announcements } from './announcements.ts';
import type { Announcer } from './announcer.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

export interface EffectTools {
  readonly addresses: AddressClient;
  readonly routes: RouteClient;
  readonly announcements: Announcements;
  readonly announcer: Announcer;
  readonly monitor: LinkMonitor;
  readonly log: ChildLog;
  /** Whether another instance is Master of the address: then it stays when this one lets go. */
  isHeldByAnother(runtime: InstanceRuntime, address: VirtualAddress): boolean;
}

type EffectOf<Kind extends InstanceEffect['kind']> = Extract<InstanceEffect, { kind: Kind }>;

export class EffectPerformer {
  /** keepalived(8): --dont-release-vrrp, in force once the process stops. */
  keepAddresses = false;
  readonly #tools: EffectTools;
  /** Instances whose last send failed, so that a broken interface logs one line and not one a second. */
  readonly #failing = new WeakSet<InstanceRuntime>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #names = { findInterface: (name: string) => this.#tools.monitor.links().get(name) };

  constructor(tools: EffectTools) {
    this.#tools = tools;
  }

  perform(runtime: InstanceRuntime, effect: InstanceEffect): void {
    switch (effect.kind) {
      case 'sendAdvertisement':
        this.#send(runtime, effect.priority);
        break;
      case 'addAddresses':
        this.#track(this.#add(runtime, effect.addresses));
        break;
      case 'removeAddresses':
        this.#remove(runtime, effect.addresses);
        break;
      case 'addRoutes':
        this.#track(this.#addRoutes(runtime, effect));
        break;
      case 'removeRoutes':
        if (!this.keepAddresses) this.#track(this.#removeRoutes(runtime, effect));
        break;
      case 'sendGratuitousArp':
        this.#announce(runtime, effect);
        break;
      case 'stateChanged':
        this.#tools.log.record(describeStateChange(runtime.config, effect));
        break;
      case 'report':
        this.#tools.log.record(describeReport(runtime.config, effect.report));
        break;
      default:
        effect satisfies never;
    }
  }

  /** Does beforehand what needs no network: `perform` will then only send. */
  prepare(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'sendAdvertisement') this.#prepareAdvertisement(runtime, effect.priority);
      if (effect.kind === 'addAddresses') this.#tools.addresses.prepare(this.#placed(effect.addresses));
      if (effect.kind === 'sendGratuitousArp') this.#tools.announcer.prepareFrames(effect.addresses);
    }
  }

  /** Resolves when the kernel has answered everything asked of it so far. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled([...this.#pending]);
  }

  async removeNow(addresses: readonly VirtualAddress[]): Promise<void> {
    const results = await this.#tools.addresses.removeAddresses(this.#placed(addresses));
    for (const { address, error } of results) {
      if (error === undefined) continue;
      const where = `${address.address} from ${address.interface}`;
      this.#tools.log.write('error', `cannot remove ${where}: ${error.message}`);
    }
  }

  /** Without a signature the same packet is written once and sent as often as it is due. */
  #prepareAdvertisement(runtime: InstanceRuntime, priority: number): void {
    if (runtime.port !== undefined && runtime.config.authHmac === undefined)
      this.#written(runtime, runtime.port, priority);
  }

  #written(
    { config, state, writer }: InstanceRuntime,
    { place }: AdvertisementPort,
    priority: number,
  ): readonly OutgoingAdvertisement[] {
    const { source } = place;
    return writer.write({ config, priority, source, unixTimeMs: Date.now(), memory: state.memory });
  }

  #send(runtime: InstanceRuntime, priority: number): void {
    const { config, port } = runtime;
    if (port === undefined) return;
    const error = this.#trySend(runtime, port, priority);
    if (error === undefined) {
      if (this.#failing.delete(runtime))
        this.#tools.log.write('notice', `(${config.name}) advertisements can be sent again`);
      return;
    }
    // The last word on an interface that is down cannot be said, and nobody would hear it.
    if (priority === 0 || this.#failing.has(runtime)) return;
    this.#failing.add(runtime);
    const where = config.interface === undefined ? '' : ` on ${config.interface}`;
    this.#tools.log.write('error', `(${config.name}) cannot send advertisements${where}: ${text(error)}`);
  }

  /** To every peer, also when one of them cannot be reached; the first thing that went wrong. */
  #trySend(runtime: InstanceRuntime, port: AdvertisementPort, priority: number): unknown {
    let first: unknown;
    for (const { bytes, destination } of this.#written(runtime, port, priority)) {
      try {
        port.send(bytes, port.place.kind === 'unicast' ? destination : undefined);
      } catch (error) {
        first ??= error;
      }
    }
    return first;
  }

  async #add(runtime: InstanceRuntime, addresses: readonly VirtualAddress[]): Promise<void> {
    const results = await this.#tools.addresses.addAddresses(this.#placed(addresses));
    for (const { address, error, note } of results) {
      if (error !== undefined) runtime.dispatch({ kind: 'addressAddFailed', address, error: error.message });
      else if (note !== undefined) this.#tools.log.write('notice', `(${runtime.config.name}) ${note}`);
    }
  }

  #remove(runtime: InstanceRuntime, addresses: readonly VirtualAddress[]): void {
    if (this.keepAddresses) return;
    const free = addresses.filter((address) => !this.#tools.isHeldByAnother(runtime, address));
    this.#tools.announcements.withdraw(free);
    this.#track(this.removeNow(free));
  }

  async #addRoutes({ config }: InstanceRuntime, { routes, rules }: EffectOf<'addRoutes'>): Promise<void> {
    const { routes: client } = this.#tools;
    const results = await Promise.all([client.addRoutes(routes, this.#names), client.addRules(rules)]);
    this.#logFailures(config.name, 'add', results.flat());
  }

  async #removeRoutes(
    { config }: InstanceRuntime,
    { routes, rules }: EffectOf<'removeRoutes'>,
  ): Promise<void> {
    const { routes: client } = this.#tools;
    const results = await Promise.all([client.removeRules(rules), client.removeRoutes(routes, this.#names)]);
    this.#logFailures(config.name, 'remove', results.flat());
  }

  #logFailures(name: string, doing: string, results: readonly { readonly error?: Error }[]): void {
    for (const { error } of results) {
      if (error !== undefined) this.#tools.log.write('error', `(${name}) cannot ${doing}: ${error.message}`);
    }
  }

  #announce(runtime: InstanceRuntime, effect: EffectOf<'sendGratuitousArp'>): void {
    const { name } = runtime.config;
    const addresses = effect.onExtraInterfaces
      ? this.#onExtraInterfaces(runtime, effect.addresses)
      : effect.addresses;
    const [error] = this.#tools.announcements.announce(addresses, effect.repeat);
    if (error !== undefined) {
      this.#tools.log.write('error', `(${name}) cannot send gratuitous ARPs: ${error.message}`);
      return;
    }
    for (const { address, interface: device } of addresses) {
      const line = `(${name}) Sending/queueing gratuitous ARPs on ${device} for ${address}`;
      this.#tools.log.write('info', line, true);
    }
  }

  /** keepalived.conf(5): garp_extra_if: interfaces that no advertisement leaves by; without "all" only the virtual ones. */
  #onExtraInterfaces(
    { config, port }: InstanceRuntime,
    addresses: readonly VirtualAddress[],
  ): readonly VirtualAddress[] {
    return addresses.filter(({ interface: device }) => {
      const link = this.#tools.monitor.links().get(device);
      if (link === undefined || link.index === port?.place.interface?.index) return false;
      return config.gratuitousArp.extraInterfaceAll || link.kind === 'macvlan';
    });
  }

  /** An address whose interface is gone has index 0, which the kernel refuses with ENODEV. */
  #placed(addresses: readonly VirtualAddress[]): { interfaceIndex: number; address: VirtualAddress }[] {
    return addresses.map((address) => ({
      interfaceIndex: this.#tools.monitor.links().get(address.interface)?.index ?? 0,
      address,
    }));
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch((error: unknown) => this.#tools.log.write('error', text(error)));
    this.#pending.add(tracked);
    void tracked.finally(() => this.#pending.delete(tracked));
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
