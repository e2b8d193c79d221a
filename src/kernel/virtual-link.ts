/**
 * Macvlans and ipvlans of virtual routers: made, set up as keepalived does, adopted where they are there already, and
 * removed. keepalived.conf(5): use_vmac, use_ipvlan. What is set: virtual-link-settings.ts.
 */
import { readdirSync } from 'node:fs';
import type { VirtualLinkConfig } from '../config-parser/config-vrrp.ts';
import { type AddressFamily, familyOf, type IpAddress } from '../net/address.ts';
import type { LinkState } from './link-monitor.ts';
import * as constants from './netlink/constants.ts';
import { ConnectionPool, codeOf, NetlinkError } from './netlink/index.ts';
import {
  encodeDeleteLink,
  encodeGetLink,
  encodeGetLinkByIndex,
  encodeLinkGroup,
  encodeLinkUp,
  encodeNewVirtualLink,
  encodeNoGeneratedAddress,
} from './netlink/link-codec.ts';
import { readRoutingNames } from './netlink/read-routing-names.ts';
import { decodeLink, encodeNewAddress, type LinkDescription } from './netlink/route-codec.ts';
import { numberOf, type RoutingNames, UnknownName } from './netlink/routing-names.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';
import { linkLocalOf, obstacle } from './virtual-link-rules.ts';
import { linkSettings, type SettingsAccess, SharedSettings } from './virtual-link-settings.ts';

export interface VirtualLinkOptions {
  /** Addresses of IPv6 are held on it although its virtual router is of IPv4. */
  readonly holdsIpv6?: boolean;
  /**
   * IPv6 macvlans: where advertisements leave from (keepalived.conf(5): mcast_src_ip); the base's link-local address,
   * or one made of its MAC address, unless told.
   */
  readonly sourceAddress?: IpAddress;
}

export type VirtualLinkResult =
  | {
      readonly ok: true;
      readonly index: number;
      /** False: it was there, as asked, and has been adopted. */
      readonly created: boolean;
      /** What could not be set up; it works without, less well. Sentences without an end. */
      readonly problems: readonly string[];
    }
  /** There is none, or one that is not ours. A sentence without an end. */
  | { readonly ok: false; readonly problem: string };

export interface VirtualLinkClient {
  /** Makes it, or adopts it, sets it up and brings it up. Again for one that has gone since. Never rejects. */
  ensure(
    config: VirtualLinkConfig,
    base: LinkState,
    family: AddressFamily,
    options?: VirtualLinkOptions,
  ): Promise<VirtualLinkResult>;
  /**
   * Removes one that `ensure` of this client has made or adopted, and gives back what was set on its base. Undefined
   * when it is gone; else a sentence without an end. Never rejects.
   */
  remove(name: string): Promise<string | undefined>;
  /** Leaves the links as they are. */
  close(): void;
}

/** Throws when no netlink socket can be opened. */
export function openVirtualLinkClient(names: RoutingNames = readRoutingNames()): VirtualLinkClient {
  return new RtnetlinkVirtualLinkClient(names);
}

interface Ensured {
  readonly index: number;
  /** The base whose settings it holds. */
  readonly base: string | undefined;
}

interface Step {
  readonly operation: string;
  readonly type: number;
  readonly flags?: number;
  readonly body: Uint8Array;
}

class RtnetlinkVirtualLinkClient implements VirtualLinkClient {
  readonly #names: RoutingNames;
  readonly #connections = new ConnectionPool();
  readonly #shared = new SharedSettings(kernelSettings);
  readonly #ensured = new Map<string, Ensured>();

  constructor(names: RoutingNames) {
    this.#names = names;
  }

