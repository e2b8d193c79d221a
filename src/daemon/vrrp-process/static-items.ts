/** keepalived.conf(5): static_ipaddress, static_routes, static_rules: there while the daemon runs, put back when they go. */
import type { StaticConfig, VirtualAddress } from '../../config-parser/config.ts';
import type { LinkMonitor } from '../../kernel/link-monitor.ts';
import { describeRoute, describeRule, type RouteClient } from '../../kernel/route-client.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import type { Fault } from '../../vrrp/messages.ts';
import type { ChildLog } from '../child-log.ts';

export interface StaticItemTools {
  readonly addresses: AddressClient;
  readonly routes: RouteClient;
  readonly monitor: LinkMonitor;
  readonly log: ChildLog;
}

/** One item, whatever it is. */
interface Item {
  readonly text: string;
  readonly trackedBy: readonly string[];
  /** keepalived.conf(5): no_track: it stays away when somebody else takes it. */
  readonly staysAway: boolean;
  add(): Promise<Error | undefined>;
  remove(): Promise<Error | undefined>;
}

const noItems: StaticConfig = { addresses: [], routes: [], rules: [] };

export class StaticItems {
  readonly #tools: StaticItemTools;
  readonly #onFaultsChanged: () => void;
  #items = new Map<string, Item>();
  /** Those that cannot be had now, and why. */
  readonly #missing = new Map<string, string>();

  constructor(tools: StaticItemTools, onFaultsChanged: () => void) {
    this.#tools = tools;
    this.#onFaultsChanged = onFaultsChanged;
  }

  async configure(config: StaticConfig): Promise<void> {
    const before = this.#items;
    const next = this.#itemsOf(config);
    // First of all: the kernel tells of each that is dropped, and `restore` must not put it back.
    this.#items = next;
    for (const [key, item] of before) if (!next.has(key)) await this.#drop(key, item);
    const added = [...next].filter(([key]) => !before.has(key));
    for (const [key, item] of added) await this.#put(key, item);
  }

  /** Something of the host's has changed: what is missing may be possible now, and what was there may be gone. */
  async restore(): Promise<void> {
    for (const [key, item] of this.#items) {
      const isWanted = this.#items.get(key) === item;
      if (isWanted && (!item.staysAway || this.#missing.has(key))) await this.#put(key, item);
    }
  }

  async removeAll(): Promise<void> {
    await this.configure(noItems);
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  faultsOf(instance: string): readonly Fault[] {
    return [...this.#missing.keys()].flatMap((key) => {
      const item = this.#items.get(key);
      return item?.trackedBy.includes(instance) ? [{ reason: 'static-item', subject: item.text }] : [];
    });
  }

  async #put(key: string, item: Item): Promise<void> {
    const error = await item.add();
    const before = this.#missing.get(key);
    if (error === undefined) this.#missing.delete(key);
    else this.#missing.set(key, error.message);
    if (error !== undefined && before === undefined)
      this.#tools.log.write('error', `cannot add static ${item.text}: ${error.message}`);
    if ((error === undefined) !== (before === undefined)) this.#onFaultsChanged();
  }

  async #drop(key: string, item: Item): Promise<void> {
    this.#missing.delete(key);
    const error = await item.remove();
    if (error !== undefined)
      this.#tools.log.write('error', `cannot remove static ${item.text}: ${error.message}`);
  }

  #itemsOf({ addresses, routes, rules }: StaticConfig): Map<string, Item> {
    const { routes: client, monitor } = this.#tools;
    const options = { findInterface: (name: string) => monitor.links().get(name) };
    const items: Item[] = [
      ...addresses.map(({ entry, trackedBy }) => this.#addressItem(entry, trackedBy)),
      ...routes.map(({ entry, trackedBy }) => ({
        text: `route ${describeRoute(entry)}`,
        trackedBy,
        staysAway: entry.noTrack,
        add: async () => (await client.addRoutes([entry], options))[0]?.error,
        remove: async () => (await client.removeRoutes([entry], options))[0]?.error,
      })),
      ...rules.map(({ entry, trackedBy }) => ({
        text: `rule ${describeRule(entry)}`,
        trackedBy,
        staysAway: entry.noTrack,
        add: async () => (await client.addRules([entry]))[0]?.error,
        remove: async () => (await client.removeRules([entry]))[0]?.error,
      })),
    ];
    return new Map(items.map((item) => [item.text, item]));
  }

  #addressItem(address: VirtualAddress, trackedBy: readonly string[]): Item {
    const { addresses, monitor } = this.#tools;
    const target = () => [{ interfaceIndex: monitor.links().get(address.interface)?.index ?? 0, address }];
    return {
      text: `address ${address.address}/${address.prefixLength} on ${address.interface}`,
      trackedBy,
      staysAway: address.noTrack === true,
      add: async () => (await addresses.addAddresses(target()))[0]?.error,
      remove: async () => (await addresses.removeAddresses(target()))[0]?.error,
    };
  }
}
