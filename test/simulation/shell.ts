/**
 * The shell of a router, played: events go to the real core, effects are performed on a played host, sync groups are told and
 * surroundings looked at as `src/daemon/vrrp-process` does it. A referee looks at every step.
 */
import type { TrackingConfig, VirtualAddress } from '../../src/config-parser/config.ts';
import {
  type Fault,
  groupEvents,
  groupFaults,
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  nextTimeout,
  type Step,
  type Surroundings,
  sameFaults,
  type step,
  type TrackerReading,
  trackerKey,
  trackingResult,
} from '../../src/vrrp/index.ts';
import type { Happenings } from './happenings.ts';
import type { Network, PacketFacts } from './network.ts';
import type { Random } from './random.ts';
import type { Referee } from './referee.ts';
import type { Group, Instance, Router } from './router.ts';

export interface ShellTools {
  readonly random: Random;
  readonly referee: Referee;
  readonly network: Network;
  readonly happenings: Happenings;
  readonly routers: ReadonlyMap<string, Router>;
  /** The core under test; a broken one must be caught. */
  readonly step: typeof step;
  /** How late a timer may fire. */
  readonly latenessMs: number;
  nowMs(): number;
}

/** Echoes of the kernel come this much later. */
const echoMs = 0.05;
/** The time of day when the simulation starts, for what is signed. */
const unixStartMs = 1_800_000_000_000;

export class Shell {
  /** Of all kinds, by name: what happened in a story. */
  readonly seen = new Map<string, number>();
  readonly #tools: ShellTools;
  #depth = 0;

  constructor(tools: ShellTools) {
    this.#tools = tools;
  }

  note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  dispatch(instance: Instance, event: InstanceEvent, atMs = this.#tools.nowMs(), packet?: PacketFacts): void {
    if (!instance.router.isRunning || instance.isEnded) return;
    const before = instance.state;
    const answer = this.#tools.step(instance.config, before, event, atMs);
    this.apply(instance, answer, () => {
      this.#tools.referee.stepped({ instance, before, event, effects: answer.effects, nowMs: atMs, packet });
    });
  }

