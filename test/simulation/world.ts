/**
 * Routers on one network segment with a virtual clock: time jumps to whatever comes next, a delivery or a deadline. The routers
 * are the real core, the packets real bytes; only the shell is played. The verbs are what can befall routers.
 */
import type { TrackingConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { IpAddress } from '../../src/net/address.ts';
import {
  AdvertisementWriter,
  type Hold,
  initialState,
  reconfigure,
  step,
  type TrackerReading,
  trackerKey,
} from '../../src/vrrp/index.ts';
import { nothingTracked } from '../vrrp/instances.ts';
import { Happenings } from './happenings.ts';
import { Network, type NetworkOptions, quiet } from './network.ts';
import { Random } from './random.ts';
import { Referee } from './referee.ts';
import { type Group, Instance, Router } from './router.ts';
import { Shell } from './shell.ts';

export interface WorldOptions {
  readonly seed: number;
  /** How late a timer may fire. */
  readonly latenessMs?: number;
  readonly network?: Partial<NetworkOptions>;
  /** The core under test; a broken one must be caught. */
  readonly step?: typeof step;
}

export interface GroupOptions {
  readonly name: string;
  /** Names of instances. */
  readonly members: readonly string[];
  readonly tracking?: TrackingConfig;
  readonly memberWeights?: boolean;
}

/** More in one run than any healthy network of three has: a storm that does not end. */
const eventsMax = 200_000;

export class World {
  readonly random: Random;
  readonly network: Network;
  readonly referee: Referee;
  readonly shell: Shell;
  nowMs = 0;
  readonly #routers = new Map<string, Router>();
  readonly #happenings = new Happenings();

  constructor(options: WorldOptions) {
    const { seed, latenessMs = 0 } = options;
    this.random = new Random(seed);
    this.network = new Network(this.random, { ...quiet, ...options.network });
    const nowMs = () => this.nowMs;
    const { network, random } = this;
    const routers = this.#routers;
    this.referee = new Referee({ seed, latenessMs, network, routers, nowMs });
    const { referee } = this;
    const happenings = this.#happenings;
    const core = options.step ?? step;
    this.shell = new Shell({ random, referee, network, happenings, routers, step: core, latenessMs, nowMs });
  }

  get routers(): readonly Router[] {
    return [...this.#routers.values()];
  }

  get instances(): readonly Instance[] {
    return this.routers.flatMap(({ instances }) => instances);
  }

  /** The names of the instances that are Master on running routers, as `lb01.VI_1`. */
  get masters(): readonly string[] {
    return this.instances
      .filter(({ router, state }) => router.isRunning && state.name === 'Master')
      .map(({ name }) => name);
  }

  router(name: string): Router {
    const router = this.#routers.get(name);
    if (router === undefined) throw new Error(`there is no router ${name}`);
    return router;
  }

  instance(name: string, instanceName = 'VI_1'): Instance {
    const found = this.router(name).instances.find(({ config }) => config.name === instanceName);
    if (found === undefined) throw new Error(`${name} has no instance ${instanceName}`);
    return found;
  }

  add(name: string, sourceAddress: IpAddress, config: VrrpInstanceConfig): Instance {
    const router = this.#routers.get(name) ?? new Router(name);
    this.#routers.set(name, router);
    const instance = new Instance(router, sourceAddress, config);
    router.instances.push(instance);
    this.referee.added();
    return instance;
  }

  /** To be called before `start`. */
  group(name: string, groups: readonly GroupOptions[]): void {
    this.#arrange(this.router(name), groups);
  }

  /** Also after a crash: what the crashed run left on the interface is cleared first. */
  start(name: string): void {
    const router = this.router(name);
    if (router.isRunning) return;
    router.isRunning = true;
    router.isStopping = false;
    router.isPaused = false;
    router.starts += 1;
    router.waiting.length = 0;
    for (const instance of router.instances) {
      instance.held.clear();
      instance.state = initialState();
      instance.writer = new AdvertisementWriter();
      instance.isEnded = false;
      instance.faced = undefined;
      instance.armedForMs = undefined;
      this.referee.started(instance);
    }
    this.#disturbed();
    this.shell.refresh(router);
  }

  /** SIGTERM: it hands over and runs until it has; or `atOnce`. */
  stop(name: string, atOnce = false): void {
    const router = this.#reachable(name);
    if (router === undefined || (router.isStopping && !atOnce)) return;
    // Where a link of a group is down its successor takes longer than a stop may wait.
    if (atOnce || router.linksDown.size > 0) this.#roughly();
    else this.#disturbed();
    router.isStopping = true;
    for (const instance of router.instances) {
      if (instance.state.name === 'Initialize') instance.isEnded = true;
      this.shell.dispatch(instance, { kind: 'shutdown', ...(atOnce && { atOnce }) });
      if (atOnce) this.#roughly();
    }
  }

  /** kill -9: no last word, and the addresses stay. */
  crash(name: string): void {
    const router = this.router(name);
    if (router.isRunning) this.shell.note('crashes');
    router.isRunning = false;
    for (const instance of router.instances) instance.armedForMs = undefined;
    this.#roughly();
  }

  /** SIGSTOP, or no processor for it: what arrives waits. */
  pause(name: string): void {
    const router = this.#reachable(name);
    if (router === undefined) return;
    router.isPaused = true;
    this.shell.note('pauses');
    this.#roughly();
  }

  unpause(name: string): void {
    const router = this.router(name);
    if (!router.isPaused) return;
    this.#roughly();
    router.isPaused = false;
    if (!router.isRunning) return;
    this.referee.unpaused(router);
    this.shell.catchUp(router);
  }

  linkDown(name: string, device = 'eth0'): void {
    const router = this.#reachable(name) ?? this.#dead(name);
    if (router === undefined) return;
    router.linksDown.add(device);
    this.#roughly();
    this.shell.refresh(router);
  }

  linkUp(name: string, device = 'eth0'): void {
    const router = this.#reachable(name) ?? this.#dead(name);
    if (router === undefined || !router.linksDown.delete(device)) return;
    this.#roughly();
    this.shell.refresh(router);
  }

  /** What a tracker of the router says now. */
  track(name: string, reading: TrackerReading): void {
    const router = this.#reachable(name) ?? this.#dead(name);
    if (router === undefined) return;
    router.readings.set(trackerKey(reading), reading);
    this.#disturbed();
    this.shell.refresh(router);
  }

  giveUp(name: string, hold: Hold, instanceName?: string): void {
    this.#tell(name, instanceName, { kind: 'giveUp', hold });
  }

  resume(name: string, instanceName?: string): void {
    this.#tell(name, instanceName, { kind: 'resume' });
  }

  /** Somebody takes the first address from the interface. */
  deleteAddress(name: string, instanceName = 'VI_1'): void {
    const router = this.#reachable(name);
    if (router === undefined) return;
    const instance = this.instance(name, instanceName);
    const [first] = instance.held.values();
    const { state } = instance;
    const isOurs = state.name === 'Master' || (state.name === 'Leaving' && state.successor === undefined);
    if (first === undefined || !isOurs) return;
    this.#roughly();
    instance.held.delete(first.address);
    this.shell.dispatch(instance, { kind: 'addressDeleted', address: first });
  }

  reload(name: string, changes: Partial<VrrpInstanceConfig>, instanceName = 'VI_1'): void {
    if (this.#reachable(name) === undefined && this.#dead(name) === undefined) return;
    const { isStopping } = this.router(name);
    if (isStopping && this.router(name).isRunning) return;
    this.shell.note('reloads');
    const instance = this.instance(name, instanceName);
    const movesTimers = changes.advertisementIntervalMs !== undefined || 'syncGroup' in changes;
    if (movesTimers) this.#roughly();
    else this.#disturbed();
    this.#reconfigure(instance, { ...instance.config, ...changes });
    this.shell.refresh(instance.router);
  }

  /** A reload that makes, changes or removes sync groups. */
  regroup(name: string, groups: readonly GroupOptions[]): void {
    const router = this.#reachable(name) ?? this.#dead(name);
    if (router === undefined || (router.isRunning && router.isStopping)) return;
    this.#roughly();
    this.shell.note('regroupings');
    this.#arrange(router, groups);
    this.shell.refresh(router);
    for (const group of router.groups) this.shell.settle(group);
  }

  /** What `from` sends no longer reaches `to`; the other way still works. */
  cut(from: string, to: string): void {
    this.network.cuts.add(`${from} ${to}`);
    this.shell.note('cuts');
    this.#roughly();
  }

  /** Every cut ends; with `network` the losses too. */
  heal(network: Partial<NetworkOptions> = { ...quiet, latencyMs: this.network.options.latencyMs }): void {
    this.network.cuts.clear();
    this.setNetwork(network);
  }

  setNetwork(network: Partial<NetworkOptions>): void {
    this.network.options = { ...this.network.options, ...network };
    this.#roughly();
  }

  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (let events = 0; ; events += 1) {
      if (events > eventsMax) this.referee.object(`more than ${eventsMax} events in one run: a storm`);
      const atMs = this.#happenings.earliestMs;
      if (atMs === undefined || atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, atMs);
      this.#happenings.take()?.happen();
    }
    this.nowMs = endMs;
    this.referee.lookedAtAll();
  }

  #tell(name: string, instanceName: string | undefined, event: Parameters<Shell['dispatch']>[1]): void {
    const router = this.#reachable(name);
    if (router === undefined || router.isStopping) return;
    this.#disturbed();
    const chosen = router.instances.filter(({ config }) => (instanceName ?? config.name) === config.name);
    for (const instance of chosen) this.shell.dispatch(instance, event);
  }

  #arrange(router: Router, groups: readonly GroupOptions[]): void {
    const made: Group[] = [];
    for (const instance of router.instances) {
      const own = groups.find(({ members }) => members.includes(instance.config.name));
      const { syncGroup: _was, ...others } = instance.config;
      if (instance.config.syncGroup !== own?.name)
        this.#reconfigure(instance, own === undefined ? others : { ...others, syncGroup: own.name });
      instance.group = undefined;
    }
    for (const { name, members, tracking = nothingTracked, memberWeights = false } of groups) {
      const group: Group = {
        name,
        members: router.instances.filter(({ config }) => members.includes(config.name)),
        tracking,
        memberWeights,
      };
      for (const member of group.members) member.group = group;
      made.push(group);
    }
    router.groups = made;
  }

  #reconfigure(instance: Instance, next: VrrpInstanceConfig): void {
    const previous = instance.config;
    instance.config = next;
    if (!instance.router.isRunning) return;
    const before = instance.state;
    const answer = reconfigure(previous, next, before, this.nowMs);
    this.shell.apply(instance, answer, () => this.referee.reloaded(instance, previous, before));
  }

  /** A router whose process runs and answers; nobody can do anything to one that is paused but wake it. */
  #reachable(name: string): Router | undefined {
    const router = this.router(name);
    return router.isRunning && !router.isPaused ? router : undefined;
  }

  #dead(name: string): Router | undefined {
    const router = this.router(name);
    return router.isRunning ? undefined : router;
  }

  #disturbed(): void {
    this.referee.disturbed();
  }

  /** In a way that may leave an address without a holder. */
  #roughly(): void {
    this.referee.disturbed();
    this.referee.treatedRoughly();
  }
}
