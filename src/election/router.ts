/** A node of the election: its instances and sync groups, what it tracks, its links. Plain data; nothing moves here. */
import type { Config, SyncGroupConfig, TrackingConfig, VrrpInstanceConfig } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';
import {
  AdvertisementWriter,
  type InstanceState,
  initialState,
  type Surroundings,
  type TrackerReading,
  trackerKey,
} from '../vrrp/index.ts';

export class ElectionInstance {
  readonly router: ElectionRouter;
  readonly config: VrrpInstanceConfig;
  readonly sourceAddress: IpAddress;
  /** The instances that share it elect one Master. */
  readonly domain: string;
  readonly writer = new AdvertisementWriter();
  state: InstanceState = initialState();
  group: ElectionGroup | undefined;
  /** What it would face without its sync group, and what it was told last. */
  own: Surroundings = { faults: [], weight: 0 };
  faced: Surroundings | undefined;
  /** The deadline that its timer is armed for. */
  armedForMs: number | undefined;

  constructor(router: ElectionRouter, config: VrrpInstanceConfig, domain: string, source: IpAddress) {
    this.router = router;
    this.config = config;
    this.domain = domain;
    this.sourceAddress = source;
  }

  get isLinkUp(): boolean {
    const { interface: own } = this.config;
    return own === undefined || !this.router.linksDown.has(own);
  }
}

export interface ElectionGroup {
  readonly name: string;
  readonly members: readonly ElectionInstance[];
  readonly tracking: TrackingConfig;
  readonly memberWeights: boolean;
}

export class ElectionRouter {
  readonly name: string;
  readonly instances: readonly ElectionInstance[];
  readonly groups: readonly ElectionGroup[];
  isRunning = false;
  readonly linksDown = new Set<string>();
  readonly readings: Map<string, TrackerReading>;

  constructor(
    name: string,
    config: Config,
    domainOf: (instance: VrrpInstanceConfig) => string,
    sourceOf: (instance: VrrpInstanceConfig) => IpAddress,
  ) {
    this.name = name;
    this.instances = config.vrrpInstances.map(
      (one) => new ElectionInstance(this, one, domainOf(one), sourceOf(one)),
    );
    this.groups = config.syncGroups.map((group) => this.#group(group));
    this.readings = new Map(goodReadings(config).map((reading) => [trackerKey(reading), reading]));
  }

  #group({ name, members: names, tracking, memberWeights }: SyncGroupConfig): ElectionGroup {
    const members = this.instances.filter(({ config }) => names.includes(config.name));
    const group = { name, members, tracking, memberWeights };
    for (const member of members) member.group = group;
    return group;
  }
}

/** Everything that is tracked is well. */
function goodReadings({ trackers }: Config): readonly TrackerReading[] {
  const up = (kind: 'script' | 'process' | 'bfd') => (one: { readonly name: string }) =>
    ({ kind, name: one.name, isUp: true }) as const;
  return [
    ...trackers.scripts.map(up('script')),
    ...trackers.processes.map(up('process')),
    ...trackers.bfds.map(up('bfd')),
    ...trackers.files.map(
      ({ name, initial }) => ({ kind: 'file', name, value: initial?.value ?? 0 }) as const,
    ),
  ];
}
