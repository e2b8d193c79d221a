import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceOf } from './example.ts';
import { furtherPlaces } from './further-places.ts';

const addresses6 = 'fe80::10/64\n    2001:db8::10/64';
const lines = (vrid: number) => ['interface eth0', `virtual_router_id ${vrid}`];

/** RFC 5798 section 5.2.3: IPv4 and IPv6 are two virtual routers, also with one VRID. */
export const duplicateVridOtherFamily = fileRule({
  name: 'vrrp/duplicate-vrid-other-family',
  level: 'info',
  summary: 'One virtual_router_id for IPv4 and for IPv6 on the same interface',
  details: `The families are told apart by the packets, so that one VRID may stand for an IPv4 and an IPv6 virtual router at
the same time; many do it on purpose. They are still two routers: each elects its Master by itself, and logs and packet
dumps that show the number do not say which is meant. Give them different numbers, or names that show the family, and a
\`vrrp_sync_group\` if they must move together.`,
  keepalived: 'silent',
  bad: `${instanceOf('VI_1', lines(7))}\n${instanceOf('VI_2', lines(7), addresses6)}`,
  good: `${instanceOf('VI_1', lines(7))}\n${instanceOf('VI_2', lines(8), addresses6)}`,
  check: ({ instances }, report) => {
    const pairs = pairsOf(instances);
    const [pair] = pairs;
    if (pair === undefined) return;
    const [first, second] = pair;
    const more = pairs.slice(1).map(([, later]) => later);
    report({
      at: second.at('virtual_router_id'),
      message: `${first.name} and ${second.name} have virtual_router_id ${first.vrid} for IPv${first.family} and for IPv${second.family} on ${first.interface}${more.length === 0 ? '' : ` (and so have ${more.length} more)`}: they are two routers, and nothing makes them move together`,
      help: 'give them different numbers, on all directors, if that is easier to tell apart',
      notes: [
        { span: first.at('virtual_router_id'), message: `${first.name} has it here` },
        ...furtherPlaces([second, ...more], (instance) => instance.at('virtual_router_id')),
      ],
    });
  },
});

type Pair = readonly [InstanceModel, InstanceModel];

/** In the order of the file. */
function pairsOf(instances: readonly InstanceModel[]): readonly Pair[] {
  const seen = new Map<string, InstanceModel>();
  const pairs: Pair[] = [];
  for (const instance of instances) {
    if (instance.vrid === undefined || instance.interface === undefined) continue;
    const key = `${instance.vrid} ${instance.interface}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, instance);
    // Those of a sync group do move together.
    else if (first.family !== instance.family && !areTogether(first, instance)) pairs.push([first, instance]);
  }
  return pairs;
}

function areTogether(first: InstanceModel, second: InstanceModel): boolean {
  return first.syncGroup !== undefined && first.syncGroup === second.syncGroup;
}
