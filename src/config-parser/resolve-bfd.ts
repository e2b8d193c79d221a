/** keepalived.conf(5): bfd_instance. RFC 5880, RFC 5881. */
import { familyOf, type IpAddress } from '../net/address.ts';
import type { GivenOf } from './block-values.ts';
import type { BfdInstanceConfig } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { root, Weight } from './schema/index.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

type GivenBfd = GivenOf<typeof root.keywords.bfd_instance>;

export interface ResolvedBfds {
  readonly config: readonly BfdInstanceConfig[];
  /** Of those that VRRP may track. */
  readonly weights: ReadonlyMap<string, Weight>;
}

export function resolveBfds(outer: RootValues, context: ResolveContext): ResolvedBfds {
  const given = firstOfEachName(outer.all('bfd_instance'), context);
  const config: BfdInstanceConfig[] = [];
  const weights = new Map<string, Weight>();
  for (const one of given) {
    const bfd = resolveBfd(one, context);
    if (bfd === undefined) continue;
    config.push(bfd);
    if (bfd.mayVrrpTrack) weights.set(bfd.name, one.values.value('weight') ?? { weight: 0, reverse: false });
  }
  return { config, weights };
}

/** What keepalived has where nothing is said: the hop limit of IPv6 is not the 255 of RFC 5881 section 5. */
const usual = { minMs: 10, idleTxMs: 1000, multiplier: 5, hopLimit: { 4: 255, 6: 64 } } as const;

function resolveBfd(given: GivenBfd, context: ResolveContext): BfdInstanceConfig | undefined {
  const { value: name, values } = given;
  const neighborAddress = values.value('neighbor_ip');
  if (neighborAddress === undefined) {
    reportNoNeighbor(given, context);
    return undefined;
  }
  const sourceAddress = resolveSource(given, neighborAddress, context);
  const isForVrrp = values.value('vrrp') ?? false;
  const isForCheckers = values.value('checker') ?? false;
  const bfd: BfdInstanceConfig = {
    name,
    neighborAddress,
    ...(sourceAddress !== undefined && { sourceAddress }),
    minRxMs: values.value('min_rx') ?? usual.minMs,
    minTxMs: values.value('min_tx') ?? usual.minMs,
    idleTxMs: values.value('idle_tx') ?? usual.idleTxMs,
    multiplier: values.value('multiplier') ?? usual.multiplier,
    isPassive: values.value('passive') ?? false,
    hopLimit: values.value('ttl') ?? usual.hopLimit[familyOf(neighborAddress)],
    maxHops: values.value('max_hops') ?? 0,
    isMultihop: values.value('multihop') ?? false,
    mayVrrpTrack: isForVrrp || !isForCheckers,
    mayCheckerUse: isForCheckers || !isForVrrp,
  };
  context.spans.record(bfd, given);
  return bfd;
}

function resolveSource(given: GivenBfd, neighbor: IpAddress, context: ResolveContext): IpAddress | undefined {
  const source = given.values.last('source_ip');
  if (source === undefined || familyOf(source.value) === familyOf(neighbor)) return source?.value;
  const message = `source_ip must be an IPv${familyOf(neighbor)} address like neighbor_ip, found "${source.value}"; the line is ignored`;
  reportPart({ ...context, given }, 'error', 'invalid-value', message, source.span);
  return undefined;
}

function reportNoNeighbor(given: GivenBfd, context: ResolveContext): void {
  const wasGiven = given.values.statements.some(({ keyword }) => /^neighbou?r_ip$/.test(keyword.value));
  if (wasGiven) return;
  const message = `bfd_instance ${given.value} has no "neighbor_ip"; it is left out, and nothing can track it`;
  reportPart({ ...context, given }, 'error', 'tracker-incomplete', message);
}
