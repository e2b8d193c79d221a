/**
 * Which instances of two or more directors are the same virtual router. keepalived goes by what is on the wire: VRID,
 * family and network. What is to be found here are the mistakes in just that, so that names and addresses count too.
 */

import { familyOf } from '../../../net/address.ts';
import type { FileModel, InstanceModel } from '../../model/index.ts';
import { areNeighbours, isLinkLocal, type Prefixed, placesOf, prefixText } from './network.ts';

export interface Member {
  readonly node: FileModel;
  readonly instance: InstanceModel;
  /** In words, for whom it was matched with the first member: `both have virtual_router_id 51 on eth0`. */
  readonly because: string;
}

/** One virtual router: at most one instance of each node, in the order of the nodes. */
export type VirtualRouter = readonly Member[];

export interface Matching {
  /** Also those of which only one node knows. */
  readonly routers: readonly VirtualRouter[];
  /** Two instances with one VRID on interfaces of one name that have nothing else in common. */
  readonly strangers: readonly (readonly [Member, Member])[];
}

const matchings = new WeakMap<readonly FileModel[], Matching>();

/** Every rule asks for the same nodes: they are matched once. */
export function matchInstances(nodes: readonly FileModel[]): Matching {
  const known = matchings.get(nodes);
  if (known !== undefined) return known;
  const matching = match(nodes);
  matchings.set(nodes, matching);
  return matching;
}

/** Calls back with each later member of a virtual router and the first one. */
export function forEachCounterpart(
  nodes: readonly FileModel[],
  look: (first: Member, second: Member) => void,
): void {
  for (const [first, ...others] of matchInstances(nodes).routers) {
    if (first !== undefined) for (const second of others) look(first, second);
  }
}

interface Candidate {
  readonly router: Member[];
  readonly member: Member;
  readonly score: number;
}

function match(nodes: readonly FileModel[]): Matching {
  const routers: Member[][] = [];
  const strangers: (readonly [Member, Member])[] = [];
  for (const node of nodes) {
    const index = indexRouters(routers);
    const taken = new Set<Member[]>();
    const unmatched = new Set(node.instances);
    const candidates = node.instances.flatMap((instance) =>
      [...lookUp(index, instance)].flatMap((router) => candidateOf(router, node, instance)),
    );
    for (const { router, member, score } of candidates.toSorted((a, b) => b.score - a.score)) {
      if (taken.has(router) || !unmatched.has(member.instance)) continue;
      const [first] = router;
      if (score > 0) {
        taken.add(router);
        unmatched.delete(member.instance);
        router.push(member);
      } else if (first !== undefined) strangers.push([first, member]);
    }
    for (const instance of unmatched) routers.push([{ node, instance, because: '' }]);
  }
  return { routers, strangers };
}

type Index = ReadonlyMap<string, readonly Member[][]>;

function indexRouters(routers: readonly Member[][]): Index {
  const index = new Map<string, Member[][]>();
  for (const router of routers) {
    for (const key of new Set(router.flatMap(({ instance }) => keysOf(instance)))) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [router]);
      else known.push(router);
    }
  }
  return index;
}

/** More routers than this have nothing in common but a mistake, such as one VRID for all: comparing all pairs takes long. */
const mostAlike = 32;

function lookUp(index: Index, instance: InstanceModel): ReadonlySet<Member[]> {
  return new Set(keysOf(instance).flatMap((key) => (index.get(key) ?? []).slice(0, mostAlike)));
}

/** What two instances must have at least one of in common to be compared at all: VRIDs alone are the same everywhere. */
function keysOf(instance: InstanceModel): readonly string[] {
  const { name, vrid, family, addresses } = instance;
  const router = `${vrid} ${family}`;
  const places = placesOf(instance).slice(0, manyPlaces).flatMap(surroundingsOf);
  return [
    `name ${name}`,
    ...(vrid === undefined ? [] : [instance.interface, ...places].map((place) => `${router} ${place}`)),
    ...addresses.flatMap(({ value: { address } }) => (isLinkLocal(address) ? [] : [`address ${address}`])),
  ];
}

/** Its network, and what is usually one, for whom it is written with another length. */
function surroundingsOf({ address, length }: Prefixed): readonly string[] {
  const usual = familyOf(address) === 4 ? 24 : 64;
  return [...new Set([Math.min(length, usual), usual])].map((bits) => prefixText(address, bits));
}

function candidateOf(router: Member[], node: FileModel, instance: InstanceModel): Candidate[] {
  const [first] = router;
  if (first === undefined) return [];
  const evidence = evidenceOf(first.instance, instance);
  if (evidence === undefined) return [];
  return [{ router, member: { node, instance, because: evidence.because }, score: evidence.score }];
}

interface Evidence {
  /** 0: the same on the wire, and strangers by everything else. */
  readonly score: number;
  readonly because: string;
}

function evidenceOf(a: InstanceModel, b: InstanceModel): Evidence | undefined {
  const others = new Set(b.addresses.map(({ value }) => value.address));
  const shared = a.addresses.find(({ value }) => others.has(value.address) && !isLinkLocal(value.address));
  const hasOneName = a.name === b.name;
  const isOneNetwork = haveOneNetwork(a, b);
  const hasOneVrid = a.vrid !== undefined && a.vrid === b.vrid && a.family === b.family;
  const isOneInterface = a.interface !== undefined && a.interface === b.interface;
  const isOneOnTheWire = hasOneVrid && (isOneInterface || isOneNetwork);
  const reasons = [
    ...(isOneOnTheWire ? [`both have virtual_router_id ${a.vrid}${placeOf(a, b)}`] : []),
    ...(shared === undefined ? [] : [`both hold ${shared.value.address}`]),
    ...(hasOneName ? [`both are called ${a.name}`] : []),
  ];
  const [because] = reasons;
  if (because === undefined) return undefined;
  // What says where they are and is another place for each makes strangers of them.
  const isKnown =
    hasOneName || shared !== undefined || isOneNetwork || namesAsPeer(a, b) || namesAsPeer(b, a);
  if (!isKnown && placesOf(a).length > 0 && placesOf(b).length > 0) return { score: 0, because };
  const score = (isOneOnTheWire ? 4 : 0) + (shared === undefined ? 0 : 3) + (hasOneName ? 2 : 0);
  return { score, because };
}

function placeOf(a: InstanceModel, b: InstanceModel): string {
  return a.interface === b.interface && a.interface !== undefined ? ` on ${a.interface}` : ' in one network';
}

/** So many say where an instance is; some have thousands. */
const manyPlaces = 16;

function haveOneNetwork(a: InstanceModel, b: InstanceModel): boolean {
  const others = placesOf(b).slice(0, manyPlaces);
  return placesOf(a)
    .slice(0, manyPlaces)
    .some((place) => others.some((other) => areNeighbours(place, other)));
}

function namesAsPeer(a: InstanceModel, b: InstanceModel): boolean {
  return b.source !== undefined && a.unicastPeers.some(({ value }) => value.address === b.source);
}