  /** `judge` is called when the state is the new one and nothing has been performed yet. */
  apply(instance: Instance, { next, effects }: Step, judge: () => void): void {
    const before = instance.state;
    instance.state = next;
    judge();
    this.#depth += 1;
    for (const effect of effects) this.#perform(instance, effect);
    this.#arm(instance);
    this.#noteEnd(instance, before);
    const isRoutine =
      effects.length === 0 || (effects.length === 1 && effects[0]?.kind === 'sendAdvertisement');
    if (!isRoutine && instance.group !== undefined) this.#tellGroup(instance.group, instance, effects);
    this.#depth -= 1;
    if (this.#depth === 0) this.#tools.referee.looked(instance, isRoutine);
  }

  /** Looks at everything that the instances of `router` depend on. */
  refresh(router: Router): void {
    if (!router.isRunning || router.isPaused) return;
    for (const instance of router.instances) instance.own = this.#surroundings(instance);
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

  /** What waited is taken in first, with the times at which it was received; then what is due. */
  catchUp(router: Router): void {
    this.#depth += 1;
    for (const { receivedAtMs, take } of router.waiting.splice(0)) take(receivedAtMs);
    const nowMs = this.#tools.nowMs();
    for (const instance of router.instances) {
      if ((nextTimeout(instance.state) ?? Number.POSITIVE_INFINITY) <= nowMs)
        this.dispatch(instance, { kind: 'timeout' });
    }
    this.#depth -= 1;
    const [any] = router.instances;
    if (any !== undefined) this.#tools.referee.looked(any, false);
  }

  /** After a reload that moved instances between groups: who joined as something else than the others follows them. */
  settle({ members }: Group): void {
    const names = new Set(members.map(({ state }) => state.name));
    if (!names.has('Master') || names.size === 1) return;
    for (const member of members) {
      if (member.state.name === 'Master') this.dispatch(member, { kind: 'groupLeft' });
    }
  }

  #surroundings(instance: Instance): Surroundings {
    const faults: Fault[] = instance.isLinkUp ? [] : [{ reason: 'interface-down' }];
    const { config, group, router, sourceAddress } = instance;
    const weights = group === undefined || group.memberWeights;
    const parts = [this.#tracked(router, config.tracking, weights)];
    if (group !== undefined) parts.push(this.#tracked(router, group.tracking, true));
    for (const part of parts) faults.push(...part.faults);
    const weight = config.basePriority === 255 ? 0 : parts.reduce((sum, part) => sum + part.weight, 0);
    return { faults, weight, sourceAddress };
  }

  #tracked({ readings, linksDown }: Router, tracking: TrackingConfig, weights: boolean) {
    if (tracking.interfaces.length === 0) return trackingResult(tracking, readings, { weights });
    const links = tracking.interfaces.map(({ name }): [string, TrackerReading] => {
      const reading = { kind: 'interface', name, isUp: !linksDown.has(name) } as const;
      return [trackerKey(reading), reading];
    });
    return trackingResult(tracking, new Map([...readings, ...links]), { weights });
  }

  #face(instance: Instance, faults: readonly Fault[]): void {
    const surroundings = { ...instance.own, faults };
    const before = instance.faced;
    instance.faced = surroundings;
    if (instance.isEnded) return;
    const isAsBefore =
      before !== undefined && before.weight === surroundings.weight && sameFaults(before.faults, faults);
    if (instance.state.name === 'Initialize') this.dispatch(instance, { kind: 'startup', surroundings });
    else if (!isAsBefore) this.dispatch(instance, { kind: 'surroundingsChanged', surroundings });
  }

  #tellGroup(group: Group, member: Instance, effects: readonly InstanceEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== 'stateChanged') continue;
      const { from, to } = effect;
      this.#tellMembers(groupEvents(group.members, { member, from, to }));
    }
    this.#tellMembers(groupEvents(group.members, undefined));
  }

  #tellMembers(events: ReturnType<typeof groupEvents<Instance>>): void {
    for (const { member, event } of events) this.dispatch(member, event);
  }

  #noteEnd(instance: Instance, before: InstanceState): void {
    const { router, state } = instance;
    if (!router.isStopping || state.name !== 'Initialize') return;
    instance.isEnded = true;
    if (before !== state) instance.armedForMs = undefined;
    if (router.instances.every(({ isEnded }) => isEnded)) router.isRunning = false;
  }

  #arm(instance: Instance): void {
    const deadlineMs = nextTimeout(instance.state);
    if (deadlineMs === instance.armedForMs) return;
    instance.armedForMs = deadlineMs;
    if (deadlineMs === undefined) return;
    const { random, latenessMs, happenings, nowMs } = this.#tools;
    happenings.put(Math.max(nowMs(), deadlineMs) + random.next() * latenessMs, () => {
      // A deadline that was moved has another entry; a process that does not run looks when it runs again.
      if (instance.armedForMs !== deadlineMs || instance.router.isPaused) return;
      instance.armedForMs = undefined;
      this.dispatch(instance, { kind: 'timeout' });
    });
  }

  #perform(instance: Instance, effect: InstanceEffect): void {
    const { kind } = effect;
    this.note(kind === 'report' ? effect.report.kind : kind);
    if (kind === 'stateChanged') {
      this.note(`${effect.from} to ${effect.to}`);
      this.note(`by ${effect.reason}`);
    }
    if (kind === 'sendAdvertisement') this.#send(instance, effect.priority);
    if (kind === 'addAddresses')
      for (const address of effect.addresses) instance.held.set(address.address, address);
    if (kind === 'removeAddresses') for (const address of effect.addresses) this.#remove(instance, address);
  }

  /** The kernel tells everybody of a removal, also the one who did it. */
  #remove(instance: Instance, address: VirtualAddress): void {
    instance.held.delete(address.address);
    const { happenings, nowMs } = this.#tools;
    happenings.put(nowMs() + echoMs, () =>
      this.#whenItRuns(instance, () => {
        if (!instance.held.has(address.address)) this.dispatch(instance, { kind: 'addressDeleted', address });
      }),
    );
  }

  #send(instance: Instance, priority: number): void {
    if (!instance.isLinkUp) return;
    const { network, happenings, routers, nowMs } = this.#tools;
    const { config, sourceAddress: source, state } = instance;
    const unixTimeMs = unixStartMs + nowMs();
    const packets = instance.writer.write({ config, priority, source, unixTimeMs, memory: state.memory });
    const at = { routers: routers.values(), nowMs: nowMs() };
    for (const { to, datagram, facts, atMs } of network.send(instance, packets, priority, at)) {
      happenings.put(atMs, () => {
        if (!to.isLinkUp) return;
        this.#whenItRuns(to, (receivedAtMs) => {
          const unixTimeMs = unixStartMs + receivedAtMs;
          const event = { kind: 'packet', datagram, unixTimeMs, handledAtMs: this.#tools.nowMs() } as const;
          this.dispatch(to, event, receivedAtMs, facts);
        });
      });
    }
  }

  #whenItRuns({ router }: Instance, take: (receivedAtMs: number) => void): void {
    const receivedAtMs = this.#tools.nowMs();
    if (router.isPaused) router.waiting.push({ receivedAtMs, take });
    else take(receivedAtMs);
  }
}
