/** Whether everything is as the files want it while nothing is broken. Pure: what is not comes back as sentences. */
import type { Advertisement, NeighbourSeen, RequestSeen, TableService } from '../observation.ts';
import type { ProbedService } from '../topology/topology.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';
import { expectedTable, listedTable, tableDifferences } from './tables.ts';

/** What is known of the lab now. */
export interface SteadyView {
  readonly nowMs: number;
  readonly lastAdvertisements: (vrid: number, family: 4 | 6) => readonly Advertisement[];
  readonly holdersOf: (address: string) => readonly string[];
  readonly tableOf: (node: string) => readonly TableService[];
  /** What clients have for the address now. */
  readonly neighboursFor: (address: string) => readonly NeighbourSeen[];
  /** Of the last seconds. */
  readonly requests: readonly RequestSeen[];
}

export interface SteadyQuestion {
  readonly nodes: readonly NodeConfig[];
  readonly routers: readonly VirtualRouter[];
  readonly services: readonly ProbedService[];
  readonly hasIpvs: boolean;
  /** Who is to be Master; undefined or missing is anybody. */
  readonly wanted: ReadonlyMap<string, string | undefined>;
  /** Nobody asks yet. */
  readonly withoutRequests?: boolean;
}

/** Requests that must have succeeded last, of each service. */
const goodRequests = 3;

export function steadyProblems(question: SteadyQuestion, view: SteadyView): readonly string[] {
  const { nodes, routers, services, hasIpvs, wanted, withoutRequests = false } = question;
  return [
    ...routers.flatMap((router) => routerProblems(router, wanted.get(router.name), view)),
    ...(hasIpvs
      ? nodes.flatMap(({ name, config }) =>
          tableDifferences(name, expectedTable(config), listedTable(view.tableOf(name))),
        )
      : []),
    ...(withoutRequests ? [] : services.flatMap((service) => serviceProblems(service, view))),
  ];
}

/** The nodes that advertise as Master now. */
export function mastersNow(
  router: VirtualRouter,
  view: Pick<SteadyView, 'nowMs' | 'lastAdvertisements'>,
): readonly string[] {
  return router.members
    .filter(({ node, advertisementIntervalMs }) =>
      view
        .lastAdvertisements(router.vrid, router.family)
        .some(
          (seen) =>
            seen.node === node &&
            seen.priority > 0 &&
            view.nowMs - seen.atMs < 1.5 * advertisementIntervalMs + 250,
        ),
    )
    .map(({ node }) => node);
}

function routerProblems(
  router: VirtualRouter,
  wanted: string | undefined,
  view: SteadyView,
): readonly string[] {
  const masters = mastersNow(router, view);
  const subject = `${router.name} (VRID ${router.vrid})`;
  if (masters.length === 0) return [`${subject} has no Master`];
  if (masters.length > 1) return [`${subject} has two Masters, ${masters.join(' and ')}`];
  const [master = ''] = masters;
  if (wanted !== undefined && master !== wanted)
    return [`${subject} has ${master} for its Master, not ${wanted}`];
  return router.addresses.flatMap((address) => {
    const holders = view.holdersOf(address);
    if (holders.length === 1 && holders[0] === master) return neighbourProblems(address, master, view);
    if (holders.length === 0) return [`nobody has ${address}`];
    return [`${address} is on ${holders.join(' and ')}, and ${master} is Master`];
  });
}

/** Two Masters announce, and the one that gives up may have been the last: a client then sends to who has nothing. */
function neighbourProblems(address: string, master: string, view: SteadyView): readonly string[] {
  const wrong = view
    .neighboursFor(address)
    .filter(({ mac, node }) => mac !== undefined && node !== undefined && node !== master);
  return wrong.map(({ client, node }) => `${client} sends to ${node} what is for ${address}`);
}

function serviceProblems({ name }: ProbedService, { requests }: SteadyView): readonly string[] {
  const last = requests
    .filter(({ service }) => service === name)
    .toSorted((a, b) => a.endedAtMs - b.endedAtMs)
    .slice(-goodRequests);
  if (last.length < goodRequests) return [`${name} has not been answered ${goodRequests} times yet`];
  const bad = last.find(({ outcome }) => outcome !== 'ok');
  return bad === undefined ? [] : [`a request for ${name} ended with ${bad.outcome}`];
}
