/**
 * Performs what the state machine wants done, in the order given. Everything up to the first gratuitous ARP happens within the
 * call: the kernel has the advertisement, the addresses and the announcement before anything else gets a turn. Logs come last.
 */
import type { VirtualAddress, VrrpInstanceConfig } from '../../config-parser/config.ts';
import type { LinkMonitor } from '../../kernel/link-monitor.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import type { IpAddress } from '../../net/address.ts';
import { advertisementOf, encodeAdvertisement, type InstanceEffect } from '../../vrrp/index.ts';
import type { ChildLog } from '../child-log.ts';
import { describeFault, describeReport, describeStateChange } from '../log-messages.ts';
import type { SocketPlace } from './advertisement-sockets.ts';
import type { Announcer } from './announcer.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

export interface EffectTools {
  readonly addresses: AddressClient;
  readonly announcer: Announcer;
  readonly monitor: LinkMonitor;
  readonly log: ChildLog;
}

interface EncodedPacket {
  readonly priority: number;
  readonly source: IpAddress;
  readonly payload: Uint8Array;
}

export class EffectPerformer {
  /** keepalived(8): --dont-release-vrrp, in force once the process stops. */
  keepAddresses = false;
  readonly #tools: EffectTools;
  /** Instances whose last send failed, so that a broken interface logs one line and not one a second. */
  readonly #failing = new WeakSet<InstanceRuntime>();
  readonly #lastPackets = new WeakMap<VrrpInstanceConfig, EncodedPacket>();
  readonly #pending = new Set<Promise<unknown>>();

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
        if (!this.keepAddresses) this.#track(this.removeNow(effect.addresses));
        break;
      case 'sendGratuitousArp':
        this.#announce(runtime, effect.addresses, effect.repeat);
        break;
      case 'stateChanged':
        this.#logStateChange(runtime.config, effect);
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
    const { config, port } = runtime;
    if (port === undefined) return;
    for (const effect of effects) {
      if (effect.kind === 'sendAdvertisement') this.#encoded(config, effect.priority, port.place);
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
      if (error !== undefined) {
        this.#tools.log.write(
          'error',
          `cannot remove ${address.address} from ${address.interface}: ${error.message}`,
        );
      }
    }
  }

  #logStateChange(
    config: VrrpInstanceConfig,
    change: Extract<InstanceEffect, { kind: 'stateChanged' }>,
  ): void {
    const cause = describeFault(config, change.reason);
    if (cause !== undefined) this.#tools.log.record(cause);
    this.#tools.log.record(describeStateChange(config.name, change));
  }

  /** The last packet of each configuration is kept: a Master sends the same one every time. */
  #encoded(config: VrrpInstanceConfig, priority: number, { source, group }: SocketPlace): Uint8Array {
    const last = this.#lastPackets.get(config);
    if (last?.priority === priority && last.source === source) return last.payload;
    const path = { source, destination: group };
    const payload = encodeAdvertisement(advertisementOf(config, priority), path);
    this.#lastPackets.set(config, { priority, source, payload });
    return payload;
  }

  #send(runtime: InstanceRuntime, priority: number): void {
    const { config, port } = runtime;
    if (port === undefined) return;
    try {
      port.send(this.#encoded(config, priority, port.place));
      if (this.#failing.delete(runtime))
        this.#tools.log.write('notice', `(${config.name}) advertisements can be sent again`);
    } catch (error) {
      // The last word on an interface that is down cannot be said, and nobody would hear it.
      if (priority === 0 || this.#failing.has(runtime)) return;
      this.#failing.add(runtime);
      this.#tools.log.write(
        'error',
        `(${config.name}) cannot send advertisements on ${config.interface}: ${text(error)}`,
      );
    }
  }

  async #add(runtime: InstanceRuntime, addresses: readonly VirtualAddress[]): Promise<void> {
    for (const { address, error } of await this.#tools.addresses.addAddresses(this.#placed(addresses))) {
      if (error !== undefined) runtime.dispatch({ kind: 'addressAddFailed', address, error: error.message });
    }
  }

  #announce(runtime: InstanceRuntime, addresses: readonly VirtualAddress[], repeat: number): void {
    const [error] = this.#tools.announcer.announce(addresses, repeat);
    const { name, interface: interfaceName } = runtime.config;
    if (error !== undefined) {
      this.#tools.log.write(
        'error',
        `(${name}) cannot send gratuitous ARPs on ${interfaceName}: ${error.message}`,
      );
      return;
    }
    for (const { address, interface: device } of addresses) {
      this.#tools.log.write(
        'info',
        `(${name}) Sending/queueing gratuitous ARPs on ${device} for ${address}`,
        true,
      );
    }
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
