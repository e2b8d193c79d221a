/**
 * The interfaces as instances see them: with keepalived.conf(5): interface_up_down_delays, and without the virtual addresses.
 * An interface that is not delayed is what the kernel says.
 */
import type { InterfaceDelayConfig } from '../../config-parser/config.ts';
import type { LinkMonitor, LinkState } from '../../kernel/link-monitor.ts';
import type { IpAddress } from '../../net/address.ts';
import { type DebounceState, debounced, initialDebounce } from '../../vrrp/debounce.ts';
import type { Timed } from './deadline-queue.ts';
import type { HostLinks } from './interface-condition.ts';

export class HostInterfaces implements HostLinks, Timed {
  virtualAddresses: ReadonlySet<IpAddress> = new Set();
  readonly #monitor: LinkMonitor;
  readonly #onSettled: (interfaceName: string) => void;
  #delays: ReadonlyMap<string, InterfaceDelayConfig> = new Map();
  readonly #debounced = new Map<string, DebounceState>();

  /** `onSettled` is told of an interface whose state counts now, since it has lasted. */
  constructor(monitor: LinkMonitor, onSettled: (interfaceName: string) => void) {
    this.#monitor = monitor;
    this.#onSettled = onSettled;
  }

  configure(delays: readonly InterfaceDelayConfig[], virtualAddresses: Iterable<IpAddress>): void {
    this.#delays = new Map(delays.map((delay) => [delay.interface, delay]));
    for (const name of this.#debounced.keys()) if (!this.#delays.has(name)) this.#debounced.delete(name);
    for (const name of this.#delays.keys()) this.#beginWith(name);
    for (const name of this.#delays.keys()) this.#lookFirst(name);
    for (const { interface: name } of delays) this.#remember(name);
    this.virtualAddresses = new Set(virtualAddresses);
  }

  /** As it is now: its next change is one that has to last. */
  #remember(interfaceName: string): void {
    const link = this.find(interfaceName);
    if (link === undefined || this.#debounced.has(interfaceName)) return;
    this.#debounced.set(interfaceName, initialDebounce(isRunning(link)));
  }

  /** What it is at the start counts at once; every change after that has to last. */
  #lookFirst(interfaceName: string): void {
    const link = this.find(interfaceName);
    if (link === undefined || this.#debounced.has(interfaceName)) return;
    this.#debounced.set(interfaceName, initialDebounce(isRunning(link)));
  }

  /** What it is at the start counts at once; what becomes of it later has to last. */
  #beginWith(name: string): void {
    const link = this.find(name);
    if (link !== undefined && !this.#debounced.has(name))
      this.#debounced.set(name, initialDebounce(isRunning(link)));
  }

  find(interfaceName: string): LinkState | undefined {
    return this.#monitor.links().get(interfaceName);
  }

  isUp(link: LinkState): boolean {
    const base = this.#stateOfBase(link);
    if (base !== undefined) return link.isUp && base.isUp;
    return this.#debounced.get(link.name)?.isUp ?? isRunning(link);
  }

  /** keepalived.conf(5): a virtual MAC inherits the delays of its parent interface, whose cable is its own. */
  #stateOfBase({ kind, linkIndex }: LinkState): DebounceState | undefined {
    if (kind !== 'macvlan' && kind !== 'ipvlan') return undefined;
    for (const [name, state] of this.#debounced) if (this.find(name)?.index === linkIndex) return state;
    return undefined;
  }

  /** For keepalived.conf(5): track_interface. A missing interface is down. */
  isUpByName(interfaceName: string): boolean {
    const link = this.find(interfaceName);
    return link !== undefined && this.isUp(link);
  }

  hasAddress(wanted: IpAddress): boolean {
    for (const { addresses } of this.#monitor.links().values()) {
      if (addresses.some(({ address }) => address === wanted)) return true;
    }
    return false;
  }

  get nextTimeoutMs(): number | undefined {
    const times = [...this.#debounced.values()].flatMap(({ changesAtMs }) => changesAtMs ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** A change of the link, at `nowMs`; to be called before anybody asks `isUp`. */
  notice(link: LinkState, nowMs: number): void {
    const delay = this.#delays.get(link.name);
    if (delay === undefined) return;
    const isUp = isRunning(link);
    const state = this.#debounced.get(link.name);
    const next = state === undefined ? initialDebounce(isUp) : debounced(state, isUp, delay, nowMs);
    this.#debounced.set(link.name, next);
  }

  timeout(nowMs: number): void {
    for (const [name, { isUp, changesAtMs }] of [...this.#debounced]) {
      const link = this.find(name);
      if (changesAtMs === undefined || nowMs < changesAtMs || link === undefined) continue;
      this.notice(link, nowMs);
      if (this.#debounced.get(name)?.isUp !== isUp) this.#onSettled(name);
    }
  }
}

function isRunning({ isUp, isRunning: runs }: LinkState): boolean {
  return isUp && runs;
}
