import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { listText } from './wording.ts';

const second = directors({}, { addresses: ['198.51.100.10/24'] });

/** RFC 5798 section 5.2.3: a VRID is a virtual router of one network. */
export const vridCollisionOtherCluster = pairRule({
  name: 'pair/vrid-collision-other-cluster',
  level: 'error',
  summary: 'Two unrelated virtual routers have one VRID on interfaces of one name',
  details: `A VRID stands for one virtual router of one network. Two instances with the same VRID, whose names, addresses,
networks and peers have nothing in common, take each other's advertisements for those of a counterpart: one of them stays
Backup, and its addresses are on no director. This compares the files given, and takes interfaces of one name for one
network. Whether another cluster on the network uses the VRID no file can say; before choosing one, listen for a while with
\`tcpdump -n ip proto 112\`.`,
  keepalived: 'silent',
  bad: {
    'lb01.conf': second['lb01.conf'] ?? '',
    'lb02.conf': (second['lb02.conf'] ?? '').replace('VI_1', 'VI_2'),
  },
  good: directors({}, {}),
  check: (nodes, report) => {
    for (const [first, other] of matchInstances(nodes).strangers) {
      const [a, b] = [first.instance, other.instance];
      const addresses = listText(b.addresses.map(({ value }) => value.address));
      report({
        at: b.at('virtual_router_id'),
        message: `${b.name} and ${a.name} of ${first.node.name} have nothing in common but virtual_router_id ${b.vrid} on ${b.interface}: on one network only one of them becomes Master, and ${addresses} may be on nobody`,
        help: `write a virtual_router_id that nobody else uses on that network, or if the two belong together the same name and addresses`,
        notes: [
          {
            span: a.at('virtual_router_id'),
            message: `virtual_router_id ${a.vrid} in ${a.name}`,
          },
        ],
      });
    }
  },
});
