/**
 * Tells each instance what it faces: its interfaces, what it tracks, what is static and tied to it, and its sync group. Looks
 * again when any of these may have changed; what an instance makes of it is its own matter.
 */
import type { TrackedItem, TrackingConfig } from '../../config-parser/config.ts';
import {
  type Fault,
  groupFaults,
  isOwner,
  type TrackerReading,
  type TrackerReadings,
  type TrackingResult,
  trackerKey,
  trackingResult,
} from '../../vrrp/index.ts';
import type { GroupRuntime } from './group-runtime.ts';
import type { HostInterfaces } from './host-interfaces.ts';
import type { InstanceRuntime } from './instance-runtime.ts';
import { interfaceCondition } from './interface-condition.ts';

export interface LookoutTools {
  readonly interfaces: HostInterfaces;
  groupOf(runtime: InstanceRuntime): GroupRuntime | undefined;
  staticFaults(instance: string): readonly Fault[];
}

export class Lookout {
  readonly #tools: LookoutTools;
  readonly #readings = new Map<string, TrackerReading>();

  constructor(tools: LookoutTools) {
    this.#tools = tools;
  }

  get readings(): readonly TrackerReading[] {
    return [...this.#readings.values()];
  }

  /** What was measured elsewhere; true when anything is new. */
  read(readings: readonly TrackerReading[]): boolean {
    let isNew = false;
    for (const reading of readings) {
      const key = trackerKey(reading);
      const before = this.#readings.get(key);
      isNew ||= before === undefined || JSON.stringify(before) !== JSON.stringify(reading);
      this.#readings.set(key, reading);
    }
    return isNew;
  }

  /** After a reload: what is no longer defined says nothing any more. */
  forgetAllBut(known: ReadonlySet<string>): void {
    for (const key of this.#readings.keys()) if (!known.has(key)) this.#readings.delete(key);
  }

  /** These and the other members of their groups. */
  refresh(runtimes: Iterable<InstanceRuntime>): void {
    const groups = new Set<GroupRuntime>();
    const alone: InstanceRuntime[] = [];
    for (const runtime of runtimes) {
      this.#look(runtime);
      const group = this.#tools.groupOf(runtime);
      if (group === undefined) alone.push(runtime);
      else groups.add(group);
    }
    for (const runtime of alone) if (!isNotReady(runtime)) runtime.face(runtime.own.faults);
    for (const group of groups) if (!group.members.some(isNotReady)) faceTogether(group);
  }

  #look(runtime: InstanceRuntime): void {
    const { config } = runtime;
    const { faults, sourceAddress, place } = interfaceCondition(config, this.#tools.interfaces);
    const tracked = this.#tracked(runtime);
    const all = [...faults, ...tracked.faults, ...this.#tools.staticFaults(config.name)];
    const weight = isOwner(config) ? 0 : tracked.weight;
    runtime.look({ faults: all, weight, ...(sourceAddress && { sourceAddress }) }, place);
  }

  /** Weights of what a member tracks by itself count only if the group says so. */
  #tracked(runtime: InstanceRuntime): TrackingResult {
    const group = this.#tools.groupOf(runtime)?.config;
    const weights = group === undefined || group.memberWeights;
    const own = this.#result(runtime.config.tracking, { weights });
    if (group === undefined) return own;
    const ofGroup = this.#result(group.tracking, { weights: true });
    return { faults: [...own.faults, ...ofGroup.faults], weight: own.weight + ofGroup.weight };
  }

  #result(tracking: TrackingConfig, counts: { readonly weights: boolean }): TrackingResult {
    const readings: TrackerReadings =
      tracking.interfaces.length === 0
        ? this.#readings
        : new Map([...this.#readings, ...tracking.interfaces.map((item) => this.#interfaceReading(item))]);
    return trackingResult(tracking, readings, counts);
  }

  #interfaceReading({ name }: TrackedItem): [string, TrackerReading] {
    const reading = { kind: 'interface', name, isUp: this.#tools.interfaces.isUpByName(name) } as const;
    return [trackerKey(reading), reading];
  }
}

/**
 * It has not started, and nothing but what has not been measured yet keeps it from that: neither Fault nor Backup, and nobody is
 * to be told of either.
 */
function isNotReady({ state, own: { faults } }: InstanceRuntime): boolean {
  const isAwaited = faults.length > 0 && faults.every(({ reason }) => reason === 'awaiting-trackers');
  return state.name === 'Initialize' && isAwaited;
}

function faceTogether(group: GroupRuntime): void {
  const { config, members } = group;
  const faults = groupFaults(
    config.name,
    members.map(({ own }) => own.faults),
  );
  group.together(() => {
    members.forEach((member, index) => {
      member.face(faults[index] ?? []);
    });
  });
}
