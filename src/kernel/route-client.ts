/**
 * Adds and removes routes and rules through rtnetlink. As with addresses the requests are in the kernel's hands
 * before a call returns its promise, and what is as asked already is a success.
 */
import type { RouteEntry } from '../config-parser/schema/route.ts';
import type { RuleEntry } from '../config-parser/schema/rule.ts';
import {
  AF_INET,
  AF_INET6,
  NLM_F_APPEND,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
} from './netlink/constants.ts';
import { decodeRoute, isRoute, type RouteDescription } from './netlink/decode-route.ts';
import { encodeDeleteRoute, encodeNewRoute, type RouteContext, routeFamily } from './netlink/encode-route.ts';
import { encodeRule } from './netlink/encode-rule.ts';
import { ConnectionPool, NetlinkError, type NetlinkRequest } from './netlink/index.ts';
import { readRoutingNames } from './netlink/read-routing-names.ts';
import {
  RTM_DELROUTE,
  RTM_DELRULE,
  RTM_GETROUTE,
  RTM_NEWROUTE,
  RTM_NEWRULE,
} from './netlink/route-constants.ts';
import { describeRoute, describeRule } from './netlink/route-text.ts';
import { type RoutingNames, UnknownName } from './netlink/routing-names.ts';
import { RulePreferences } from './netlink/rule-preferences.ts';

export { isRoute, isRule, type RouteDescription, type RuleDescription } from './netlink/decode-route.ts';
export type { RouteInterface } from './netlink/encode-route.ts';
export { describeRoute, describeRule } from './netlink/route-text.ts';
export type { RoutingNames } from './netlink/routing-names.ts';

/** What the names of interfaces stand for at this moment: `(name) => monitor.links().get(name)`. */
export type FindInterface = RouteContext['findInterface'];

export interface RouteResult {
  readonly entry: RouteEntry;
  /** Undefined when the route is now as asked: there, or not. */
  readonly error?: NetlinkError;
  /** It was there before; for a removal, it was not. */
  readonly alreadySo: boolean;
}

export interface RuleResult {
  readonly entry: RuleEntry;
  readonly error?: NetlinkError;
  readonly alreadySo: boolean;
  /** The one written, or the one chosen for it. */
  readonly preference: number;
}

export interface RouteClient {
  /** What the names of tables, protocols and the like stand for; read when the client was opened. */
  readonly names: RoutingNames;
  /** One result an entry, in order. Never rejects. */
  addRoutes(
    entries: readonly RouteEntry[],
    options: { readonly findInterface: FindInterface },
  ): Promise<readonly RouteResult[]>;
  /** As addRoutes; the last entry goes first, since a route may lead through one before it. */
  removeRoutes(
    entries: readonly RouteEntry[],
    options: { readonly findInterface: FindInterface },
  ): Promise<readonly RouteResult[]>;
  addRules(entries: readonly RuleEntry[]): Promise<readonly RuleResult[]>;
  removeRules(entries: readonly RuleEntry[]): Promise<readonly RuleResult[]>;
  /**
   * The preference that the rule has, or will have. Rules without one get them in the order in which they are first
   * asked for, from 16384 down for each family, as keepalived does; equal rules have the same one for as long as the
   * client lives.
   */
  preferenceOf(entry: RuleEntry): number;
  close(): void;
}

/** Throws when no netlink socket can be opened. */
export function openRouteClient(names: RoutingNames = readRoutingNames()): RouteClient {
  return new RtnetlinkRouteClient(names);
}

/** ip-route(8): add fails where there is a similar route, prepend and append put theirs before and after it. */
const addFlags = {
  prepend: NLM_F_CREATE,
  add: NLM_F_CREATE | NLM_F_EXCL,
  append: NLM_F_CREATE | NLM_F_APPEND,
} as const;

/** ESRCH: no such route. ENODEV: its interface is gone, and the route with it. */
const routeAbsent: ReadonlySet<string> = new Set(['ESRCH', 'ENODEV']);

type Encoded = NetlinkRequest | NetlinkError;

class RtnetlinkRouteClient implements RouteClient {
  readonly names: RoutingNames;
  readonly #connections = new ConnectionPool();
  readonly #preferences = new RulePreferences();

  constructor(names: RoutingNames) {
    this.names = names;
  }

