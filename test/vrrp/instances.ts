/** What the tests of the core share: the tutorial's VI_1, packets for it, and a state machine that is driven by hand. */
import type { TrackingConfig, VirtualAddress, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address, type IpAddress } from '../../src/net/address.ts';
import {
  type Advertisement,
  advertisementOf,
  type Datagram,
  encodeAdvertisement,
  type FaultReason,
  type InstanceEffect,
  type InstanceEvent,
  type InstanceState,
  initialState,
  reconfigure,
  type StateName,
  type Surroundings,
  step,
} from '../../src/vrrp/index.ts';

export const ourAddress = address('10.0.0.10');
export const lowerAddress = address('10.0.0.9');
export const higherAddress = address('10.0.0.11');
export const group = address('224.0.0.18');

export function virtualAddress(text: string, changes: Partial<VirtualAddress> = {}): VirtualAddress {
  return { address: address(text), prefixLength: 24, interface: 'eth0', scope: 0, ...changes };
}

export const nothingTracked: TrackingConfig = {
  interfaces: [],
  scripts: [],
  files: [],
  processes: [],
  bfds: [],
};

/** VI_1 of the tutorial as lb02 has it, priority 100, with keepalived's defaults. */
export function instanceConfig(changes: Partial<VrrpInstanceConfig> = {}): VrrpInstanceConfig {
  return {
    name: 'VI_1',
    initialState: 'BACKUP',
    interface: 'eth0',
    family: 4,
    version: 2,
    vrid: 51,
    basePriority: 100,
    advertisementIntervalMs: 1000,
    authentication: { type: 'PASS', password: '1111' },
    transport: { kind: 'multicast', group },
    trackSourceAddress: false,
    v3ChecksumAsV2: false,
    oldUnicastChecksum: 'auto',
    useVmacAddr: false,
    virtualAddresses: [virtualAddress('10.0.0.3')],
    excludedAddresses: [],
    virtualRoutes: [],
    virtualRules: [],
    promoteSecondaries: false,
    acceptMode: true,
    isStrict: false,
    preempt: true,
    preemptDelayMs: 0,
    downTimerAdverts: 3,
    gratuitousArp: {
      masterDelayMs: 5000,
      masterRepeat: 5,
      masterRefreshMs: 0,
      masterRefreshRepeat: 1,
      lowerPrioDelayMs: 5000,
      lowerPrioRepeat: 5,
      extraInterfaceMs: 0,
      extraInterfaceAll: false,
    },
    lowerPrioNoAdvert: false,
    higherPrioSendAdvert: false,
    ownerIgnoreAdverts: false,
    skipCheckAdvAddr: false,
    dontTrackPrimary: false,
    tracking: nothingTracked,
    notify: { priorityChanges: false, mail: false },
    ...changes,
  };
}

/** Changes to the packet that the peer sends, and to how it arrives. */
export interface PacketChanges {
  readonly source?: IpAddress;
  readonly advertisement?: Partial<Advertisement>;
  readonly datagram?: Partial<Datagram>;
}

/** A good advertisement for `config`, except for what is changed. */
export function datagram(
  config: VrrpInstanceConfig,
  priority: number,
  changes: PacketChanges = {},
): Datagram {
  const source = changes.source ?? lowerAddress;
  const destination = destinationOf(config);
  const advertisement = { ...advertisementOf(config, priority), ...changes.advertisement };
  const payload = encodeAdvertisement(advertisement, { source, destination });
  return {
    source,
    destination,
    hopLimit: 255,
    claimedPayloadBytes: payload.length,
    payload,
    ...changes.datagram,
  };
}

function destinationOf({ transport }: VrrpInstanceConfig): IpAddress {
  return transport.kind === 'multicast' ? transport.group : ourAddress;
}

/** What lets an instance run, except for the faults named. */
export function surroundings(...faults: readonly FaultReason[]): Surroundings {
  return { faults: faults.map((reason) => ({ reason })), weight: 0, sourceAddress: ourAddress };
}

/** An instance under test: remembers its state and the effects of the last event. */
export class Instance {
  config: VrrpInstanceConfig;
  state: InstanceState;
  effects: readonly InstanceEffect[] = [];

  constructor(changes: Partial<VrrpInstanceConfig> = {}) {
    this.config = instanceConfig(changes);
    this.state = initialState();
  }

  on(event: InstanceEvent, atMs: number): readonly InstanceEffect[] {
    const { next, effects } = step(this.config, this.state, event, atMs);
    this.state = next;
    this.effects = effects;
    return effects;
  }

  hears(priority: number, atMs: number, changes: PacketChanges = {}): readonly InstanceEffect[] {
    return this.on({ kind: 'packet', datagram: datagram(this.config, priority, changes) }, atMs);
  }

  times(atMs: number): readonly InstanceEffect[] {
    return this.on({ kind: 'timeout' }, atMs);
  }

  /** Its surroundings are these now. */
  faces(
    atMs: number,
    changes: Partial<Surroundings> & { readonly reasons?: readonly FaultReason[] },
  ): readonly InstanceEffect[] {
    const { reasons = [], ...others } = changes;
    const now = { ...surroundings(...reasons), ...others };
    return this.on({ kind: 'surroundingsChanged', surroundings: now }, atMs);
  }

  reload(changes: Partial<VrrpInstanceConfig>, atMs: number): readonly InstanceEffect[] {
    const previous = this.config;
    this.config = { ...previous, ...changes };
    const { next, effects } = reconfigure(previous, this.config, this.state, atMs);
    this.state = next;
    this.effects = effects;
    return effects;
  }

  /** The kinds of the last effects, a state change with where it went and a report with what it said. */
  get kinds(): readonly string[] {
    return this.effects.map((effect) => {
      if (effect.kind === 'stateChanged') return `${effect.from} -> ${effect.to}: ${effect.reason}`;
      if (effect.kind === 'sendAdvertisement') return `sendAdvertisement ${effect.priority}`;
      return effect.kind === 'report' ? `report ${effect.report.kind}` : effect.kind;
    });
  }

  /** The state, which must be the one named. */
  in<Name extends StateName>(name: Name): Extract<InstanceState, { name: Name }> {
    if (!isState(this.state, name)) throw new Error(`the instance is ${this.state.name}, not ${name}`);
    return this.state;
  }
}

function isState<Name extends StateName>(
  state: InstanceState,
  name: Name,
): state is Extract<InstanceState, { name: Name }> {
  return state.name === name;
}

/** Backup since `atMs`. */
export function backup(changes: Partial<VrrpInstanceConfig> = {}, atMs = 0): Instance {
  const instance = started(changes, atMs);
  instance.in('Backup');
  return instance;
}

/** Master since `atMs`, by the expiry of its Master_Down_Timer; the owner since 0. */
export function master(changes: Partial<VrrpInstanceConfig> = {}, atMs = 10_000): Instance {
  const instance = started(changes, 0);
  instance.times(atMs);
  instance.in('Master');
  return instance;
}

function started(changes: Partial<VrrpInstanceConfig>, atMs: number): Instance {
  const instance = new Instance(changes);
  instance.on({ kind: 'startup', surroundings: surroundings() }, atMs);
  return instance;
}
