import type { FileModel, InstanceModel } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { type Director, directors } from './example.ts';
import { type Member, matchInstances } from './match-instances.ts';

const two = (priority: number): Director => ({
  below: `vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 8
    priority ${priority}
    virtual_ipaddress {
        198.51.100.10/24
    }
}`,
});

const grouped = (priority: number): Director => ({
  below: `${two(priority).below}
vrrp_sync_group G_1 {
    group {
        VI_1
        VI_2
    }
}`,
});

/** keepalived.conf(5): vrrp_sync_group: all members win, or none. */
export const priorityInversionAcrossGroups = pairRule({
  name: 'pair/priority-inversion-across-groups',
  level: 'warn',
  summary: 'Members of a sync group prefer different directors',
  details: `A sync group becomes Master only when every member could, and goes back to Backup as soon as one is beaten.
Where one member has its higher priority on lb01 and another on lb02, each director is beaten in one of them: neither may
ever become Master of the whole group, or they take turns. To share the load between two directors use two instances that
are not in one group. Keep the order of priorities the same for all members of a group.`,
  keepalived: 'silent',
  bad: directors(grouped(100), grouped(150)),
  good: directors(two(100), two(150)),
  check: (nodes, report) => {
    const [first, ...others] = nodes;
    if (first === undefined) return;
    const counterparts = counterpartsOf(nodes);
    for (const { members } of first.syncGroups) {
      for (const second of others) compareMembers(members, { second, counterparts }, report);
    }
  },
});

type Counterparts = ReadonlyMap<InstanceModel, readonly Member[]>;

function counterpartsOf(nodes: readonly FileModel[]): Counterparts {
  const counterparts = new Map<InstanceModel, readonly Member[]>();
  for (const [first, ...others] of matchInstances(nodes).routers) {
    if (first !== undefined) counterparts.set(first.instance, others);
  }
  return counterparts;
}

interface Looked {
  readonly second: FileModel;
  readonly counterparts: Counterparts;
}

function compareMembers(
  members: readonly InstanceModel[],
  { second, counterparts }: Looked,
  report: Report,
): void {
  let sample: { readonly a: InstanceModel; readonly b: InstanceModel } | undefined;
  for (const a of members) {
    const b = counterparts.get(a)?.find(({ node }) => node === second)?.instance;
    if (b === undefined || a.priority === b.priority) continue;
    sample ??= { a, b };
    if (a.priority > b.priority === sample.a.priority > sample.b.priority) continue;
    report({
      at: b.at('priority'),
      message: `${b.name} has ${b.priority} here against ${a.priority}, and ${sample.b.name} of the same sync group ${sample.b.priority} against ${sample.a.priority}: each director is beaten in one of them, so that neither stays Master of the group`,
      help: 'give one director the higher priority in all members of the group',
      notes: [
        { span: sample.b.at('priority'), message: `${sample.b.name} is the other way round` },
        { span: a.at('priority'), message: `the other director: priority ${a.priority}` },
      ],
    });
  }
}
