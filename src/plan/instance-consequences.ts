/** What a changed instance means for who is Master, as far as this router can know. */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';

/** Of an instance that runs. */
export interface InstanceFacts {
  readonly isMaster: boolean;
  /** What tracking adds to the priority of the configuration now. */
  readonly trackingWeight: number;
  /** Routers of the same VRID that were heard, with the priority that they said. */
  readonly peers: readonly { readonly address: string; readonly priority: number }[];
}

type Instance = VrrpInstanceConfig;

export function instanceConsequences(
  before: Instance | undefined,
  after: Instance | undefined,
  facts: InstanceFacts | undefined,
): readonly string[] {
  if (after === undefined) {
    return facts?.isMaster === true ? ['it is Master: its addresses are handed over before it goes'] : [];
  }
  if (before === undefined)
    return ['it starts as Backup, and takes over only when it hears no better Master'];
  return [...identityConsequences(before, after), ...priorityConsequences(before, after, facts)];
}

/** Both routers must agree on these, so that a change on one is a split until it is made on the other. */
function identityConsequences(before: Instance, after: Instance): readonly string[] {
  const lines: string[] = [];
  if (before.vrid !== after.vrid)
    lines.push('another VRID is another virtual router: the peer must change too');
  if (before.version !== after.version) lines.push('the peer must speak the same version of VRRP');
  if (before.advertisementIntervalMs !== after.advertisementIntervalMs && after.version === 2) {
    lines.push(
      'in version 2 a peer with another advert_int drops our advertisements: change both within its Master_Down_Interval',
    );
  }
  if (JSON.stringify(before.authentication) !== JSON.stringify(after.authentication)) {
    lines.push('a peer with another authentication drops our advertisements, and becomes Master as well');
  }
  return lines;
}

function priorityConsequences(
  before: Instance,
  after: Instance,
  facts: InstanceFacts | undefined,
): readonly string[] {
  if (facts === undefined || before.basePriority === after.basePriority) return [];
  const effective = clamp(after.basePriority + facts.trackingWeight);
  const better = facts.peers.filter(({ priority }) => priority > effective);
  const worse = facts.peers.filter(({ priority }) => priority < effective && priority > 0);
  if (facts.isMaster && better.length > 0) {
    const names = better.map(({ address, priority }) => `${address} (${priority})`).join(', ');
    return [`it is Master, and ${names} will have the higher priority: it takes over if it preempts`];
  }
  if (!facts.isMaster && after.preempt && better.length === 0 && worse.length > 0) {
    return [`it is Backup, and will have the highest priority that was heard (${effective}): it takes over`];
  }
  return [];
}

/** RFC 5798 section 5.2.4: 255 is the owner's, which tracking does not change. */
function clamp(priority: number): number {
  return Math.min(254, Math.max(1, priority));
}
