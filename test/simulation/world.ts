/**
 * Routers on one network segment with a virtual clock: time jumps to whatever comes next, a delivery or a deadline. The routers
 * are the real core, the packets real bytes; only the shell is played. A referee looks at every event.
 */
import type { VirtualAddress, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { IpAddress } from '../../src/net/address.ts';
import {
  advertisementOf,
  type Datagram,
  encodeAdvertisement,
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  initialState,
  nextTimeout,
  reconfigure,
  step,
} from '../../src/vrrp/index.ts';
import { Random } from './random.ts';
import { type PacketFacts, Referee } from './referee.ts';

export interface NetworkOptions {
  readonly latencyMs: number;
  readonly lossPercent: number;
  readonly duplicatePercent: number;
  /** One bit of the packet is another on arrival. */
  readonly corruptPercent: number;
  /** How many are held back by up to `reorderMs`, so that later ones overtake them. */
  readonly reorderPercent: number;
  readonly reorderMs: number;
}

export interface WorldOptions {
  readonly seed: number;
  /** How late a timer may fire. */
  readonly latenessMs?: number;
  readonly network?: Partial<NetworkOptions>;
  /** The core under test; a broken one must be caught. */
  readonly step?: typeof step;
}

export class Router {
  readonly name: string;
  readonly sourceAddress: IpAddress;
  config: VrrpInstanceConfig;
  state: InstanceState = initialState();
  isRunning = false;
  isLinkUp = true;
  /** What stands on the interface, as the kernel has it: it survives a crash. */
  readonly held = new Map<string, VirtualAddress>();
  /** The deadline that the shell's timer is armed for, and when it will fire, late as timers are. */
  armed: { readonly deadlineMs: number; readonly firesAtMs: number } | undefined;

  constructor(name: string, sourceAddress: IpAddress, config: VrrpInstanceConfig) {
    this.name = name;
    this.sourceAddress = sourceAddress;
    this.config = config;
  }
}

interface Happening {
  readonly atMs: number;
  readonly fire: () => void;
}

const quiet: NetworkOptions = {
  latencyMs: 0.2,
  lossPercent: 0,
  duplicatePercent: 0,
  corruptPercent: 0,
  reorderPercent: 0,
  reorderMs: 50,
};
/** More in one run than any healthy network of three has: a storm that does not end. */
const eventsMax = 100_000;

export class World {
  readonly random: Random;
  readonly referee: Referee;
  nowMs = 0;
  /** Since when every packet arrives and nobody was meddled with; undefined while it is not so. */
  wholeSinceMs: number | undefined = 0;
  readonly #routers = new Map<string, Router>();
  readonly #step: typeof step;
  readonly #latenessMs: number;
  #network: NetworkOptions;
  #queue: Happening[] = [];
  readonly #cuts = new Set<string>();

  constructor(options: WorldOptions) {
    this.random = new Random(options.seed);
    this.#step = options.step ?? step;
    this.#latenessMs = options.latenessMs ?? 0;
    this.#network = { ...quiet, ...options.network };
    this.referee = new Referee(options.seed, this.#latenessMs);
    this.#disturbed();
  }

  get routers(): readonly Router[] {
    return [...this.#routers.values()];
  }

  /** The names of the running routers that are Master. */
  get masters(): readonly string[] {
    return this.routers
      .filter(({ isRunning, state }) => isRunning && state.name === 'Master')
      .map(({ name }) => name);
  }

  router(name: string): Router {
    const router = this.#routers.get(name);
    if (router === undefined) throw new Error(`there is no router ${name}`);
    return router;
  }

  add(name: string, sourceAddress: IpAddress, config: VrrpInstanceConfig): Router {
    const router = new Router(name, sourceAddress, config);
    this.#routers.set(name, router);
    return router;
  }

  /** Also after a crash: what the crashed run left on the interface is cleared first. */
  start(name: string): void {
    const router = this.router(name);
    if (router.isRunning) return;
    router.held.clear();
    router.state = initialState();
    router.isRunning = true;
    this.referee.started(router);
    const { sourceAddress } = router;
    this.#meddle(router, {
      kind: 'startup',
      sourceAddress,
      ...(router.isLinkUp ? {} : { fault: 'interface-down' }),
    });
  }

  stop(name: string): void {
    const router = this.router(name);
    if (!router.isRunning) return;
    this.#meddle(router, { kind: 'shutdown' });
    router.isRunning = false;
    router.armed = undefined;
  }

  /** kill -9: no last word, and the addresses stay. */
  crash(name: string): void {
    const router = this.router(name);
    router.isRunning = false;
    router.armed = undefined;
    this.#disturbed();
  }

  linkDown(name: string): void {
    const router = this.router(name);
    if (!router.isLinkUp) return;
    router.isLinkUp = false;
    this.#meddle(router, { kind: 'faultRaised', fault: 'interface-down' });
  }

  linkUp(name: string): void {
    const router = this.router(name);
    if (router.isLinkUp) return;
    router.isLinkUp = true;
    this.#meddle(router, { kind: 'faultCleared', sourceAddress: router.sourceAddress });
  }

  /** Somebody takes the first address from the interface. */
  deleteAddress(name: string): void {
    const router = this.router(name);
    const [first] = router.held.values();
    if (first === undefined || !router.isRunning) return;
    router.held.delete(first.address);
    this.#meddle(router, { kind: 'addressDeleted', address: first });
  }

  reload(name: string, changes: Partial<VrrpInstanceConfig>): void {
    const router = this.router(name);
    const previous = router.config;
    router.config = { ...previous, ...changes };
    this.#disturbed();
    if (!router.isRunning) return;
    const { next, effects } = reconfigure(previous, router.config, router.state, this.nowMs);
    const before = router.state;
    router.state = next;
    this.referee.reloaded(router, previous, before, this.nowMs);
    for (const effect of effects) this.#perform(router, effect);
    this.#settle(router);
  }

  /** What `from` sends no longer reaches `to`; the other way still works. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from} ${to}`);
    this.#disturbed();
  }

  /** Every cut ends; with `network` the losses too. */
  heal(network: Partial<NetworkOptions> = quiet): void {
    this.#cuts.clear();
    this.setNetwork(network);
  }

  setNetwork(network: Partial<NetworkOptions>): void {
    this.#network = { ...this.#network, ...network };
    this.#disturbed();
  }

  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (let events = 0; ; events += 1) {
      if (events > eventsMax)
        this.referee.object(this.nowMs, `more than ${eventsMax} events in one run: a storm`);
      const next = this.#earliest();
      if (next === undefined || next.atMs > endMs) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.fire();
    }
    this.nowMs = endMs;
    this.#judge();
  }

  #earliest(): Happening | undefined {
    let earliest: Happening | undefined;
    for (const happening of this.#queue) {
      if (earliest === undefined || happening.atMs < earliest.atMs) earliest = happening;
    }
    for (const router of this.#routers.values()) {
      const atMs = router.armed?.firesAtMs;
      if (atMs !== undefined && (earliest === undefined || atMs < earliest.atMs)) {
        earliest = { atMs, fire: () => this.#tick(router) };
      }
    }
    return earliest;
  }

  #tick(router: Router): void {
    router.armed = undefined;
    this.#dispatch(router, { kind: 'timeout' });
  }

  #meddle(router: Router, event: InstanceEvent): void {
    this.#disturbed();
    this.#dispatch(router, event);
  }

  #dispatch(router: Router, event: InstanceEvent, packet?: PacketFacts): void {
    if (!router.isRunning) return;
    const before = router.state;
    const { next, effects } = this.#step(router.config, before, event, this.nowMs);
    router.state = next;
    this.referee.stepped({ router, before, event, effects, nowMs: this.nowMs, packet });
    for (const effect of effects) this.#perform(router, effect);
    this.#settle(router);
  }

  #settle(router: Router): void {
    this.#arm(router);
    this.#judge();
  }

  #judge(): void {
    this.referee.looked(this.routers, this.nowMs, this.wholeSinceMs);
  }

  #arm(router: Router): void {
    const deadlineMs = nextTimeout(router.state);
    if (deadlineMs === router.armed?.deadlineMs) return;
    const latenessMs = this.random.next() * this.#latenessMs;
    router.armed =
      deadlineMs === undefined
        ? undefined
        : { deadlineMs, firesAtMs: Math.max(this.nowMs, deadlineMs) + latenessMs };
  }

  #perform(router: Router, effect: InstanceEffect): void {
    switch (effect.kind) {
      case 'sendAdvertisement':
        this.#send(router, effect.priority);
        return;
      case 'addAddresses':
        for (const address of effect.addresses) router.held.set(address.address, address);
        return;
      case 'removeAddresses':
        for (const address of effect.addresses) this.#remove(router, address);
        return;
      default:
        return;
    }
  }

  /** The kernel tells everybody of a removal, also the one who did it. */
  #remove(router: Router, address: VirtualAddress): void {
    router.held.delete(address.address);
    this.#queueAt(this.nowMs + 0.05, () => this.#dispatch(router, { kind: 'addressDeleted', address }));
  }

  #send(router: Router, priority: number): void {
    if (!router.isLinkUp) return;
    const path = { source: router.sourceAddress, destination: router.config.multicastGroup };
    const payload = encodeAdvertisement(advertisementOf(router.config, priority), path);
    for (const receiver of this.#routers.values()) {
      if (receiver === router || this.#cuts.has(`${router.name} ${receiver.name}`)) continue;
      if (this.random.chance(this.#network.lossPercent)) continue;
      const copies = this.random.chance(this.#network.duplicatePercent) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) this.#transmit(receiver, { ...path, payload, priority });
    }
  }

  #transmit(
    receiver: Router,
    sent: Pick<Datagram, 'source' | 'destination' | 'payload'> & { readonly priority: number },
  ): void {
    const { latencyMs, reorderPercent, reorderMs, corruptPercent } = this.#network;
    const isCorrupt = this.random.chance(corruptPercent);
    const payload = isCorrupt ? this.#withOneBitChanged(sent.payload) : sent.payload;
    const heldBackMs = this.random.chance(reorderPercent) ? this.random.next() * reorderMs : 0;
    const { source, destination, priority } = sent;
    const datagram = { source, destination, hopLimit: 255, claimedPayloadBytes: payload.length, payload };
    this.#queueAt(this.nowMs + latencyMs * (1 + this.random.next()) + heldBackMs, () => {
      if (receiver.isLinkUp)
        this.#dispatch(receiver, { kind: 'packet', datagram }, { source, priority, isCorrupt });
    });
  }

  #withOneBitChanged(payload: Uint8Array): Uint8Array {
    const changed = payload.slice();
    const bit = this.random.integer(0, payload.length * 8 - 1);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  }

  #queueAt(atMs: number, fire: () => void): void {
    const happening = {
      atMs,
      fire: () => {
        this.#queue = this.#queue.filter((other) => other !== happening);
        fire();
      },
    };
    this.#queue.push(happening);
  }

  #disturbed(): void {
    const { lossPercent, corruptPercent } = this.#network;
    this.wholeSinceMs =
      this.#cuts.size === 0 && lossPercent === 0 && corruptPercent === 0 ? this.nowMs : undefined;
  }
}
