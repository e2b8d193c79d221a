/** What the configuration wants of the host besides the instances: virtual links, sysctls, the firewall, static items. */
import type { Config } from '../../config-parser/config.ts';
import {
  desiredFirewall,
  type FirewallResult,
  installFirewall,
  type MacvlanRules,
  type RefusedAddress,
  removeFirewall,
} from '../../kernel/firewall.ts';
import {
  gratuitousArpFilter,
  installGratuitousArpFilter,
  removeGratuitousArpFilter,
} from '../../kernel/gratuitous-arp-filter.ts';
import { type LinkMonitor, primaryAddress } from '../../kernel/link-monitor.ts';
import type { RouteClient } from '../../kernel/route-client.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import { disableLocalIgmp, promoteSecondaries, type SysctlChange } from '../../kernel/sysctl.ts';
import { openVirtualLinkClient, type VirtualLinkClient } from '../../kernel/virtual-link.ts';
import { familyOf } from '../../net/address.ts';
import type { Placement } from '../../vrrp/placement.ts';
import type { ChildLog } from '../child-log.ts';
import { heldBy } from './leftovers.ts';
import { StaticItems } from './static-items.ts';
import { type LinkOfInstance, VirtualLinks } from './virtual-links.ts';

export interface HostTools {
  readonly monitor: LinkMonitor;
  readonly addresses: AddressClient;
  readonly routes: RouteClient;
  readonly log: ChildLog;
  onStaticFaultsChanged(): void;
}

export class HostSetup {
  readonly staticItems: StaticItems;
  readonly #log: ChildLog;
  readonly #monitor: LinkMonitor;
  readonly #client: VirtualLinkClient = openVirtualLinkClient();
  readonly #links: VirtualLinks;
  #firewallTable: string | undefined;
  #arpTable: string | undefined;
  #config: Config | undefined;
  #wanted: ReadonlyMap<string, Placement> = new Map();
  /** Removed by a reload, and perhaps still handing over: until that is done they keep what they stand on. */
  readonly #departing = new Map<string, Placement>();
  #turn: Promise<void> = Promise.resolve();

  constructor(tools: HostTools) {
    this.#log = tools.log;
    this.#monitor = tools.monitor;
    this.#links = new VirtualLinks(this.#client, tools.monitor, tools.log);
    this.staticItems = new StaticItems(tools, () => tools.onStaticFaultsChanged());
  }

