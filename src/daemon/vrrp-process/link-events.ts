/** What the kernel tells of interfaces, addresses, routes and rules, brought to those whom it concerns. */
import type { LinkEvent, LinkMonitor, LinkState } from '../../kernel/link-monitor.ts';
import { describeRoute, describeRule, isRoute, isRule, type RouteClient } from '../../kernel/route-client.ts';
import { trackedRoutes } from '../../vrrp/index.ts';
import type { ChildLog } from '../child-log.ts';
import type { Timed } from './deadline-queue.ts';
import type { HostInterfaces } from './host-interfaces.ts';
import type { InstanceRuntime } from './instance-runtime.ts';
import type { InstanceTable } from './instances.ts';
import { heldBy } from './leftovers.ts';

export interface LinkEventTools {
  readonly monitor: LinkMonitor;
  readonly routes: RouteClient;
  readonly log: ChildLog;
  readonly table: InstanceTable;
  readonly interfaces: HostInterfaces;
  refresh(runtimes: Iterable<InstanceRuntime>): void;
  settle(member: Timed): void;
  repair(): Promise<void>;
  /** Adds the routes and rules of a Master that may have gone; those that are there stay. */
  addRoutes(runtime: InstanceRuntime): void;
  forget(link: LinkState): void;
}

type EventOf<Kind extends LinkEvent['kind']> = Extract<LinkEvent, { kind: Kind }>;

export class LinkEvents {
  readonly #tools: LinkEventTools;
  #repair: Promise<void> = Promise.resolve();

  constructor(tools: LinkEventTools) {
    this.#tools = tools;
  }

  handle(event: LinkEvent, nowMs: number): void {
    switch (event.kind) {
      case 'linkChanged':
      case 'linkRemoved':
        this.#linkChanged(event, nowMs);
        break;
      case 'addressAdded':
      case 'addressChanged':
      case 'addressRemoved':
        this.#addressChanged(event);
        break;
      case 'routeRemoved':
      case 'ruleRemoved':
        this.#routeRemoved(event);
        break;
      case 'resynchronised':
        this.#tools.refresh(this.#tools.table.all);
        this.#restoreRoutes();
        this.#repairSoon();
        break;
      default:
        event satisfies never;
    }
  }

  #linkChanged(event: EventOf<'linkChanged' | 'linkRemoved'>, nowMs: number): void {
    const { link } = event;
    if (event.kind === 'linkRemoved') this.#tools.forget(link);
    else this.#tools.interfaces.notice(link, nowMs);
    this.#tools.settle(this.#tools.interfaces);
    this.#tools.refresh(this.#tools.table.on(link.name));
    this.#restoreRoutes();
    this.#repairSoon();
  }

  #addressChanged({
    kind,
    link,
    address,
  }: EventOf<'addressAdded' | 'addressChanged' | 'addressRemoved'>): void {
    const { table, interfaces } = this.#tools;
    if (interfaces.virtualAddresses.has(address.address)) {
      if (kind === 'addressRemoved') this.#virtualAddressRemoved(link.name, address.address);
      return;
    }
    const elsewhere = table.all.filter(({ config }) => config.sourceAddress === address.address);
    this.#tools.refresh(new Set([...table.on(link.name), ...elsewhere]));
    this.#restoreRoutes();
    this.#repairSoon();
  }

  #virtualAddressRemoved(interfaceName: string, removed: string): void {
    for (const runtime of this.#tools.table.all) {
      if (runtime.state.name !== 'Master') continue;
      const address = heldBy(runtime.config).find(
        (held) => held.address === removed && held.interface === interfaceName,
      );
      if (address !== undefined) runtime.dispatch({ kind: 'addressDeleted', address });
    }
  }

  #routeRemoved(event: EventOf<'routeRemoved' | 'ruleRemoved'>): void {
    for (const runtime of this.#tools.table.all) {
      if (runtime.state.name !== 'Master') continue;
      const what = this.#matching(runtime, event);
      if (what !== undefined) runtime.dispatch({ kind: 'routesDeleted', what });
    }
    this.#repairSoon();
  }

  #matching({ config }: InstanceRuntime, event: EventOf<'routeRemoved' | 'ruleRemoved'>): string | undefined {
    const { names } = this.#tools.routes;
    const { virtualRoutes, virtualRules } = trackedRoutes(config);
    if (event.kind === 'ruleRemoved') {
      const rule = virtualRules.find((entry) =>
        isRule(entry, this.#tools.routes.preferenceOf(entry), event.rule, names),
      );
      return rule && `rule ${describeRule(rule)}`;
    }
    const context = { names, findInterface: (name: string) => this.#tools.interfaces.find(name) };
    const route = virtualRoutes.find((entry) => isRoute(entry, event.route, context));
    return route && `route ${describeRoute(route)}`;
  }

  /** The kernel does not tell of routes that go with their interface or with their source address. */
  #restoreRoutes(): void {
    for (const runtime of this.#tools.table.all) {
      if (runtime.state.name === 'Master') this.#tools.addRoutes(runtime);
    }
  }

  /** One at a time, and one more when something happened meanwhile. */
  #repairSoon(): void {
    this.#repair = this.#repair
      .then(() => this.#tools.repair())
      .catch((error: unknown) => this.#tools.log.write('error', String(error)));
  }
}
