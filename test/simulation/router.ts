/** A router as the simulation has it: its instances and sync groups, its links, and what it tracks. Plain data; nothing moves here. */
import type { TrackingConfig, VirtualAddress, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { IpAddress } from '../../src/net/address.ts';
import {
  AdvertisementWriter,
  type InstanceState,
  initialState,
  type Surroundings,
  type TrackerReading,
} from '../../src/vrrp/index.ts';

export class Instance {
  readonly router: Router;
  readonly sourceAddress: IpAddress;
  /** The routers that share the VRID, in one family, elect one Master. */
  readonly domain: string;
  config: VrrpInstanceConfig;
  state: InstanceState = initialState();
  group: Group | undefined;
  writer = new AdvertisementWriter();
  /** What it has on its interface, as the kernel has it: it survives a crash. */
  readonly held = new Map<string, VirtualAddress>();
  /** What it would face without its sync group, and what it was told last. */
  own: Surroundings = { faults: [], weight: 0 };
  faced: Surroundings | undefined;
  /** It was stopped and has let go. */
  isEnded = false;
  /** The deadline that the shell's timer is armed for. */
  armedForMs: number | undefined;

  constructor(router: Router, sourceAddress: IpAddress, config: VrrpInstanceConfig) {
    this.router = router;
    this.sourceAddress = sourceAddress;
    this.config = config;
    this.domain = `${config.vrid} IPv${config.family}`;
  }

  get name(): string {
    return `${this.router.name}.${this.config.name}`;
  }

  get isLinkUp(): boolean {
    return !this.router.linksDown.has(this.config.interface ?? '');
  }
}

/** keepalived.conf(5): vrrp_sync_group. */
export interface Group {
  readonly name: string;
  readonly members: readonly Instance[];
  readonly tracking: TrackingConfig;
  readonly memberWeights: boolean;
}

/** What waits for a process that does not run. */
export interface Waiting {
  readonly receivedAtMs: number;
  readonly take: (receivedAtMs: number) => void;
}

export class Router {
  readonly name: string;
  readonly instances: Instance[] = [];
  groups: readonly Group[] = [];
  isRunning = false;
  /** It has been told to stop and hands over. */
  isStopping = false;
  isPaused = false;
  /** How often it was started; a sequence number may start anew with it. */
  starts = 0;
  readonly linksDown = new Set<string>();
  readonly readings = new Map<string, TrackerReading>();
  /** As the kernel's socket buffer keeps it, in the order of arrival. */
  readonly waiting: Waiting[] = [];

  constructor(name: string) {
    this.name = name;
  }
}