  async addRoutes(
    entries: readonly RouteEntry[],
    { findInterface }: { readonly findInterface: FindInterface },
  ): Promise<readonly RouteResult[]> {
    const context = { names: this.names, findInterface };
    const errors = await this.#perform(entries.map((entry) => addRouteRequest(entry, context)));
    return Promise.all(entries.map((entry, index) => this.#added(entry, errors[index], context)));
  }

  async removeRoutes(
    entries: readonly RouteEntry[],
    { findInterface }: { readonly findInterface: FindInterface },
  ): Promise<readonly RouteResult[]> {
    const context = { names: this.names, findInterface };
    const requests = entries.map((entry) => removeRouteRequest(entry, context)).reverse();
    const errors = [...(await this.#perform(requests))].reverse();
    return entries.map((entry, index) => ({ entry, ...outcome(errors[index], routeAbsent) }));
  }

  addRules(entries: readonly RuleEntry[]): Promise<readonly RuleResult[]> {
    return this.#changeRules(entries, RTM_NEWRULE);
  }

  removeRules(entries: readonly RuleEntry[]): Promise<readonly RuleResult[]> {
    return this.#changeRules(entries, RTM_DELRULE);
  }

  preferenceOf(entry: RuleEntry): number {
    return this.#preferences.of(entry);
  }

  close(): void {
    this.#connections.close();
  }

  /** EEXIST of `add` may be said of a route that only has the same destination and leads elsewhere. */
  async #added(
    entry: RouteEntry,
    error: NetlinkError | undefined,
    context: RouteContext,
  ): Promise<RouteResult> {
    if (error?.code !== 'EEXIST') return { entry, ...outcome(error, new Set()) };
    const isThere = entry.mode !== 'add' || (await this.#isThere(entry, context));
    return isThere ? { entry, alreadySo: true } : { entry, alreadySo: false, error };
  }

  async #isThere(entry: RouteEntry, context: RouteContext): Promise<boolean> {
    const routes = await this.#routes(entry);
    return routes.some((route) => isRoute(entry, route, context));
  }

  async #routes(entry: RouteEntry): Promise<readonly RouteDescription[]> {
    const body = new Uint8Array(12);
    body[0] = routeFamily(entry) === 4 ? AF_INET : AF_INET6;
    const request = { type: RTM_GETROUTE, flags: NLM_F_DUMP, body, operation: 'RTM_GETROUTE' };
    try {
      const messages = await this.#connections.free().query(request);
      return messages.flatMap(({ data }) => decodeRoute(data) ?? []);
    } catch (error) {
      // Without an answer the first error stands.
      if (error instanceof NetlinkError) return [];
      throw error;
    }
  }

  async #changeRules(entries: readonly RuleEntry[], type: number): Promise<readonly RuleResult[]> {
    const preferences = entries.map((entry) => this.#preferences.of(entry));
    const isAddition = type === RTM_NEWRULE;
    const requests = entries.map((entry, index) =>
      encoded(`${isAddition ? 'RTM_NEWRULE' : 'RTM_DELRULE'} ${describeRule(entry)}`, () => ({
        type,
        flags: isAddition ? addFlags.add : 0,
        body: encodeRule(entry, preferences[index] ?? 0, this.names),
      })),
    );
    const errors = await this.#perform(requests);
    const already: ReadonlySet<string> = new Set([isAddition ? 'EEXIST' : 'ENOENT']);
    return entries.map((entry, index) => ({
      entry,
      preference: preferences[index] ?? 0,
      ...outcome(errors[index], already),
    }));
  }

  /** What could not be encoded has its error in its place. */
  async #perform(list: readonly Encoded[]): Promise<readonly (NetlinkError | undefined)[]> {
    const requests = list.filter((one): one is NetlinkRequest => !(one instanceof NetlinkError));
    const answers = await this.#connections.perform(requests);
    const byRequest = new Map(requests.map((request, index) => [request, answers[index]]));
    return list.map((one) => (one instanceof NetlinkError ? one : byRequest.get(one)));
  }
}

function addRouteRequest(entry: RouteEntry, context: RouteContext): Encoded {
  return encoded(`RTM_NEWROUTE ${describeRoute(entry)}`, () => ({
    type: RTM_NEWROUTE,
    flags: addFlags[entry.mode],
    body: encodeNewRoute(entry, context),
  }));
}

function removeRouteRequest(entry: RouteEntry, context: RouteContext): Encoded {
  return encoded(`RTM_DELROUTE ${describeRoute(entry)}`, () => ({
    type: RTM_DELROUTE,
    flags: 0,
    body: encodeDeleteRoute(entry, context),
  }));
}

function encoded(operation: string, encode: () => Omit<NetlinkRequest, 'operation'>): Encoded {
  try {
    return { ...encode(), operation };
  } catch (error) {
    if (error instanceof UnknownName) return new NetlinkError(operation, error.code, error.message);
    throw error;
  }
}

function outcome(
  error: NetlinkError | undefined,
  already: ReadonlySet<string>,
): { readonly alreadySo: boolean; readonly error?: NetlinkError } {
  if (error === undefined) return { alreadySo: false };
  return already.has(error.code) ? { alreadySo: true } : { alreadySo: false, error };
}
