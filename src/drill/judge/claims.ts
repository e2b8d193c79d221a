/**
 * Who said that it is Master, and when: a node's advertisements that follow each other as a Master's do are one claim. And
 * who held an address. Pure: from observations to spans.
 */
import type { Advertisement, Observation } from '../observation.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import type { NodeSpan } from './spans.ts';

export interface Claim extends NodeSpan {
  /** Its last advertisement, priority 0 included. */
  readonly toMs: number;
  readonly network: string;
  /** It ended with priority 0. */
  readonly isReleased: boolean;
}

/** Until so much later than due an advertisement still belongs to the claim before it. */
const patience = 0.6;
const patienceMs = 150;

export function advertisementsOf(
  observations: readonly Observation[],
  router: VirtualRouter,
): readonly Advertisement[] {
  const members = new Set(router.members.map(({ node }) => node));
  return observations.filter(
    (seen): seen is Advertisement =>
      seen.kind === 'advertisement' &&
      seen.vrid === router.vrid &&
      seen.family === router.family &&
      seen.node !== undefined &&
      members.has(seen.node),
  );
}

/** By begin. Observations ascend. */
export function claimsOf(observations: readonly Observation[], router: VirtualRouter): readonly Claim[] {
  const adverts = advertisementsOf(observations, router);
  const claims = router.members.flatMap(({ node, advertisementIntervalMs }) =>
    claimsOfNode(
      node,
      adverts.filter((seen) => seen.node === node),
      advertisementIntervalMs,
    ),
  );
  return claims.toSorted((a, b) => a.fromMs - b.fromMs);
}

function claimsOfNode(node: string, adverts: readonly Advertisement[], intervalMs: number): readonly Claim[] {
  const claims: { fromMs: number; toMs: number; network: string; isReleased: boolean }[] = [];
  const longestMs = intervalMs * (1 + patience) + patienceMs;
  for (const { atMs, priority, network } of adverts) {
    const last = claims.at(-1);
    const continues = last !== undefined && !last.isReleased && atMs - last.toMs <= longestMs;
    if (priority === 0) {
      if (continues) {
        last.toMs = atMs;
        last.isReleased = true;
      }
    } else if (continues) last.toMs = atMs;
    else claims.push({ fromMs: atMs, toMs: atMs, network, isReleased: false });
  }
  return claims.map((claim) => ({ node, ...claim }));
}

/** When each node held the address; what still holds at the end ends there. */
export function holdsOf(
  observations: readonly Observation[],
  address: string,
  endMs: number,
): readonly NodeSpan[] {
  const open = new Map<string, number>();
  const spans: NodeSpan[] = [];
  for (const seen of observations) {
    if (seen.kind !== 'holds' || seen.address !== address) continue;
    // One address may be on two interfaces of a node: on a virtual link and on the one below.
    const key = `${seen.node} ${seen.interface}`;
    const since = open.get(key);
    if (seen.holds && since === undefined) open.set(key, seen.atMs);
    if (seen.holds || since === undefined) continue;
    spans.push({ node: seen.node, fromMs: since, toMs: seen.atMs });
    open.delete(key);
  }
  for (const [key, fromMs] of open) spans.push({ node: key.split(' ')[0] ?? '', fromMs, toMs: endMs });
  return spans.toSorted((a, b) => a.fromMs - b.fromMs);
}
