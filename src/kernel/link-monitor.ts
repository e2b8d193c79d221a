/**
 * Watches this host's interfaces and addresses through rtnetlink. Reads everything once, then follows the kernel's
 * notifications; when some were lost (ENOBUFS) it reads everything again and tells what changed meanwhile.
 */

import * as constants from './netlink/constants.ts';
import { decodeRoute, decodeRule } from './netlink/decode-route.ts';
import { codeOf, NetlinkConnection, type NetlinkMessage } from './netlink/index.ts';
import {
  applyRouteMessage,
  type LinkEvent,
  type LinkState,
  type LinkTable,
  tableEvents,
} from './netlink/link-table.ts';
import { monitorTransport } from './netlink/monitor-transport.ts';
import { encodeDumpEverything } from './netlink/route-codec.ts';
import { RTM_DELROUTE, RTM_DELRULE, RTPROT_KEEPALIVED } from './netlink/route-constants.ts';

export type { RouteDescription, RuleDescription } from './netlink/decode-route.ts';
export { type LinkEvent, type LinkState, primaryAddress } from './netlink/link-table.ts';
export type { InterfaceAddress } from './netlink/route-codec.ts';

export interface LinkMonitor {
  /** By name, as of the last event. */
  links(): ReadonlyMap<string, LinkState>;
  /** Reads everything again, telling what changed; `reason` comes back in the `resynchronised` event. */
  resynchronise(reason: string): Promise<void>;
  close(): void;
}

export interface LinkMonitorOptions {
  /** Changes after the first reading, in order. `links()` already has them all. */
  onEvent(event: LinkEvent): void;
  /** The monitor could not read the interfaces and tries again in a second. */
  onError?(error: Error): void;
  /**
   * Tells of routes and rules that are gone (`routeRemoved`, `ruleRemoved`), of those alone that bear keepalived's
   * protocol number, as ours do. The kernel says nothing of IPv4 routes that go with their interface, or with their
   * source address: those events have to do. `resynchronised` means that any of them may have been missed.
   */
  readonly watchRoutes?: boolean;
}

const linkGroups = constants.RTMGRP_LINK | constants.RTMGRP_IPV4_IFADDR | constants.RTMGRP_IPV6_IFADDR;
/** Asked for only where they are of use: a router that learns many routes is told of each. */
const routeGroups =
  constants.RTMGRP_IPV4_ROUTE |
  constants.RTMGRP_IPV6_ROUTE |
  constants.RTMGRP_IPV4_RULE |
  constants.RTMGRP_IPV6_RULE;

/** Resolves when `links()` is filled. Rejects with a NetlinkError when the kernel cannot be asked. */
export async function openLinkMonitor(options: LinkMonitorOptions): Promise<LinkMonitor> {
  const monitor = new RouteMonitor(options);
  try {
    await monitor.start();
  } catch (error) {
    monitor.close();
    throw error;
  }
  return monitor;
}

const retryDelayMs = 1000;
/** A dump that the kernel calls inconsistent is repeated at once, this often. */
const mostInterruptions = 5;

class RouteMonitor implements LinkMonitor {
  readonly #options: LinkMonitorOptions;
  readonly #connection: NetlinkConnection;
  #table: LinkTable = new Map();
  #byName: ReadonlyMap<string, LinkState> = new Map();
  /** While a dump is being read: the table it is making. Notifications go there too, in their order. */
  #fresh: LinkTable | undefined;
  #reading: Promise<void> | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: LinkMonitorOptions) {
    this.#options = options;
    const groups = options.watchRoutes ? linkGroups | routeGroups : linkGroups;
    this.#connection = new NetlinkConnection(monitorTransport(constants.NETLINK_ROUTE, groups), {
      onNotification: (message) => {
        this.#tell(removals(message));
        this.#notice(message);
      },
      onLost: (error) => void this.#recover(codeOf(error)),
    });
  }

  async start(): Promise<void> {
    this.#adopt(await this.#readAll());
  }

  links(): ReadonlyMap<string, LinkState> {
    return this.#byName;
  }

  async resynchronise(reason: string): Promise<void> {
    this.#reading ??= this.#readAndTell(reason).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#connection.close();
  }

  async #recover(reason: string): Promise<void> {
    // A loss while reading makes that reading fail: it is repeated by whoever began it.
    if (this.#closed || this.#fresh !== undefined) return;
    try {
      await this.resynchronise(reason);
    } catch (error) {
      if (this.#closed) return;
      this.#options.onError?.(error instanceof Error ? error : new Error(String(error)));
      this.#retryTimer = setTimeout(() => void this.#recover(reason), retryDelayMs);
    }
  }

  async #readAndTell(reason: string): Promise<void> {
    const before = this.#table;
    const after = await this.#readAll();
    this.#adopt(after);
    this.#tell([...tableEvents(before, after), { kind: 'resynchronised', reason }]);
  }

  async #readAll(): Promise<LinkTable> {
    for (let attempt = 1; ; attempt += 1) {
      this.#fresh = new Map();
      try {
        await this.#dump('RTM_GETLINK', constants.RTM_GETLINK);
        await this.#dump('RTM_GETADDR', constants.RTM_GETADDR);
        return this.#fresh;
      } catch (error) {
        if (this.#closed || attempt === mostInterruptions) throw error;
      } finally {
        this.#fresh = undefined;
      }
    }
  }

  #dump(operation: string, type: number): Promise<void> {
    return this.#connection.stream(
      { type, flags: constants.NLM_F_DUMP, body: encodeDumpEverything(), operation },
      (message) => this.#notice(message),
    );
  }

  #notice(message: NetlinkMessage): void {
    if (this.#fresh !== undefined) {
      this.#fresh = applyRouteMessage(this.#fresh, message);
      return;
    }
    const before = this.#table;
    this.#adopt(applyRouteMessage(before, message));
    this.#tell(tableEvents(before, this.#table));
  }

  #adopt(table: LinkTable): void {
    if (table === this.#table) return;
    this.#table = table;
    this.#byName = new Map([...table.values()].map((link) => [link.name, link]));
  }

  #tell(events: readonly LinkEvent[]): void {
    for (const event of events) this.#options.onEvent(event);
  }
}

/** Of a route or a rule that somebody took away; none for any other message. */
function removals({ type, data }: NetlinkMessage): readonly LinkEvent[] {
  const route = type === RTM_DELROUTE ? decodeRoute(data) : undefined;
  if (route?.protocol === RTPROT_KEEPALIVED) return [{ kind: 'routeRemoved', route }];
  const rule = type === RTM_DELRULE ? decodeRule(data) : undefined;
  return rule?.protocol === RTPROT_KEEPALIVED ? [{ kind: 'ruleRemoved', rule }] : [];
}
