import type { FileModel, InstanceModel, SyncGroupModel } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { listText } from './wording.ts';

const inside = `vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 8
    virtual_ipaddress {
        198.51.100.10/24
    }
}`;
const group = `vrrp_sync_group G_1 {
    group {
        VI_1
        VI_2
    }
}`;

/** keepalived.conf(5): vrrp_sync_group: the members change state together. */
export const syncGroupMismatch = pairRule({
  name: 'pair/sync-group-mismatch',
  level: 'error',
  summary: 'Directors group their instances differently',
  details: `The members of a \`vrrp_sync_group\` change state together, on their own director. Where the other director has
no such group, or one with other members, it takes over some of the addresses without the rest: a router that has its
outside address on one director and its inside address on the other passes nothing on. Write the same groups, with the same
instances, on all directors. Instances count as the same by VRID and addresses too, so that names may differ.`,
  keepalived: 'silent',
  bad: directors({ below: `${inside}\n${group}` }, { below: inside }),
  good: directors({ below: inside }, { below: inside }),
  check: (nodes, report) => {
    const roles = rolesOf(nodes);
    const [first, ...others] = nodes;
    for (const second of others) {
      if (first === undefined) continue;
      for (const theirs of first.syncGroups) compareGroup({ first, second, group: theirs, roles }, report);
      for (const ours of second.syncGroups) {
        if (first.syncGroups.some((theirs) => isCounterpart(theirs, ours, roles))) continue;
        reportMissing({ node: second, other: first, group: ours }, report);
      }
    }
  },
});

/** Which virtual router an instance is of. */
type Roles = ReadonlyMap<InstanceModel, number>;

function rolesOf(nodes: readonly FileModel[]): Roles {
  const roles = new Map<InstanceModel, number>();
  for (const [role, router] of matchInstances(nodes).routers.entries()) {
    for (const { instance } of router) roles.set(instance, role);
  }
  return roles;
}

function isCounterpart(a: SyncGroupModel, b: SyncGroupModel, roles: Roles): boolean {
  if (a.name === b.name) return true;
  const known = new Set(a.members.map((member) => roles.get(member)));
  return b.members.some((member) => known.has(roles.get(member)));
}

interface Comparison {
  readonly first: FileModel;
  readonly second: FileModel;
  readonly group: SyncGroupModel;
  readonly roles: Roles;
}

function compareGroup({ first, second, group: theirs, roles }: Comparison, report: Report): void {
  const ours = second.syncGroups.find((candidate) => isCounterpart(theirs, candidate, roles));
  if (ours === undefined) {
    reportMissing({ node: first, other: second, group: theirs }, report);
    return;
  }
  const missing = notAmong(theirs, ours, roles);
  const extra = notAmong(ours, theirs, roles);
  if (missing.length + extra.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`lacks ${listText(missing)} of ${first.name}`] : []),
    ...(extra.length > 0 ? [`has ${listText(extra)}, which ${first.name} has not`] : []),
  ];
  report({
    at: ours.heading,
    message: `sync group ${ours.name} ${parts.join(', and ')}: at a failover some addresses move without the rest`,
    help: 'write the same members on all directors',
    notes: [{ span: theirs.heading, message: `sync group ${theirs.name}` }],
  });
}

function notAmong(group: SyncGroupModel, other: SyncGroupModel, roles: Roles): readonly string[] {
  const known = new Set(other.members.map((member) => roles.get(member)));
  return group.members.filter((member) => !known.has(roles.get(member))).map(({ name }) => name);
}

interface Missing {
  readonly node: FileModel;
  readonly other: FileModel;
  readonly group: SyncGroupModel;
}

function reportMissing(
  { other, group: { name, heading, members, memberNames } }: Missing,
  report: Report,
): void {
  // With one member it is as if there were none.
  if (members.length < 2) return;
  report({
    at: heading,
    message: `${other.name} has no sync group like ${name}: there ${listText(memberNames.map((member) => member.name))} change state each by itself, and addresses end up on two directors`,
    help: `write the group on ${other.name} too`,
  });
}
