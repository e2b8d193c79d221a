/**
 * The vrrp process's shell: instances, groups, sockets, deadlines, and the interfaces they live on. It moves events in and
 * effects out; what they mean is decided in src/vrrp. Nothing here waits: an advertisement must never be late for anything else.
 */
import { uptime } from 'node:os';
import type { Config, VirtualAddress, VrrpInstanceConfig } from '../../config-parser/config.ts';
import { nowMs } from '../../kernel/clock.ts';
import {
  addRoutes,
  type InstanceEffect,
  type Placement,
  type TrackerReading,
  trackedRoutes,
  trackerKey,
} from '../../vrrp/index.ts';
import type { ChildOptions } from '../ipc.ts';
import {
  type AdvertisementPort,
  AdvertisementSockets,
  type SocketPlace,
  type SocketReports,
} from './advertisement-sockets.ts';
import { Announcements } from './announcements.ts';
import { Announcer } from './announcer.ts';
import { Claims } from './claims.ts';
import { type Deadline, Deadlines } from './deadlines.ts';
import { EffectPerformer } from './effects.ts';
import type { GroupRuntime, GroupWord } from './group-runtime.ts';
import { HostInterfaces } from './host-interfaces.ts';
import { HostSetup } from './host-setup.ts';
import { InstanceRuntime, type InstanceServices } from './instance-runtime.ts';
import { InstanceTable, placements } from './instances.ts';
import { heldBy, leftovers } from './leftovers.ts';
import { LinkEvents } from './link-events.ts';
import { Lookout } from './lookout.ts';
import { Notices } from './notices.ts';
import { OperatorCommands } from './operator-commands.ts';
import type { VrrpProcessTools } from './process-tools.ts';
import { Reminders } from './reminders.ts';

/** How often an instance in Fault looks again, for what no netlink message tells (a socket that was refused). */
const faultRetryMs = 5000;

