/** The network between the routers: who hears what, when, and what becomes of a packet on its way. Bytes are those of the wire. */
import type { Datagram, OutgoingAdvertisement } from '../../src/vrrp/index.ts';
import type { Random } from './random.ts';
import type { Instance, Router } from './router.ts';

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

export const quiet: NetworkOptions = {
  latencyMs: 0.2,
  lossPercent: 0,
  duplicatePercent: 0,
  corruptPercent: 0,
  reorderPercent: 0,
  reorderMs: 50,
};

/** What a packet was when it was sent, for the referee; the receiver sees the bytes alone. */
export interface PacketFacts {
  readonly sender: Instance;
  readonly config: Instance['config'];
  readonly priority: number;
  /** Of all that this sender has sent; a repetition has the same. */
  readonly order: number;
  /** Of the sender's process. */
  readonly start: number;
  readonly isCorrupt: boolean;
}

export interface Arrival {
  readonly to: Instance;
  readonly datagram: Datagram;
  readonly facts: PacketFacts;
  readonly atMs: number;
}

const authenticatedHeaderBytes = 20 + 24;

export class Network {
  options: NetworkOptions;
  /** Those that were lost, cut off or changed on the way. */
  spoiled = 0;
  readonly cuts = new Set<string>();
  /** When the last packet under way arrives. */
  lastArrivalMs = 0;
  readonly #random: Random;
  readonly #lastBetween = new Map<string, number>();
  #order = 0;

  constructor(random: Random, options: NetworkOptions) {
    this.#random = random;
    this.options = options;
  }

  /** Every packet arrives as it was sent and in its order. */
  get isWhole(): boolean {
    const { lossPercent, corruptPercent, reorderPercent } = this.options;
    return this.cuts.size === 0 && lossPercent + corruptPercent + reorderPercent === 0;
  }

  /** Where and when one advertisement of `sender` arrives. */
  send(
    sender: Instance,
    packets: readonly OutgoingAdvertisement[],
    priority: number,
    at: { readonly routers: Iterable<Router>; readonly nowMs: number },
  ): readonly Arrival[] {
    this.#order += 1;
    const { config } = sender;
    const facts = { sender, config, priority, order: this.#order, start: sender.router.starts };
    const arrivals: Arrival[] = [];
    for (const router of at.routers) {
      if (router === sender.router) continue;
      for (const packet of packets) this.#towards(router, packet, facts, at.nowMs, arrivals);
    }
    return arrivals;
  }

  #towards(
    router: Router,
    packet: OutgoingAdvertisement,
    facts: Omit<PacketFacts, 'isCorrupt'>,
    nowMs: number,
    arrivals: Arrival[],
  ): void {
    const { sender } = facts;
    if (!router.instances.some((instance) => hears(instance, sender, packet))) return;
    const { lossPercent, duplicatePercent } = this.options;
    const isCut = this.cuts.has(`${sender.router.name} ${router.name}`);
    if (isCut || this.#random.chance(lossPercent)) {
      this.spoiled += 1;
      return;
    }
    const copies = this.#random.chance(duplicatePercent) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const isCorrupt = this.#random.chance(this.options.corruptPercent);
      const datagram = this.#datagram(sender, packet, isCorrupt);
      // The socket gives a packet to the instance that it names.
      const vrid = datagram.payload[1];
      const to = router.instances.find(
        (instance) => instance.config.vrid === vrid && hears(instance, sender, packet, isCorrupt),
      );
      if (isCorrupt) this.spoiled += 1;
      const atMs = this.#arrivalMs(`${sender.router.name} ${router.name}`, nowMs);
      if (to !== undefined) arrivals.push({ to, datagram, facts: { ...facts, isCorrupt }, atMs });
    }
  }

  /** In the order in which they were sent, but for those that are held back. */
  #arrivalMs(between: string, nowMs: number): number {
    const { latencyMs, reorderPercent, reorderMs } = this.options;
    const atMs = Math.max(
      nowMs + latencyMs * (1 + this.#random.next()),
      (this.#lastBetween.get(between) ?? 0) + 0.001,
    );
    const isHeldBack = this.#random.chance(reorderPercent);
    if (!isHeldBack) this.#lastBetween.set(between, atMs);
    const arrivesMs = isHeldBack ? atMs + this.#random.next() * reorderMs : atMs;
    this.lastArrivalMs = Math.max(this.lastArrivalMs, arrivesMs);
    return arrivesMs;
  }

  /** As the sockets give it: what stands before the VRRP packet is beside it. */
  #datagram(
    { config, sourceAddress: source }: Instance,
    { bytes, destination, hasIpHeader }: OutgoingAdvertisement,
    isCorrupt: boolean,
  ): Datagram {
    const packet = hasIpHeader ? bytes.subarray(authenticatedHeaderBytes) : bytes;
    const payload = isCorrupt ? this.#withOneBitChanged(packet) : packet;
    const claimed = config.family === 4 ? { claimedPayloadBytes: payload.length } : {};
    const headers = hasIpHeader ? { authenticationHeader: bytes.subarray(0, authenticatedHeaderBytes) } : {};
    return { source, destination, hopLimit: 255, payload, ...claimed, ...headers };
  }

  #withOneBitChanged(payload: Uint8Array): Uint8Array {
    const changed = payload.slice();
    const bit = this.#random.integer(0, payload.length * 8 - 1);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  }
}

/** Whether what `sender` sends comes to the socket of `instance`; by multicast to all, by unicast to whose address it is. */
function hears(
  instance: Instance,
  sender: Instance,
  { destination }: OutgoingAdvertisement,
  ofAnyVrid = false,
): boolean {
  const { config } = instance;
  if (config.family !== sender.config.family || config.interface !== sender.config.interface) return false;
  if (!ofAnyVrid && config.vrid !== sender.config.vrid) return false;
  return sender.config.transport.kind === 'multicast' || destination === instance.sourceAddress;
}