  async ensure(
    config: VirtualLinkConfig,
    base: LinkState,
    family: AddressFamily,
    options: VirtualLinkOptions = {},
  ): Promise<VirtualLinkResult> {
    try {
      const found = await this.#find(config.name);
      const wrong = found && obstacle(config, base, found);
      if (wrong !== undefined) return { ok: false, problem: wrong };
      const link = found ?? (await this.#make(config, base));
      const problems = await this.#setUp(link, config, base, family, options);
      return { ok: true, index: link.index, created: found === undefined, problems };
    } catch (error) {
      if (error instanceof NetlinkError || error instanceof UnknownName) {
        return { ok: false, problem: error.message };
      }
      throw error;
    }
  }

  async remove(name: string): Promise<string | undefined> {
    const ensured = this.#ensured.get(name);
    if (ensured === undefined)
      return `${name} is left alone, since it was not made for a virtual router here`;
    const { index } = ensured;
    const operation = `RTM_DELLINK ${name} (interface ${index})`;
    const request = { operation, type: constants.RTM_DELLINK, flags: 0, body: encodeDeleteLink(index) };
    const [error] = await this.#connections.perform([request]);
    if (error !== undefined && error.code !== 'ENODEV') return error.message;
    this.#ensured.delete(name);
    if (ensured.base !== undefined) this.#shared.release(ensured.base);
    return undefined;
  }

  close(): void {
    this.#connections.close();
  }

  #find(name: string): Promise<LinkDescription | undefined> {
    return this.#getLink(`RTM_GETLINK ${name}`, encodeGetLink(name));
  }

  async #getLink(operation: string, body: Uint8Array): Promise<LinkDescription | undefined> {
    const request = { type: constants.RTM_GETLINK, flags: 0, body, operation };
    try {
      const messages = await this.#connections.free().query(request);
      return messages.map(({ data }) => decodeLink(data)).find((link) => link !== undefined);
    } catch (error) {
      if (error instanceof NetlinkError && error.code === 'ENODEV') return undefined;
      throw error;
    }
  }

  async #make(config: VirtualLinkConfig, base: LinkState): Promise<LinkDescription> {
    const group = config.group === undefined ? (base.group ?? 0) : this.#groupNumber(config.group);
    const vrfIndex = await this.#vrfOf(base);
    const from = { index: base.index, mtu: base.mtu, group, ...(vrfIndex !== undefined && { vrfIndex }) };
    const operation = `RTM_NEWLINK ${config.kind} ${config.name} on ${base.name}`;
    const [error] = await this.#connections.perform([
      {
        operation,
        type: constants.RTM_NEWLINK,
        flags: constants.NLM_F_CREATE | constants.NLM_F_EXCL,
        body: encodeNewVirtualLink(config, from),
      },
    ]);
    if (error !== undefined) throw error;
    const made = await this.#find(config.name);
    if (made === undefined) throw new NetlinkError(operation, 'ENODEV', 'it was gone at once');
    return made;
  }

  /** A link on a base that belongs to a VRF belongs to it too. */
  async #vrfOf({ masterIndex }: LinkState): Promise<number | undefined> {
    if (masterIndex === undefined) return undefined;
    const body = encodeGetLinkByIndex(masterIndex);
    const master = await this.#getLink(`RTM_GETLINK interface ${masterIndex}`, body);
    return master?.kind === 'vrf' ? masterIndex : undefined;
  }

  async #setUp(
    link: LinkDescription,
    config: VirtualLinkConfig,
    base: LinkState,
    family: AddressFamily,
    options: VirtualLinkOptions,
  ): Promise<readonly string[]> {
    // First: it moves the filter of all interfaces to each of those that there are, this one among them.
    const shared = this.#hold(link, config, base, family);
    const settings = linkSettings(config.kind, config.name, family, options.holdsIpv6 ?? false);
    const unset = settings.flatMap(({ path, value }) => failureOf(path, value));
    const steps = setUpSteps(link, config, base, family, options);
    const errors = await this.#connections.perform(steps.map((step) => ({ flags: 0, ...step })));
    return [
      ...shared,
      ...unset,
      ...errors.flatMap((error) => (error === undefined || error.code === 'EEXIST' ? [] : [error.message])),
    ];
  }

  /** Once for each link that is there. */
  #hold(
    link: LinkDescription,
    config: VirtualLinkConfig,
    base: LinkState,
    family: AddressFamily,
  ): readonly string[] {
    const before = this.#ensured.get(config.name);
    const holds = config.kind === 'macvlan' && family === 4 ? base.name : undefined;
    this.#ensured.set(config.name, { index: link.index, base: holds });
    if (before !== undefined && before.base === holds) return [];
    if (before?.base !== undefined) this.#shared.release(before.base);
    const failed = holds === undefined ? [] : this.#shared.hold(holds);
    return failed.map(({ path, value }) => `cannot set net/${path} to ${value}`);
  }

  #groupNumber(group: string): number {
    return numberOf(this.#names, 'group', /^\d+$/.test(group) ? Number(group) : group);
  }
}