  /** `wanted`, by their keys; resolves when those that can be have what they stand on. */
  configure(config: Config, wanted: ReadonlyMap<string, Placement>): Promise<void> {
    for (const [key, placement] of this.#wanted) if (!wanted.has(key)) this.#departing.set(key, placement);
    for (const key of wanted.keys()) this.#departing.delete(key);
    this.#config = config;
    this.#wanted = wanted;
    return this.#inTurn(() => this.#apply(config, [...this.#departing.values(), ...wanted.values()]));
  }

  /** Whatever a reload removed has handed over: nothing of it has to stay. */
  async tidy(): Promise<void> {
    const config = this.#config;
    if (this.#departing.size === 0 || config === undefined) return;
    this.#departing.clear();
    await this.#inTurn(() => this.#apply(config, [...this.#wanted.values()]));
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #apply(config: Config, all: readonly Placement[]): Promise<void> {
    const { byInterfaceIndex } = config.globalDefs.vrrp.firewall;
    // A macvlan reports its groups as soon as it is up; only rules that know it by its index have to wait for it.
    if (!byInterfaceIndex) await this.#setFirewall(config, all);
    await this.#links.configure(all.flatMap(linksOf));
    this.#setSysctls(config);
    if (byInterfaceIndex) await this.#setFirewall(config, all);
    await this.#setArpFilter(config, all);
    await this.staticItems.configure(config.staticItems);
  }

  /** An interface or an address came or went. */
  async repair(): Promise<void> {
    await this.#links.repair();
    if (!this.staticItems.isEmpty) await this.staticItems.restore();
  }

  /** Everything that was made is gone; the sysctls of interfaces that stay are left as they are. */
  async undo(): Promise<void> {
    await this.#turn;
    await this.staticItems.removeAll();
    await this.#links.removeAll();
    if (this.#firewallTable !== undefined) this.#logResult(await removeFirewall(this.#firewallTable));
    if (this.#arpTable !== undefined) this.#logResult(await removeGratuitousArpFilter(this.#arpTable));
    this.#client.close();
  }

  #setSysctls({ vrrpInstances, globalDefs }: Config): void {
    if (globalDefs.vrrp.disableLocalIgmp) this.#logChange(disableLocalIgmp());
    const promoting = vrrpInstances.filter((instance) => instance.promoteSecondaries);
    const names = new Set(promoting.flatMap((instance) => instance.interface ?? []));
    for (const name of names) this.#logChange(promoteSecondaries(name));
  }

  async #setFirewall(config: Config, placements: readonly Placement[]): Promise<void> {
    const { firewall } = config.globalDefs.vrrp;
    const refused = placements.flatMap(refusedBy);
    const macvlans = placements.flatMap((placement) => macvlansOf(placement, this.#monitor));
    const desired = desiredFirewall(firewall, { refused, macvlans });
    if (desired === undefined) {
      if (this.#firewallTable !== undefined) this.#logResult(await removeFirewall(this.#firewallTable));
      this.#firewallTable = undefined;
      return;
    }
    this.#firewallTable = firewall.table;
    this.#logResult(await installFirewall(desired));
  }

  async #setArpFilter({ globalDefs }: Config, placements: readonly Placement[]): Promise<void> {
    const { firewall } = globalDefs.vrrp;
    const text = gratuitousArpFilter(firewall, placements.flatMap(onMacvlans));
    if (text === undefined) {
      if (this.#arpTable !== undefined) this.#logResult(await removeGratuitousArpFilter(this.#arpTable));
      this.#arpTable = undefined;
      return;
    }
    const result = await installGratuitousArpFilter(text);
    if (result.ok) this.#arpTable = firewall.table;
    else this.#log.write('warning', result.problem);
  }

  #logChange(change: SysctlChange): void {
    if (!change.ok) this.#log.write('warning', change.problem);
  }

  #logResult(result: FirewallResult): void {
    if (!result.ok) this.#log.write('error', result.problem);
  }
}

/** RFC 5798 section 6.1: Accept_Mode. The owner answers in any case. */
export function refusedBy({ config }: Placement): readonly RefusedAddress[] {
  if (config.acceptMode || config.basePriority === 255) return [];
  return heldBy(config).map(({ address, interface: device }) => ({ address, interface: device }));
}

/** The addresses of its own that a placement holds on macvlans, also those that send by their base. */
function onMacvlans({ config, links }: Placement): readonly RefusedAddress[] {
  const names = new Set(links.filter(({ link }) => link.kind === 'macvlan').map(({ link }) => link.name));
  return heldBy(config)
    .filter((held) => names.has(held.interface))
    .map(({ address, interface: device }) => ({ address, interface: device }));
}

function macvlansOf({ config, links }: Placement, monitor: LinkMonitor): readonly MacvlanRules[] {
  const { family } = config;
  return links
    .filter(({ link }) => link.kind === 'macvlan' && !link.transmitsByBase)
    .map(({ link, base }) => {
      const state = monitor.links().get(base);
      const linkLocal = family === 6 && state !== undefined ? primaryAddress(state, 6, new Set()) : undefined;
      return { name: link.name, base, family, ...(linkLocal && { linkLocal }) };
    });
}

function linksOf({ config, links }: Placement): readonly LinkOfInstance[] {
  const { name: instance, family, sourceAddress } = config;
  return links.map((wanted) => {
    const holdsIpv6 = heldBy(config).some(
      ({ address, interface: device }) => device === wanted.link.name && familyOf(address) === 6,
    );
    const options = { holdsIpv6, ...(sourceAddress && { sourceAddress }) };
    return { ...wanted, instance, family, options };
  });
}
