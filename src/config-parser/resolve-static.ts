/** keepalived.conf(5): static_ipaddress, static_routes, static_rules, and the track_group that instances depend on. */
import type { Given } from './block-values.ts';
import type { StaticConfig, StaticItem } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import { virtualAddress } from './resolve-virtual-address.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

export const noStaticItems: StaticConfig = { addresses: [], routes: [], rules: [] };

/** @param defaultInterface keepalived.conf(5): default_interface, for addresses without `dev`. */
export function resolveStatic(
  outer: RootValues,
  instanceNames: ReadonlySet<string>,
  defaultInterface: string,
  context: ResolveContext,
): StaticConfig {
  const groups = resolveTrackGroups(outer, instanceNames, context);
  const item = <Entry extends object>(entry: Entry, given: TrackedGiven): StaticItem<Entry> => {
    const resolved = { entry, trackedBy: trackedBy(given, groups, context) };
    context.spans.record(resolved, given);
    return resolved;
  };
  return {
    addresses: outer
      .entries('static_ipaddress')
      .map((given) => item(virtualAddress(given.value, given.value.device ?? defaultInterface), given)),
    routes: outer.entries('static_routes').map((given) => item(given.value, given)),
    rules: outer.entries('static_rules').map((given) => item(given.value, given)),
  };
}

type TrackedGiven = Given<{ readonly trackGroup?: string }>;

function trackedBy(
  given: TrackedGiven,
  groups: ReadonlyMap<string, readonly string[]>,
  context: ResolveContext,
): readonly string[] {
  const { trackGroup } = given.value;
  if (trackGroup === undefined) return [];
  const members = groups.get(trackGroup);
  if (members !== undefined) return members;
  const message = `there is no track_group ${trackGroup}; nothing happens to an instance when this is gone`;
  reportPart({ ...context, given }, 'error', 'unknown-track-group', message);
  return [];
}

/** Members by name of the group. */
function resolveTrackGroups(
  outer: RootValues,
  instanceNames: ReadonlySet<string>,
  context: ResolveContext,
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const given of firstOfEachName(outer.all('track_group'), context)) {
    const names = given.values.entries('group').flatMap(({ value }) => value);
    const members = [...new Set(names)].filter((name) => instanceNames.has(name));
    for (const { value, heading } of given.values.entries('group')) {
      const unknown = value.find((name) => !instanceNames.has(name));
      if (unknown === undefined) continue;
      const message = `there is no vrrp_instance ${unknown}; track_group ${given.value} goes on without it`;
      reportPart({ ...context, given }, 'error', 'track-group-members', message, heading);
    }
    groups.set(given.value, members);
    if (names.length === 0) {
      const message = `track_group ${given.value} has no members; it is left out`;
      reportPart({ ...context, given }, 'error', 'track-group-members', message);
    }
  }
  return groups;
}
