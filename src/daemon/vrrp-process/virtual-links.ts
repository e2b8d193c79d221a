/** The macvlan and ipvlan interfaces of all instances: made when the configuration is applied, made again when they go. */

import type { LinkMonitor } from '../../kernel/link-monitor.ts';
import type { VirtualLinkClient, VirtualLinkOptions } from '../../kernel/virtual-link.ts';
import type { AddressFamily } from '../../net/address.ts';
import type { WantedLink } from '../../vrrp/placement.ts';
import type { ChildLog } from '../child-log.ts';

export interface LinkOfInstance extends WantedLink {
  readonly instance: string;
  readonly family: AddressFamily;
  readonly options: VirtualLinkOptions;
}

export class VirtualLinks {
  readonly #client: VirtualLinkClient;
  readonly #monitor: LinkMonitor;
  readonly #log: ChildLog;
  #wanted: ReadonlyMap<string, LinkOfInstance> = new Map();
  readonly #made = new Set<string>();

  constructor(client: VirtualLinkClient, monitor: LinkMonitor, log: ChildLog) {
    this.#client = client;
    this.#monitor = monitor;
    this.#log = log;
  }

  /** Resolves when those that can be there are. */
  async configure(wanted: readonly LinkOfInstance[]): Promise<void> {
    const next = new Map(wanted.map((one) => [one.link.name, one]));
    const before = this.#wanted;
    this.#wanted = next;
    for (const name of [...this.#made]) if (!next.has(name)) await this.#remove(name);
    for (const [name, one] of next) {
      const isKnown = this.#made.has(name) && JSON.stringify(before.get(name)) === JSON.stringify(one);
      if (!isKnown || !this.#monitor.links().has(name)) await this.#ensure(one);
    }
  }

  /** An interface came or went: one of ours is made again as soon as what it stands on is there. */
  async repair(): Promise<void> {
    for (const [name, one] of this.#wanted) {
      if (!this.#monitor.links().has(name) && this.#monitor.links().has(one.base)) await this.#ensure(one);
    }
  }

  get isComplete(): boolean {
    return [...this.#wanted.keys()].every((name) => this.#monitor.links().has(name));
  }

  async removeAll(): Promise<void> {
    this.#wanted = new Map();
    for (const name of [...this.#made]) await this.#remove(name);
  }

  async #ensure({ link, base: baseName, family, options, instance }: LinkOfInstance): Promise<void> {
    const base = this.#monitor.links().get(baseName);
    if (base === undefined) return;
    const result = await this.#client.ensure(link, base, family, options);
    if (!result.ok) {
      this.#log.write('error', `(${instance}) no interface ${link.name} on ${baseName}: ${result.problem}`);
      return;
    }
    this.#made.add(link.name);
    const doing = result.created ? 'Success creating' : 'Found';
    this.#log.write('info', `(${instance}) ${doing} ${link.kind} interface ${link.name}`);
    for (const problem of result.problems)
      this.#log.write('warning', `(${instance}) ${link.name}: ${problem}`);
    // Its notification may still be under way, and whoever waits for us looks for it.
    if (!this.#monitor.links().has(link.name)) await this.#monitor.resynchronise(`${link.name} was made`);
  }

  async #remove(name: string): Promise<void> {
    const problem = await this.#client.remove(name);
    this.#made.delete(name);
    if (problem !== undefined) this.#log.write('error', `cannot remove interface ${name}: ${problem}`);
  }
}
