/** The interfaces that a file names, and what this machine has of them. */
import type { Span } from '../../../config-parser/index.ts';
import { parseAddress } from '../../../net/address.ts';
import type { Host, HostInterface } from '../../host.ts';
import type { FileModel, InstanceModel } from '../../model/index.ts';
import { trackedBy } from '../../model/tracked.ts';
import { type Prefixed, prefixedOf } from '../pair/network.ts';
import { forEachGiven, wordsOf } from './walk.ts';

export interface InterfaceUse {
  readonly name: string;
  /** `interface of VI_1`. */
  readonly what: string;
  readonly span: Span;
}

/** keepalived works in another namespace then, whose interfaces are not those of this machine. */
export function worksElsewhere({ root }: FileModel): boolean {
  return root.has('net_namespace');
}

export function interfaceOf(host: Host, name: string | undefined): HostInterface | undefined {
  return host.interfaces.find((candidate) => candidate.name === name);
}

/** Those of an instance first, because without them it does not start. */
export function interfaceUses(file: FileModel): readonly InterfaceUse[] {
  const { root, trackers, syncGroups } = file;
  const ofInstances = file.instances.flatMap(usesOfInstance);
  const ofGroups = syncGroups.flatMap(({ name, values }) =>
    trackedBy(values, trackers).flatMap((tracked) =>
      tracked.kind === 'interface'
        ? [{ name: tracked.name, what: `track_interface of ${name}`, span: tracked.span }]
        : [],
    ),
  );
  const others: InterfaceUse[] = [];
  forEachGiven(root, (given) => {
    if (given.keyword !== 'bind_if' && given.keyword !== 'lvs_sync_daemon') return;
    const [name] = wordsOf(given);
    if (name !== undefined) others.push({ name, what: given.keyword, span: given.span });
  });
  return [...ofInstances, ...ofGroups, ...others];
}

function usesOfInstance(instance: InstanceModel): readonly InterfaceUse[] {
  const { name, tracked, addresses, excludedAddresses } = instance;
  const own =
    instance.interface === undefined
      ? []
      : [{ name: instance.interface, what: `interface of ${name}`, span: instance.at('interface') }];
  const watched = tracked.flatMap((entry) =>
    entry.kind === 'interface'
      ? [{ name: entry.name, what: `track_interface of ${name}`, span: entry.span }]
      : [],
  );
  const devices = [...addresses, ...excludedAddresses].flatMap(({ value, span }) =>
    value.device === undefined
      ? []
      : [{ name: value.device, what: `dev of ${value.address} in ${name}`, span }],
  );
  return [...own, ...watched, ...devices];
}

/** keepalived makes these itself: macvlan and ipvlan interfaces, by default `vrrp.7`. */
export function madeInterfaces({ instances, globals }: FileModel): (name: string) => boolean {
  const names = new Set<string>();
  const prefixes = [String(globals.value('vmac_prefix') ?? 'vrrp'), globals.value('vmac_addr_prefix')];
  for (const { values } of instances) {
    for (const given of [...values.all('use_vmac'), ...values.all('use_ipvlan')]) {
      for (const word of wordsOf(given)) if (word !== 'name') names.add(word);
    }
  }
  const made = prefixes.flatMap((prefix) => (prefix === undefined ? [] : [`${prefix}.`, `${prefix}6.`]));
  return (name) => names.has(name) || made.some((prefix) => name.startsWith(prefix));
}

/** Of all interfaces, and the virtual ones, which it has while it is Master. */
export function addressesHere(file: FileModel, { interfaces }: Host): ReadonlySet<string> {
  const own = interfaces.flatMap((found) => ownAddresses(file, found).map(({ address }) => address));
  return new Set([...own, ...virtualAddresses(file)]);
}

/** What the machine has there by itself: without the virtual addresses, which it holds while it is Master. */
export function ownAddresses(file: FileModel, { addresses }: HostInterface): readonly Prefixed[] {
  const virtual = virtualAddresses(file);
  return addresses.flatMap((text) => {
    const [literal = '', length] = text.split('/');
    const address = parseAddress(literal.replace(/%.*$/, ''));
    if (address === undefined || virtual.has(address)) return [];
    return [prefixedOf({ address, ...(length !== undefined && { prefixLength: Number(length) }) })];
  });
}

export function virtualAddresses({ instances }: FileModel): ReadonlySet<string> {
  return new Set(
    instances.flatMap(({ addresses, excludedAddresses }) =>
      [...addresses, ...excludedAddresses].map(({ value }) => value.address),
    ),
  );
}
