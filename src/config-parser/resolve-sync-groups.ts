/** keepalived.conf(5): vrrp_sync_group: instances that are Master together or not at all. */
import type { GivenOf } from './block-values.ts';
import type { SyncGroupConfig, VrrpInstanceConfig } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import { type NotifyDefaults, resolveGroupNotify } from './resolve-notify.ts';
import type { ResolvedTrackers } from './resolve-trackers.ts';
import { resolveTracking, type WeightRefusal } from './resolve-tracking.ts';
import type { root } from './schema/index.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

type GivenGroup = GivenOf<typeof root.keywords.vrrp_sync_group>;

/** A group before its members are known: who belongs to it counts for them. */
export interface GivenMembership {
  readonly given: GivenGroup;
  readonly members: readonly string[];
}

/** Who is in which group. Reports members that do not exist and those that are in a group already. */
export function resolveMemberships(
  outer: RootValues,
  instanceNames: ReadonlySet<string>,
  context: ResolveContext,
): readonly GivenMembership[] {
  const groupOf = new Map<string, string>();
  return firstOfEachName(outer.all('vrrp_sync_group'), context).map((given) => {
    const members = given.values.entries('group').flatMap(({ value: names, span, heading }) =>
      names.filter((name) => {
        const place = names.length === 1 ? heading : span;
        const known = groupOf.get(name);
        if (!instanceNames.has(name)) {
          const message = `there is no vrrp_instance ${name}; sync group ${given.value} goes on without it`;
          reportPart({ ...context, given }, 'error', 'sync-group-unknown-member', message, place);
          return false;
        }
        if (known !== undefined) {
          const message = `vrrp_instance ${name} is in sync group ${known} already; it is not in ${given.value}`;
          reportPart({ ...context, given }, 'error', 'sync-group-member-twice', message, place);
          return false;
        }
        groupOf.set(name, given.value);
        return true;
      }),
    );
    return { given, members };
  });
}

/** Of instances whose weights do not count because of their group, the refusal. */
export function weightRefusals(groups: readonly GivenMembership[]): ReadonlyMap<string, WeightRefusal> {
  return new Map(
    groups
      .filter(({ given }) => given.values.value('sync_group_tracking_weight') !== true)
      .flatMap(({ given, members }) => {
        const reason = `the instance is in sync group ${given.value}, which has no sync_group_tracking_weight`;
        const refusal = { code: 'weight-ignored-in-sync-group', reason, outcome: 'left out' } as const;
        return members.map((member) => [member, refusal] as const);
      }),
  );
}

export interface GroupParts {
  readonly instances: readonly VrrpInstanceConfig[];
  readonly trackers: ResolvedTrackers['weights'];
  readonly notify: NotifyDefaults;
}

export function resolveSyncGroups(
  groups: readonly GivenMembership[],
  parts: GroupParts,
  context: ResolveContext,
): readonly SyncGroupConfig[] {
  const instances = new Map(parts.instances.map((instance) => [instance.name, instance]));
  return groups.flatMap(({ given, members: names }) => {
    // In the group's own order; one that could not be resolved has been reported.
    const members = names.flatMap((name) => instances.get(name) ?? []);
    reportSize(given, members, context);
    if (members.length === 0) return [];
    const { value: name, values } = given;
    reportMixedOwners(given, members, context);
    reportTrackedTwice(given, members, context);
    const owner = members.find(({ basePriority }) => basePriority === 255);
    const group: SyncGroupConfig = {
      name,
      members: members.map((member) => member.name),
      tracking: resolveTracking({
        ...context,
        given,
        values,
        trackers: parts.trackers,
        refusal: owner && {
          code: 'group-weight-with-owner',
          reason: `${owner.name} has priority 255`,
          outcome: 'cleared',
        },
      }),
      memberWeights: values.value('sync_group_tracking_weight') ?? false,
      notify: resolveGroupNotify(values, parts.notify, context),
    };
    context.spans.record(group, given);
    return [group];
  });
}

function reportSize(given: GivenGroup, members: readonly unknown[], context: ResolveContext): void {
  if (members.length > 1) return;
  const what = members.length === 0 ? 'has no members; it is left out' : 'has one member only';
  const severity = members.length === 0 ? 'error' : 'warning';
  const message = `sync group ${given.value} ${what}`;
  const place = given.values.last('group')?.heading;
  reportPart({ ...context, given }, severity, 'sync-group-too-small', message, place);
}

function reportMixedOwners(
  given: GivenGroup,
  members: readonly VrrpInstanceConfig[],
  context: ResolveContext,
): void {
  const owners = members.filter(({ basePriority }) => basePriority === 255);
  if (owners.length === 0 || owners.length === members.length) return;
  const message = `sync group ${given.value} has members that own their addresses and others that do not: they cannot become Master together`;
  reportPart({ ...context, given }, 'error', 'sync-group-mixed-owner', message);
}

function reportTrackedTwice(
  given: GivenGroup,
  members: readonly VrrpInstanceConfig[],
  context: ResolveContext,
): void {
  for (const { value, heading } of given.values.entries('track_interface')) {
    const member = members.find(({ tracking }) =>
      tracking.interfaces.some(({ name }) => name === value.name),
    );
    if (member === undefined) continue;
    const message = `interface ${value.name} is tracked by sync group ${given.value} and by its member ${member.name}; its failure counts for both`;
    reportPart({ ...context, given }, 'error', 'track-interface-on-instance-and-group', message, heading);
  }
}