export class VrrpProcess implements InstanceServices {
  readonly table = new InstanceTable();
  readonly lookout: Lookout;
  readonly commands: OperatorCommands;
  readonly sockets: AdvertisementSockets;
  readonly linkEvents: LinkEvents;
  readonly #tools: VrrpProcessTools;
  readonly #interfaces: HostInterfaces;
  readonly #host: HostSetup;
  readonly #announcer: Announcer;
  readonly #announcements: Announcements;
  readonly #performer: EffectPerformer;
  readonly #claims: Claims;
  readonly #notices: Notices;
  readonly #reminders: Reminders;
  readonly #deadlines: Deadlines;
  readonly #faultRetry: NodeJS.Timeout;
  #options: ChildOptions;
  #config: Config | undefined;
  /** keepalived.conf(5): vrrp_startup_delay, vrrp_delay_after_boot. */
  #startTimer: NodeJS.Timeout | undefined;
  #hasStarted = false;
  #onEnded: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  constructor(tools: VrrpProcessTools, options: ChildOptions) {
    this.#tools = tools;
    this.#options = options;
    const { monitor, log } = tools;
    const find = (name: string) => monitor.links().get(name);
    this.#interfaces = new HostInterfaces(monitor, (name) => this.lookout.refresh(this.table.on(name)));
    this.#host = new HostSetup({
      ...tools,
      onStaticFaultsChanged: () => this.lookout.refresh(this.table.all),
    });
    this.lookout = new Lookout({
      interfaces: this.#interfaces,
      groupOf: (runtime) => this.table.groupOf(runtime),
      staticFaults: (instance) => this.#host.staticItems.faultsOf(instance),
    });
    this.#announcer = new Announcer(find);
    this.#announcements = new Announcements(this.#announcer, ({ message }) =>
      log.write('error', `cannot send gratuitous ARPs: ${message}`),
    );
    const isHeldByAnother = (runtime: InstanceRuntime, address: VirtualAddress) =>
      this.table.all.some((other) => other !== runtime && holds(other, address));
    const announcements = this.#announcements;
    const announcer = this.#announcer;
    this.#performer = new EffectPerformer({ ...tools, announcer, announcements, isHeldByAnother });
    this.#claims = new Claims({
      findLink: find,
      onClaim: (runtime, claim) => runtime.dispatch({ kind: 'addressClaimed', ...claim }),
      onError: ({ message }) => log.write('warning', `cannot watch for address claims: ${message}`),
    });
    this.#notices = new Notices((events) => tools.notify(events));
    this.#reminders = new Reminders({
      findLink: find,
      announce: (addresses) => {
        announcements.announce(addresses, 1);
        this.#deadlines.update(announcements);
      },
    });
    this.sockets = this.#openSockets();
    this.commands = new OperatorCommands({ nowMs, instances: () => [...this.table.running.values()] });
    this.linkEvents = new LinkEvents({
      ...tools,
      table: this.table,
      interfaces: this.#interfaces,
      refresh: (runtimes) => this.lookout.refresh(runtimes),
      settle: (member) => this.#deadlines.update(member),
      repair: () => this.#host.repair(),
      addRoutes: (runtime) => {
        const effects = addRoutes(trackedRoutes(runtime.config));
        for (const effect of effects) this.#performer.perform(runtime, effect);
      },
      forget: ({ name, index }) => {
        this.#announcer.forget(index);
        this.#claims.forget(name);
      },
    });
    this.#deadlines = new Deadlines({
      drain: () => this.sockets.drain(),
      prepare: (due, atMs) => this.#prepare(due, atMs),
    });
    this.#faultRetry = setInterval(() => this.#retryFaults(), faultRetryMs);
    this.#faultRetry.unref();
  }

  /** The first call starts the instances; a later one is a reload and changes only what differs. */
  async configure(config: Config, options: ChildOptions): Promise<void> {
    this.#options = options;
    this.#config = config;
    const wanted = placements(config);
    const { vrrp } = config.globalDefs;
    const virtualAddresses = [...wanted.values()].flatMap((placement) => heldBy(placement.config));
    this.#interfaces.configure(
      vrrp.interfaceDelays,
      virtualAddresses.map(({ address }) => address),
    );
    this.#announcements.configure(vrrp);
    this.#deadlines.update(this.#announcements);
    this.lookout.forgetAllBut(definedTrackers(config));
    await this.#host.configure(config, wanted);
    const delayMs = this.#hasStarted ? 0 : startDelayMs(config);
    if (delayMs > 0) this.#startLater(delayMs);
    else await this.#apply(config, wanted);
  }

  onTrackers(readings: readonly TrackerReading[]): void {
    if (this.lookout.read(readings)) this.lookout.refresh(this.table.all);
  }

  /** Hands over every address, then undoes what was made on the host; resolves when the kernel has done it. Asked again, it hurries. */
  stop(atOnce: boolean): Promise<void> {
    if (this.#stopped === undefined) this.#stopped = this.#stop(atOnce);
    else if (atOnce) for (const runtime of this.table.leaving) runtime.stop(true);
    return this.#stopped;
  }

  async #stop(atOnce: boolean): Promise<void> {
    clearInterval(this.#faultRetry);
    clearTimeout(this.#startTimer);
    const keeps = this.#options.keepAddressesOnExit;
    this.#performer.keepAddresses = keeps;
    const ended = new Promise<void>((resolve) => {
      this.#onEnded = resolve;
    });
    for (const [key, runtime] of this.table.running) this.#retire(key, runtime, atOnce || keeps);
    for (const runtime of this.table.leaving) if (atOnce) runtime.stop(true);
    this.#endIfAllHave();
    await ended;
    await this.#performer.settled();
    if (!keeps) await this.#host.undo();
    this.#deadlines.close();
    this.#claims.close();
    this.#reminders.close();
    this.#announcer.close();
  }

  // InstanceServices

  nowMs(): number {
    return nowMs();
  }

  join(runtime: InstanceRuntime, place: SocketPlace): AdvertisementPort {
    const { config } = runtime;
    for (const { interface: device } of heldBy(config)) this.#announcer.prepare(device);
    const { transport, vrid, advertisementIntervalMs: intervalMs } = config;
    return this.sockets.join(place, {
      vrid,
      intervalMs,
      ...(transport.kind === 'unicast' && { peers: transport.peers.map(({ address }) => address) }),
      onDatagram: (datagram, receivedAtMs) => {
        const handledAtMs = nowMs();
        const unixTimeMs = Date.now() - (handledAtMs - receivedAtMs);
        runtime.dispatch({ kind: 'packet', datagram, handledAtMs, unixTimeMs }, receivedAtMs);
      },
    });
  }

  perform(runtime: InstanceRuntime, effect: InstanceEffect): void {
    this.#performer.perform(runtime, effect);
  }

  stepped(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    this.#deadlines.update(runtime);
    if (effects.length === 0 || isRoutine(effects)) return;
    this.#deadlines.update(this.#announcements);
    this.#notices.stepped(runtime, effects);
    this.commands.stepped(runtime, effects);
    this.#claims.follow(runtime);
    this.#reminders.stepped(runtime, effects);
    if (runtime.state.name === 'Initialize') this.#ended(runtime);
    this.table.groupOf(runtime)?.stepped(runtime, effects);
  }

  socketRefused({ config }: InstanceRuntime, error: Error): void {
    const { name, interface: device } = config;
    const where = device === undefined ? '' : ` on ${device}`;
    this.#tools.log.write('error', `(${name}) cannot open its socket${where}: ${error.message}`);
    if ('code' in error && (error.code === 'EPERM' || error.code === 'EACCES'))
      this.#tools.onNotPermitted(error);
  }

  async #apply(config: Config, wanted: ReadonlyMap<string, Placement>): Promise<void> {
    const wasRunning = this.#hasStarted;
    this.#hasStarted = true;
    clearTimeout(this.#startTimer);
    for (const [key, runtime] of this.table.running) if (!wanted.has(key)) this.#retire(key, runtime, false);
    const added = [...wanted].filter(([key]) => !this.table.running.has(key));
    for (const [key, runtime] of this.table.running) {
      const next = wanted.get(key);
      if (next !== undefined) runtime.reconfigure(next.config);
    }
    await this.#clearLeftovers(added.map(([, placement]) => placement.config));
    for (const [key, placement] of added) {
      this.table.running.set(key, new InstanceRuntime(placement.config, this));
    }
    this.table.arrange(config.syncGroups, (group, state) => this.#groupMoved(group, state));
    this.lookout.refresh(this.table.running.values());
    for (const group of this.table.groups) group.settle();
    this.#tidyIfAllHaveLeft();
    if (wasRunning && config.globalDefs.notify.writesStatesOnReload) this.#notices.allStates(this.table.all);
  }

  /** With the configuration that holds then: a reload meanwhile does not begin the delay anew. */
  #startLater(delayMs: number): void {
    if (this.#startTimer !== undefined) return;
    this.#tools.log.write('notice', `Delaying startup of VRRP for ${(delayMs / 1000).toFixed(3)} seconds`);
    this.#startTimer = setTimeout(() => {
      const config = this.#config;
      if (config !== undefined) void this.#apply(config, placements(config));
    }, delayMs);
  }

  #retire(key: string, runtime: InstanceRuntime, atOnce: boolean): void {
    this.table.running.delete(key);
    this.table.leaving.add(runtime);
    runtime.isDeleted = this.#onEnded === undefined;
    runtime.stop(atOnce);
    if (runtime.state.name === 'Initialize') this.#ended(runtime);
  }

  /** Its last word is said and its addresses are gone. */
  #ended(runtime: InstanceRuntime): void {
    if (!this.table.leaving.delete(runtime)) return;
    runtime.close();
    this.#deadlines.remove(runtime);
    this.#endIfAllHave();
    this.#tidyIfAllHaveLeft();
  }

  /** After a reload: what the removed instances stood on goes when the last of them has handed over. */
  #tidyIfAllHaveLeft(): void {
    if (this.table.leaving.size > 0 || this.#onEnded !== undefined) return;
    void this.#performer
      .settled()
      .then(() => this.#host.tidy())
      .catch((error: unknown) => this.#tools.log.write('error', String(error)));
  }

  #endIfAllHave(): void {
    if (this.table.leaving.size === 0 && this.table.running.size === 0) this.#onEnded?.();
  }

  #groupMoved(group: GroupRuntime, state: GroupWord): void {
    const { name } = group.config;
    if (state === 'Stopped') this.#tools.log.write('info', `VRRP_Group(${name}) Stopped`, true);
    else
      this.#tools.log.write(
        'notice',
        `VRRP_Group(${name}) Syncing instances to ${state.toUpperCase()} state`,
      );
    this.#notices.group(group, state);
  }

  #prepare(due: readonly Deadline[], atMs: number): void {
    for (const runtime of due) {
      if (!(runtime instanceof InstanceRuntime)) continue;
      const effects = runtime.prepareTimeout(atMs);
      this.#performer.prepare(runtime, effects);
      if (effects.some(({ kind }) => kind === 'addAddresses')) this.#tools.rehearsal.run();
    }
  }

  #retryFaults(): void {
    this.lookout.refresh(this.table.all.filter(({ state }) => state.name === 'Fault'));
  }

  #openSockets(): AdvertisementSockets {
    const { log, socketKernel } = this.#tools;
    const where = (place: SocketPlace) => place.interface?.name ?? place.source;
    const reports: SocketReports = {
      onError: (place, error) => log.write('warning', `socket on ${where(place)}: ${error.message}`),
      onUnknownVrid: (place, vrid, sender) => {
        if (this.#config?.globalDefs.vrrp.logUnknownVrids !== true) return;
        log.write('notice', `Unknown VRID(${vrid}) received on interface(${where(place)}) from ${sender}`);
      },
    };
    return new AdvertisementSockets(reports, socketKernel);
  }

  async #clearLeftovers(starting: readonly VrrpInstanceConfig[]): Promise<void> {
    const isServed = (address: VirtualAddress) => this.table.all.some((runtime) => holds(runtime, address));
    const found = leftovers(starting, this.#tools.monitor.links());
    // Whoever has another VRID since the reload must not take them from the one who still hands over.
    const present = found.filter((address) => !isServed(address));
    if (present.length === 0) return;
    const list = present.map(({ address, interface: name }) => `${address} on ${name}`).join(', ');
    this.#tools.log.write('notice', `removing virtual addresses left by an earlier run: ${list}`);
    await this.#performer.removeNow(present);
  }
}

/** What a Master does all day: nothing that anybody else needs to know. */
function isRoutine(effects: readonly InstanceEffect[]): boolean {
  return effects.length === 1 && effects[0]?.kind === 'sendAdvertisement';
}

function holds({ config, state }: InstanceRuntime, { address, interface: device }: VirtualAddress): boolean {
  if (state.name !== 'Master' && state.name !== 'Leaving') return false;
  return heldBy(config).some((held) => held.address === address && held.interface === device);
}

function definedTrackers({ trackers }: Config): ReadonlySet<string> {
  const { scripts, files, processes, bfds } = trackers;
  return new Set([
    ...scripts.map(({ name }) => trackerKey({ kind: 'script', name })),
    ...files.map(({ name }) => trackerKey({ kind: 'file', name })),
    ...processes.map(({ name }) => trackerKey({ kind: 'process', name })),
    ...bfds.map(({ name }) => trackerKey({ kind: 'bfd', name })),
  ]);
}

function startDelayMs({ globalDefs: { vrrp } }: Config): number {
  return Math.max(vrrp.startupDelayMs, vrrp.delayAfterBootMs - uptime() * 1000, 0);
}
