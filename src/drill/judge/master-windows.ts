/** When not exactly one node was Master: by what nodes advertised, and by who held the address. Pure. */
import type { MasterWindow } from '../report/report.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import { type Claim, claimsOf, holdsOf } from './claims.ts';
import type { JudgeInput } from './judge-input.ts';
import { gaps, type NodeSpan, overlaps, type Span, within } from './spans.ts';

export function masterWindowsOf(input: JudgeInput): readonly MasterWindow[] {
  const { beganAtMs, endedAtMs } = input.run;
  return input.routers
    .flatMap((router) => [
      ...byAdvertisements(input, router),
      ...router.addresses.flatMap((address) => byAddress(input, router, address)),
    ])
    .filter(({ toMs, fromMs }) => toMs > beganAtMs && fromMs < endedAtMs)
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

function byAdvertisements(input: JudgeInput, router: VirtualRouter): readonly MasterWindow[] {
  const { beganAtMs, endedAtMs } = input.run;
  const claims = within(claimsOf(input.observations, router), beganAtMs, endedAtMs);
  const common = { instance: router.name, vrid: router.vrid, evidence: 'advertisements' } as const;
  const double = overlaps(claims).map((one) => ({
    ...common,
    kind: 'double' as const,
    ...one,
    ms: one.toMs - one.fromMs,
  }));
  const none = gaps(mastership(claims, router), beganAtMs, endedAtMs).map((one) => ({
    ...common,
    kind: 'none' as const,
    nodes: [],
    ...one,
    ms: one.toMs - one.fromMs,
  }));
  return [...double, ...none.filter(({ ms }) => ms > shortestMs)];
}

/** Less is how finely claims can be told from each other. */
const shortestMs = 1;

/** A Master is one until its next advertisement is due, unless it said that it is none any more. */
function mastership(claims: readonly Claim[], router: VirtualRouter): readonly NodeSpan[] {
  return claims.map((claim) => {
    const member = router.members.find(({ node }) => node === claim.node);
    const dueMs = claim.isReleased ? 0 : (member?.advertisementIntervalMs ?? 0) * 1.1 + 50;
    return { node: claim.node, fromMs: claim.fromMs, toMs: claim.toMs + dueMs };
  });
}

function byAddress(input: JudgeInput, router: VirtualRouter, address: string): readonly MasterWindow[] {
  const { beganAtMs, endedAtMs } = input.run;
  const spans = within(holdsOf(input.observations, address, endedAtMs), beganAtMs, endedAtMs);
  const toWindow = (
    kind: 'double' | 'none',
    { fromMs, toMs }: Span,
    nodes: readonly string[],
  ): MasterWindow => ({
    kind,
    evidence: 'addresses',
    instance: router.name,
    vrid: router.vrid,
    address,
    nodes,
    fromMs,
    toMs,
    ms: toMs - fromMs,
  });
  return [
    ...overlaps(spans).map((one) => toWindow('double', one, one.nodes)),
    ...gaps(spans, beganAtMs, endedAtMs)
      .map((one) => toWindow('none', one, []))
      .filter(({ ms }) => ms > shortestMs),
  ];
}