/** What is asked of the kernel once the link is there, in this order. */
export function setUpSteps(
  link: LinkDescription,
  config: VirtualLinkConfig,
  base: LinkState,
  family: AddressFamily,
  options: VirtualLinkOptions,
): readonly Step[] {
  const type = constants.RTM_NEWLINK;
  const { index } = link;
  const usesIpv6 = family === 6 || options.holdsIpv6 === true;
  const generatesNone = config.kind === 'macvlan' && usesIpv6;
  return [
    // RFC 5798 section 7.4: no interface identifier is made of the virtual MAC address.
    ...(generatesNone
      ? [{ operation: `RTM_NEWLINK ${config.name} addrgenmode`, type, body: encodeNoGeneratedAddress(index) }]
      : []),
    ...addressSteps(index, config, base, family, options),
    { operation: `RTM_NEWLINK ${config.name} up`, type, body: encodeLinkUp(index) },
    // keepalived.conf(5): netlink_notify_msg. The base is now promiscuous, and bridges among others do not say so: a
    // change of nothing makes the kernel tell.
    ...(config.netlinkNotify
      ? [
          {
            operation: `RTM_NEWLINK ${base.name} group`,
            type,
            body: encodeLinkGroup(base.index, base.group ?? 0),
          },
        ]
      : []),
  ];
}

/** The addresses that the link has in any state of its virtual router. */
function addressSteps(
  index: number,
  config: VirtualLinkConfig,
  base: LinkState,
  family: AddressFamily,
  options: VirtualLinkOptions,
): readonly Step[] {
  const own = ownAddress(config, base, family, options);
  if (own === undefined) return [];
  const { address, prefixLength } = own;
  const operation = `RTM_NEWADDR ${address}/${prefixLength} on ${config.name} (interface ${index})`;
  const body = encodeNewAddress(index, { ...own, interface: config.name, scope: 0 });
  return [
    {
      operation,
      type: constants.RTM_NEWADDR,
      flags: constants.NLM_F_CREATE | constants.NLM_F_EXCL,
      body,
    },
  ];
}

function ownAddress(
  config: VirtualLinkConfig,
  base: LinkState,
  family: AddressFamily,
  options: VirtualLinkOptions,
):
  | { readonly address: IpAddress; readonly prefixLength: number; readonly preferredLifetimeSeconds?: number }
  | undefined {
  if (config.kind === 'ipvlan') {
    const { address } = config;
    const longest = address !== undefined && familyOf(address) === 6 ? 128 : 32;
    return address && { address, prefixLength: config.prefixLength ?? longest };
  }
  const address = family === 6 ? (options.sourceAddress ?? linkLocalOf(base)) : undefined;
  // Deprecated: advertisements leave from it, and nothing else chooses it.
  return address && { address, prefixLength: 64, preferredLifetimeSeconds: 0 };
}

/** A kernel without IPv6 has none of its settings, and needs none. */
function failureOf(path: string, value: number): readonly string[] {
  const result = writeSysctl(path, value);
  if (result.ok || (result.code === 'ENOENT' && path.startsWith('ipv6/') && !hasIpv6())) return [];
  return [result.problem];
}

function hasIpv6(): boolean {
  return readSysctl('ipv6/conf/all/disable_ipv6').ok;
}

const kernelSettings: SettingsAccess = {
  read: (path) => {
    const result = readSysctl(path);
    return result.ok ? Number(result.value) : undefined;
  },
  write: (path, value) => writeSysctl(path, value).ok,
  interfaces: () => {
    try {
      return readdirSync('/proc/sys/net/ipv4/conf');
    } catch (error) {
      throw new NetlinkError('list /proc/sys/net/ipv4/conf', codeOf(error));
    }
  },
};
