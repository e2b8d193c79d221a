/** Changes of Master in a run, each with what the files lead one to expect of it. Pure. */
import type { Observation } from '../observation.ts';
import type { TakeoverReport } from '../report/report.ts';
import type { VirtualRouter } from '../virtual-routers.ts';
import { type Claim, claimsOf } from './claims.ts';
import type { JudgeInput } from './judge-input.ts';

/** Ascending, of all virtual routers. */
export function takeoversOf(input: JudgeInput): readonly TakeoverReport[] {
  return input.routers
    .flatMap((router) => takeoversOfRouter(input, router))
    .toSorted((a, b) => a.firstOfNewAtMs - b.firstOfNewAtMs);
}

function takeoversOfRouter(input: JudgeInput, router: VirtualRouter): readonly TakeoverReport[] {
  const { beganAtMs, endedAtMs } = input.run;
  const claims = claimsOf(input.observations, router);
  return claims
    .filter(({ fromMs }) => fromMs >= beganAtMs && fromMs <= endedAtMs)
    .flatMap((claim) => {
      const before = claims.filter((other) => other.node !== claim.node && other.fromMs < claim.fromMs);
      const old = before.toSorted((a, b) => a.toMs - b.toMs).at(-1);
      const own = claims.findLast((other) => other.node === claim.node && other.fromMs < claim.fromMs);
      // A node that fell silent and goes on by itself has taken nothing over.
      if (own !== undefined && (old === undefined || old.toMs < own.toMs)) return [];
      return [describe(input, router, claim, old)];
    });
}

function describe(
  input: JudgeInput,
  router: VirtualRouter,
  claim: Claim,
  old: Claim | undefined,
): TakeoverReport {
  const { injectedAtMs, restoredAtMs } = input.run;
  const isFailback = claim.fromMs >= restoredAtMs;
  const causeAtMs = isFailback ? restoredAtMs : injectedAtMs;
  const lastOfOldAtMs =
    old === undefined ? undefined : lastBefore(input.observations, router, old, claim.fromMs);
  const instance = router.members.find(({ node }) => node === claim.node)?.instance ?? router.name;
  const seenAfter = firstSigns(input.observations, router, claim);
  return {
    instance,
    vrid: router.vrid,
    family: router.family,
    network: claim.network,
    direction: isFailback ? 'failback' : 'failover',
    ...(old === undefined ? {} : { from: old.node }),
    to: claim.node,
    causeAtMs,
    ...(lastOfOldAtMs === undefined ? {} : { lastOfOldAtMs, gapMs: claim.fromMs - lastOfOldAtMs }),
    firstOfNewAtMs: claim.fromMs,
    ...seenAfter,
    takeoverMs: claim.fromMs - causeAtMs,
    ...expectedOf(input, router, claim, old),
  };
}

/** The old Master may speak on: two Masters at once have no gap, and the last word before counts. */
function lastBefore(
  observations: readonly Observation[],
  router: VirtualRouter,
  old: Claim,
  atMs: number,
): number | undefined {
  if (old.toMs < atMs) return old.toMs;
  return observations.findLast(
    (seen) =>
      seen.kind === 'advertisement' &&
      seen.node === old.node &&
      seen.vrid === router.vrid &&
      seen.family === router.family &&
      seen.atMs < atMs,
  )?.atMs;
}

function firstSigns(
  observations: readonly Observation[],
  router: VirtualRouter,
  { node, fromMs }: Claim,
): Pick<TakeoverReport, 'addressAtMs' | 'announcedAtMs' | 'firstServedAtMs'> {
  const isOurs = (address: string): boolean => router.addresses.some((one) => one === address);
  // It adds its addresses right before or after its first advertisement.
  const address = observations.find(
    (seen) =>
      seen.kind === 'holds' &&
      seen.holds &&
      seen.node === node &&
      isOurs(seen.address) &&
      seen.atMs > fromMs - 100,
  );
  const announced = observations.find(
    (seen) =>
      seen.kind === 'announcement' && seen.node === node && isOurs(seen.address) && seen.atMs > fromMs - 100,
  );
  const served = observations.find(
    (seen) =>
      seen.kind === 'request' && seen.outcome === 'ok' && isOurs(hostOf(seen.service)) && seen.atMs > fromMs,
  );
  return {
    ...(address === undefined ? {} : { addressAtMs: address.atMs }),
    ...(announced === undefined ? {} : { announcedAtMs: announced.atMs }),
    ...(served?.kind === 'request' ? { firstServedAtMs: served.endedAtMs } : {}),
  };
}

/** `10.0.0.3:80/tcp`, `[2001:db8::3]:80/tcp`, `10.0.0.3/ping`. */
export function hostOf(service: string): string {
  return /^\[([^\]]+)\]/.exec(service)?.[1] ?? service.replace(/(:\d+)?\/\w+$/, '');
}

/** What the plan says of it; an unplanned takeover by silence is held against Master_Down_Interval too. */
function expectedOf(
  { plan, run }: JudgeInput,
  router: VirtualRouter,
  claim: Claim,
  old: Claim | undefined,
): Pick<TakeoverReport, 'expectedMs' | 'expectedWhy'> {
  if (claim.fromMs >= run.restoredAtMs) return {};
  const expected = plan.expect.routers.find((one) => one.router === router.name)?.whileBroken;
  if (expected?.kind === 'moves' && expected.to === claim.node) {
    if (expected.waitMs === undefined) return {};
    return { expectedMs: expected.waitMs, expectedWhy: expected.why };
  }
  const member = router.members.find(({ node }) => node === claim.node);
  if (member === undefined || old === undefined) return {};
  if (old.isReleased && old.toMs <= claim.fromMs)
    return { expectedMs: member.skewTimeMs, expectedWhy: `Skew_Time of ${claim.node} after priority 0` };
  return { expectedMs: member.masterDownIntervalMs, expectedWhy: `Master_Down_Interval of ${claim.node}` };
}
