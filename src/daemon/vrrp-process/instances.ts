/** The instances and groups of the configuration in force: which go on, which are new, which have to leave. */
import type { Config, SyncGroupConfig, VrrpInstanceConfig } from '../../config-parser/config.ts';
import { instanceKey, type Placement, placeInstance } from '../../vrrp/index.ts';
import { GroupRuntime } from './group-runtime.ts';
import type { InstanceRuntime } from './instance-runtime.ts';

/** Every instance of `config` by its key, with its group and its addresses where they will be held. */
export function placements({
  vrrpInstances,
  syncGroups,
  globalDefs,
}: Config): ReadonlyMap<string, Placement> {
  const groupOf = new Map(syncGroups.flatMap(({ name, members }) => members.map((member) => [member, name])));
  const taken = new Set(vrrpInstances.flatMap(({ virtualLink }) => virtualLink?.name ?? []));
  const names = { prefix: globalDefs.vrrp.vmacAddressPrefix, taken };
  return new Map(
    vrrpInstances.map((instance) => {
      const group = groupOf.get(instance.name);
      const own = group === undefined ? instance : { ...instance, syncGroup: group };
      return [instanceKey(instance), placeInstance(own, names)];
    }),
  );
}

export class InstanceTable {
  readonly running = new Map<string, InstanceRuntime>();
  /** Removed by a reload, and still handing over. */
  readonly leaving = new Set<InstanceRuntime>();
  readonly #groups = new Map<string, GroupRuntime>();
  readonly #groupOf = new WeakMap<InstanceRuntime, GroupRuntime>();
  #byInterface = new Map<string, InstanceRuntime[]>();

  get all(): readonly InstanceRuntime[] {
    return [...this.running.values(), ...this.leaving];
  }

  get groups(): readonly GroupRuntime[] {
    return [...this.#groups.values()];
  }

  groupOf(runtime: InstanceRuntime): GroupRuntime | undefined {
    return this.#groupOf.get(runtime);
  }

  /** Those whose state may depend on this interface. */
  on(interfaceName: string): readonly InstanceRuntime[] {
    return this.#byInterface.get(interfaceName) ?? [];
  }

  /** Once `running` is what the configuration wants. */
  arrange(
    syncGroups: readonly SyncGroupConfig[],
    onState: ConstructorParameters<typeof GroupRuntime>[1],
  ): void {
    const byName = new Map([...this.running.values()].map((runtime) => [runtime.config.name, runtime]));
    const wanted = new Set(syncGroups.map(({ name }) => name));
    for (const name of this.#groups.keys()) if (!wanted.has(name)) this.#groups.delete(name);
    for (const runtime of this.running.values()) this.#groupOf.delete(runtime);
    for (const config of syncGroups) {
      const group = this.#groups.get(config.name) ?? new GroupRuntime(config, onState);
      group.config = config;
      group.members = config.members.flatMap((member) => byName.get(member) ?? []);
      for (const member of group.members) this.#groupOf.set(member, group);
      this.#groups.set(config.name, group);
    }
    this.#index();
  }

  #index(): void {
    this.#byInterface = new Map();
    for (const runtime of this.running.values()) {
      const group = this.groupOf(runtime);
      const tracked = group?.config.tracking.interfaces ?? [];
      for (const name of interfacesOf(
        runtime.config,
        tracked.map((item) => item.name),
      )) {
        this.#byInterface.set(name, [...(this.#byInterface.get(name) ?? []), runtime]);
      }
    }
  }
}

function interfacesOf(config: VrrpInstanceConfig, tracked: readonly string[]): ReadonlySet<string> {
  const { interface: device, vrf, virtualLink, tracking } = config;
  const names = [device, vrf, virtualLink?.name, ...tracked, ...tracking.interfaces.map(({ name }) => name)];
  return new Set(names.filter((name) => name !== undefined));
}
