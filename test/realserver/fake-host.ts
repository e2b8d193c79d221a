/** A host in memory: interfaces, addresses and settings that changes change. */
import type { RealServerHost } from '../../src/kernel/realserver-host.ts';
import { address } from '../../src/net/address.ts';
import type { Change, HostInterface, Situation } from '../../src/realserver/index.ts';

type Draft = Omit<HostInterface, 'addresses'> & { addresses: { text: string; prefixLength: number }[] };

export class FakeHost implements RealServerHost {
  readonly interfaces = new Map<string, Draft>();
  readonly settings = new Map<string, string>();
  readonly loaded: string[] = [];
  /** In order, as they were tried. */
  readonly calls: string[] = [];
  /** Why the change of that kind or of that path fails. */
  readonly failures = new Map<string, string>();
  /** As if the process were killed before that many changes. */
  killedAfter = Number.POSITIVE_INFINITY;

  constructor() {
    this.add('lo', { isLoopback: true, answersArp: true, addresses: ['127.0.0.1/8', '::1/128'] });
    this.add('eth0', { addresses: ['10.0.0.8/24'] });
    this.settings.set('ipv4/conf/all/arp_ignore', '0');
    this.settings.set('ipv4/conf/all/arp_announce', '0');
    this.settings.set('ipv4/conf/all/rp_filter', '0');
  }

  add(
    name: string,
    options: {
      isLoopback?: boolean;
      answersArp?: boolean;
      isUp?: boolean;
      addresses?: readonly string[];
    } = {},
  ): void {
    const { isLoopback = false, answersArp = true, isUp = true, addresses = [] } = options;
    this.interfaces.set(name, {
      name,
      index: this.interfaces.size + 1,
      isUp,
      isLoopback,
      answersArp,
      addresses: addresses.map((text) => {
        const [host = '', length] = text.split('/');
        return { text: host, prefixLength: Number(length) };
      }),
    });
    for (const key of ['arp_ignore', 'arp_announce', 'rp_filter']) {
      this.settings.set(`ipv4/conf/${name}/${key}`, '0');
    }
    this.settings.set(`ipv6/conf/${name}/disable_ipv6`, '0');
  }

  /** Everything that an operator could look at. */
  dump(): object {
    return structuredClone({
      interfaces: [...this.interfaces.values()],
      settings: Object.fromEntries(this.settings),
    });
  }

  now(): Situation {
    return {
      interfaces: [...this.interfaces.values()].map((one) => ({
        ...one,
        addresses: one.addresses.map(({ text, prefixLength }) => ({ address: address(text), prefixLength })),
      })),
      setting: (path) => this.settings.get(path),
    };
  }

  async situation(): Promise<Situation> {
    return this.now();
  }

  async make(change: Change): Promise<string | undefined> {
    if (this.calls.length >= this.killedAfter) throw new Error('killed');
    return this.#perform(change, 'make');
  }

  async undo(change: Change): Promise<string | undefined> {
    return this.#perform(change, 'undo');
  }

  async loadModule(name: string): Promise<string | undefined> {
    const problem = this.failures.get(name);
    if (problem !== undefined) return problem;
    this.loaded.push(name);
    this.add(name === 'ipip' ? 'tunl0' : 'ip6tnl0', { answersArp: false, isUp: false });
    return undefined;
  }

  #perform(change: Change, direction: 'make' | 'undo'): string | undefined {
    const name = change.kind === 'setting' ? change.path : change.kind;
    this.calls.push(`${direction} ${name}`);
    const problem = this.failures.get(`${direction} ${name}`);
    if (problem !== undefined) return problem;
    if (change.kind === 'setting') {
      this.settings.set(change.path, direction === 'make' ? change.value : change.previous);
      return undefined;
    }
    const link = this.interfaces.get(change.interface);
    if (link === undefined) return `there is no ${change.interface}`;
    if (change.kind === 'linkUp') {
      this.interfaces.set(link.name, { ...link, isUp: direction === 'make' });
      return undefined;
    }
    const rest = link.addresses.filter(({ text }) => text !== change.address);
    const own = { text: change.address, prefixLength: change.prefixLength };
    link.addresses = direction === 'make' ? [...rest, own] : rest;
    return undefined;
  }
}
