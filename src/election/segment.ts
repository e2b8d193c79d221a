/**
 * The routers on one quiet network with a virtual clock: time jumps to whatever comes next, a delivery or a deadline. The routers are
 * the same core as the daemon's, and the packets real bytes, so that this cannot disagree with the daemon.
 */
import {
  type Datagram,
  groupEvents,
  groupFaults,
  type InstanceEffect,
  type InstanceEvent,
  initialState,
  nextTimeout,
  type OutgoingAdvertisement,
  sameFaults,
  step,
} from '../vrrp/index.ts';
import { Agenda } from './agenda.ts';
import type { ElectionGroup, ElectionInstance, ElectionRouter } from './router.ts';
import { ownSurroundings } from './surroundings.ts';

/** More than any election takes: two that undo each other without end. */
const mostEvents = 100_000;

const latencyMs = 0.2;
/** RFC 2402: what is before the VRRP packet where it is authenticated. */
const authenticatedHeaderBytes = 20 + 24;
/** A time of day, for what is signed. */
const unixStartMs = 1_800_000_000_000;

export class Segment {
  readonly routers: readonly ElectionRouter[];
  nowMs = 0;
  readonly #agenda = new Agenda();

  constructor(routers: readonly ElectionRouter[]) {
    this.routers = routers;
  }

  start(router: ElectionRouter): void {
    if (router.isRunning) return;
    router.isRunning = true;
    for (const instance of router.instances) {
      instance.state = initialState();
      instance.faced = undefined;
    }
    this.refresh(router);
  }

  /** Its power is cut: no last word. */
  crash(router: ElectionRouter): void {
    router.isRunning = false;
    for (const instance of router.instances) instance.armedForMs = undefined;
  }

  /** To be called when links or readings of `router` have changed. */
  refresh(router: ElectionRouter): void {
    if (!router.isRunning) return;
    for (const instance of router.instances) instance.own = ownSurroundings(instance);
    for (const instance of router.instances) {
      if (instance.group === undefined) this.#face(instance, instance.own.faults);
    }
    for (const { name, members } of router.groups) {
      const faults = groupFaults(
        name,
        members.map(({ own }) => own.faults),
      );
      for (const [index, member] of members.entries()) this.#face(member, faults[index] ?? []);
    }
  }

  /** False when it does not come to rest. */
  run(durationMs: number): boolean {
    const endMs = this.nowMs + durationMs;
    for (let events = 0; events < mostEvents; events += 1) {
      const atMs = this.#agenda.earliestMs;
      if (atMs === undefined || atMs > endMs) {
        this.nowMs = endMs;
        return true;
      }
      this.nowMs = Math.max(this.nowMs, atMs);
      this.#agenda.take()?.();
    }
    return false;
  }

  #face(instance: ElectionInstance, faults: ElectionInstance['own']['faults']): void {
    const surroundings = { ...instance.own, faults };
    const before = instance.faced;
    instance.faced = surroundings;
    const isAsBefore =
      before !== undefined && before.weight === surroundings.weight && sameFaults(before.faults, faults);
    if (instance.state.name === 'Initialize') this.#dispatch(instance, { kind: 'startup', surroundings });
    else if (!isAsBefore) this.#dispatch(instance, { kind: 'surroundingsChanged', surroundings });
  }

  #dispatch(instance: ElectionInstance, event: InstanceEvent): void {
    if (!instance.router.isRunning) return;
    const { next, effects } = step(instance.config, instance.state, event, this.nowMs);
    instance.state = next;
    for (const effect of effects)
      if (effect.kind === 'sendAdvertisement') this.#send(instance, effect.priority);
    this.#arm(instance);
    if (instance.group !== undefined) this.#tellGroup(instance.group, instance, effects);
  }

  #tellGroup(group: ElectionGroup, member: ElectionInstance, effects: readonly InstanceEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'stateChanged') continue;
      this.#tell(groupEvents(group.members, { member, from: effect.from, to: effect.to }));
    }
    this.#tell(groupEvents(group.members, undefined));
  }

  #tell(events: ReturnType<typeof groupEvents<ElectionInstance>>): void {
    for (const { member, event } of events) this.#dispatch(member, event);
  }

  #arm(instance: ElectionInstance): void {
    const deadlineMs = nextTimeout(instance.state);
    if (deadlineMs === instance.armedForMs) return;
    instance.armedForMs = deadlineMs;
    if (deadlineMs === undefined || !Number.isFinite(deadlineMs)) return;
    this.#agenda.put(Math.max(this.nowMs, deadlineMs), () => {
      // A deadline that was moved has another entry.
      if (instance.armedForMs !== deadlineMs) return;
      instance.armedForMs = undefined;
      this.#dispatch(instance, { kind: 'timeout' });
    });
  }

  #send(sender: ElectionInstance, priority: number): void {
    if (!sender.isLinkUp) return;
    const { config, sourceAddress: source, state } = sender;
    const unixTimeMs = unixStartMs + this.nowMs;
    const packets = sender.writer.write({ config, priority, source, unixTimeMs, memory: state.memory });
    for (const packet of packets) {
      const datagram = datagramOf(sender, packet);
      for (const to of this.#hearers(sender, packet)) {
        this.#agenda.put(this.nowMs + latencyMs, () => {
          if (!to.isLinkUp) return;
          this.#dispatch(to, { kind: 'packet', datagram, unixTimeMs: unixStartMs + this.nowMs });
        });
      }
    }
  }

  /** By multicast all of the same VRID, by unicast whose address it is. */
  #hearers(sender: ElectionInstance, { destination }: OutgoingAdvertisement): readonly ElectionInstance[] {
    const isMulticast = sender.config.transport.kind === 'multicast';
    return this.routers
      .filter((router) => router !== sender.router)
      .flatMap(({ instances }) => instances)
      .filter(
        ({ domain, sourceAddress }) =>
          domain === sender.domain && (isMulticast || sourceAddress === destination),
      );
  }
}

/** As sockets give it: what stands before the VRRP packet is beside it. */
function datagramOf(
  { config, sourceAddress: source }: ElectionInstance,
  { bytes, destination, hasIpHeader }: OutgoingAdvertisement,
): Datagram {
  const payload = hasIpHeader ? bytes.subarray(authenticatedHeaderBytes) : bytes;
  return {
    source,
    destination,
    hopLimit: 255,
    payload,
    ...(config.family === 4 && { claimedPayloadBytes: payload.length }),
    ...(hasIpHeader && { authenticationHeader: bytes.subarray(0, authenticatedHeaderBytes) }),
  };
}
