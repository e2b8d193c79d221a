import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { group, instance, textOf } from './example.ts';

/** keepalived.conf(5): vrrp_sync_group. */
export const missingSyncGroup = fileRule({
  name: 'vrrp/missing-sync-group',
  level: 'warn',
  summary: 'Instances on two interfaces, as of a router, that can part from each other',
  details: `A director that routes or translates (LVS-NAT) needs its inner and its outer address at the same time: clients come
in by one, and answers of the real servers go out by the other. As two instances without a sync group, each holds its own
election; when one link fails, that address moves and the other stays, and half of every connection runs into the director
that has no part in it. Put both into one \`vrrp_sync_group\`. Instances with different priorities, which are meant to be on
different directors, and those that track each other's interface are left alone.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1'), instance('VI_2')),
  good: textOf(...group([])),
  check: (file, report) => {
    const pair = partingPair(file.instances);
    if (pair === undefined || !isRouter(file)) return;
    const [first, second] = pair;
    report({
      at: second.heading,
      message: `${first.name} on ${first.interface} and ${second.name} on ${second.interface} are in no common sync group: when one link fails, one address moves and the other stays, and what is routed between them stops`,
      help: `write "vrrp_sync_group" with both in its "group { }", or let each track the other's interface`,
      notes: [{ span: first.heading, message: `${first.name} is here` }],
    });
  },
});

/** LVS with DR or TUN alone needs no second leg. */
function isRouter({ virtualServers }: FileModel): boolean {
  return (
    virtualServers.length === 0 ||
    virtualServers.some(
      ({ forwarding, realServers }) =>
        forwarding === 'NAT' || realServers.some((server) => server.forwarding === 'NAT'),
    )
  );
}

type Pair = readonly [InstanceModel, InstanceModel];

/** The first instance that one before it, on another interface and with its priority, can part from. */
function partingPair(instances: readonly InstanceModel[]): Pair | undefined {
  const firsts = new Map<string, InstanceModel>();
  for (const instance of instances) {
    const key = `${instance.priority} ${instance.family}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, instance);
    else if (canPart(first, instance)) return [first, instance];
  }
  return undefined;
}

function canPart(first: InstanceModel, second: InstanceModel): boolean {
  if (first.interface === undefined || second.interface === undefined) return false;
  if (linkOf(first.interface) === linkOf(second.interface) || first.state !== second.state) return false;
  if (first.syncGroup !== undefined && first.syncGroup === second.syncGroup) return false;
  return !(tracks(first, second.interface) && tracks(second, first.interface));
}

/** VLANs of one link fail together: `eth0.10` -> `eth0`. */
function linkOf(device: string): string {
  return device.split('.')[0] ?? device;
}

function tracks({ tracked }: InstanceModel, device: string): boolean {
  return tracked.some(({ kind, name }) => kind === 'interface' && name === device);
}
