/** Watches for other stations that say they have an address of which an instance here is Master. */
import { type ArpWatcher, openArpWatcher } from '../../kernel/arp-watcher.ts';
import type { LinkState } from '../../kernel/link-monitor.ts';
import type { IpAddress } from '../../net/address.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

export interface ClaimTools {
  findLink(interfaceName: string): LinkState | undefined;
  onClaim(runtime: InstanceRuntime, claim: { readonly address: IpAddress; readonly mac: string }): void;
  onError(error: Error): void;
}

interface Watched {
  readonly index: number;
  readonly watcher: ArpWatcher;
}

export class Claims {
  readonly #tools: ClaimTools;
  readonly #watched = new Map<string, Watched>();
  readonly #holders = new Map<string, Map<IpAddress, InstanceRuntime>>();
  #changed = new Set<string>();
  #isClosed = false;

  constructor(tools: ClaimTools) {
    this.#tools = tools;
  }

  /** The instance has become Master, or is Master no more. */
  follow(runtime: InstanceRuntime): void {
    const isMaster = runtime.state.name === 'Master';
    const { virtualAddresses, excludedAddresses } = runtime.config;
    for (const { interface: device, address } of [...virtualAddresses, ...excludedAddresses]) {
      const holders = this.#holdersOn(device);
      const has = holders.get(address) === runtime;
      if (has === isMaster) continue;
      if (isMaster) holders.set(address, runtime);
      else holders.delete(address);
      this.#note(device);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { watcher } of this.#watched.values()) watcher.close();
    this.#watched.clear();
  }

  /** The interface is gone; one of the same name is another. */
  forget(interfaceName: string): void {
    this.#watched.get(interfaceName)?.watcher.close();
    this.#watched.delete(interfaceName);
  }

  /** Later and all at once: a takeover of many instances has more urgent things to do. */
  #note(device: string): void {
    if (this.#changed.size === 0) setImmediate(() => this.#flush());
    this.#changed.add(device);
  }

  #flush(): void {
    const changed = this.#changed;
    this.#changed = new Set();
    if (this.#isClosed) return;
    for (const device of changed) this.#watch(device);
  }

  #holdersOn(device: string): Map<IpAddress, InstanceRuntime> {
    const known = this.#holders.get(device);
    if (known !== undefined) return known;
    const holders = new Map<IpAddress, InstanceRuntime>();
    this.#holders.set(device, holders);
    return holders;
  }

  #watch(device: string): void {
    const addresses = [...this.#holdersOn(device).keys()];
    const link = this.#tools.findLink(device);
    if (addresses.length === 0 || link === undefined || !link.hasArp || link.isLoopback) {
      this.forget(device);
      return;
    }
    try {
      this.#watcherOn(link).setAddresses(addresses);
    } catch (error) {
      this.#tools.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #watcherOn({ name, index }: LinkState): ArpWatcher {
    const known = this.#watched.get(name);
    if (known?.index === index) return known.watcher;
    known?.watcher.close();
    const watcher = openArpWatcher(
      { name, index },
      {
        onClaim: (address, mac) => this.#claimed(name, address, mac),
        onError: (error) => this.#tools.onError(error),
      },
    );
    this.#watched.set(name, { index, watcher });
    return watcher;
  }

  #claimed(device: string, address: IpAddress, mac: string): void {
    const runtime = this.#holders.get(device)?.get(address);
    // Routers that share a virtual MAC cannot be told apart by it; their advertisements can.
    const isOurs = macText(this.#tools.findLink(device)?.mac) === mac;
    if (runtime !== undefined && !isOurs) this.#tools.onClaim(runtime, { address, mac });
  }
}

function macText(mac: Uint8Array | undefined): string {
  return Array.from(mac ?? [], (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
