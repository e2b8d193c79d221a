/** A vrrp_instance as it was given, with keepalived's defaults: what the election and its addresses will be. */
import type { BlockValues, GivenOf, Span, schema } from '../../config-parser/index.ts';
import { type AddressFamily, familyOf, type IpAddress } from '../../net/address.ts';
import type { SyncGroupModel } from './sync-group-model.ts';
import { type Tracked, type Trackers, trackedBy } from './tracked.ts';

export type { Tracked, TrackerKind } from './tracked.ts';

export type GivenInstance = GivenOf<typeof schema.keywords.vrrp_instance>;
export type InstanceValues = GivenInstance['values'];
export type GlobalValues = GivenOf<typeof schema.keywords.global_defs>['values'];
type Addresses = ReturnType<typeof addressesOf>;

/** keepalived.conf(5): priority of the address owner, which no tracker changes. */
export const ownerPriority = 255;
const defaultPriority = 100;
const defaultAdvertIntervalMs = 1000;

export class InstanceModel {
  readonly name: string;
  readonly heading: Span;
  readonly values: InstanceValues;
  /** keepalived.conf(5): interface. Undefined when it is missing or wrong. */
  readonly interface: string | undefined;
  /** keepalived.conf(5): virtual_router_id. Undefined when it is missing or wrong. */
  readonly vrid: number | undefined;
  /** As written; undefined when it is not. */
  readonly state: 'MASTER' | 'BACKUP' | undefined;
  /** What the election starts from: 255 for MASTER without priority, 100 where nothing is said. */
  readonly priority: number;
  readonly addresses: Addresses;
  readonly excludedAddresses: Addresses;
  /** Of the first address, else of the source, else 4. */
  readonly family: AddressFamily;
  readonly version: 2 | 3;
  readonly isStrict: boolean;
  readonly advertIntervalMs: number;
  readonly downTimerAdverts: number;
  /** keepalived.conf(5): unicast_src_ip or mcast_src_ip. */
  readonly source: IpAddress | undefined;
  readonly unicastPeers: ReturnType<typeof peersOf>;
  /** Adverts go to peers and not to the multicast group. */
  readonly isUnicast: boolean;
  /** What its own block tracks; the sync group's trackers are the group's. */
  readonly tracked: readonly Tracked[];
  /** Set once the groups are known. */
  syncGroup: SyncGroupModel | undefined;

  constructor(given: GivenInstance, globals: GlobalValues, trackers: Trackers) {
    const { values } = given;
    this.name = given.value;
    this.heading = given.heading;
    this.values = values;
    this.interface = values.value('interface');
    this.vrid = values.value('virtual_router_id');
    this.state = stateOf(values);
    this.priority = priorityOf(values, this.state);
    this.addresses = addressesOf(values, 'virtual_ipaddress');
    this.excludedAddresses = addressesOf(values, 'virtual_ipaddress_excluded');
    this.source = values.value('unicast_src_ip') ?? values.value('mcast_src_ip');
    this.family = familyOfInstance(this.addresses, this.source);
    this.version = versionOf(values, globals, this.family);
    this.isStrict = values.value('strict_mode') ?? globals.value('vrrp_strict') ?? false;
    this.advertIntervalMs = values.value('advert_int') ?? defaultAdvertIntervalMs;
    this.downTimerAdverts =
      values.value('down_timer_adverts') ?? globals.value('vrrp_down_timer_adverts') ?? 3;
    this.unicastPeers = peersOf(values);
    this.isUnicast = this.unicastPeers.length > 0;
    this.tracked = trackedBy(values, trackers);
    this.syncGroup = undefined;
  }

  get isOwner(): boolean {
    return this.priority === ownerPriority;
  }

  /** The arguments of a keyword, or else the heading of the instance. */
  at(keyword: string): Span {
    return this.values.spanOf(keyword) ?? this.heading;
  }

  /** `2 on eth0, IPv4`: what makes two instances the same virtual router. */
  get routerKey(): string {
    return `${this.vrid} ${this.interface} ${this.family}`;
  }
}

function stateOf(values: InstanceValues): 'MASTER' | 'BACKUP' | undefined {
  const states = values.all('state').map(({ value }) => value);
  // keepalived ignores BACKUP after MASTER.
  return states.includes('MASTER') ? 'MASTER' : states.at(-1);
}

function priorityOf(values: InstanceValues, state: 'MASTER' | 'BACKUP' | undefined): number {
  const given = values.value('priority');
  if (given !== undefined) return given;
  return state === 'MASTER' && !wasGiven(values, 'priority') ? ownerPriority : defaultPriority;
}

/** True also when the value is wrong. */
function wasGiven(values: BlockValues, keyword: string): boolean {
  return values.statements.some((statement) => statement.keyword.value === keyword);
}

function addressesOf(values: InstanceValues, list: 'virtual_ipaddress' | 'virtual_ipaddress_excluded') {
  return values.entries(list);
}

function peersOf(values: InstanceValues) {
  return values.entries('unicast_peer');
}

function familyOfInstance(addresses: Addresses, source: IpAddress | undefined): AddressFamily {
  const [first] = addresses;
  if (first !== undefined) return familyOf(first.value.address);
  return source === undefined ? 4 : familyOf(source);
}

function versionOf(values: InstanceValues, globals: GlobalValues, family: AddressFamily): 2 | 3 {
  if (family === 6) return 3;
  return (values.value('version') ?? globals.value('vrrp_version')) === '3' ? 3 : 2;
}
