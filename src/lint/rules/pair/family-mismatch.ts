import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): the first address of virtual_ipaddress says which family an instance is of. */
export const familyMismatch = pairRule({
  name: 'pair/family-mismatch',
  level: 'error',
  summary: 'An instance is for IPv4 on one director and for IPv6 on the other',
  details: `The first address of \`virtual_ipaddress\` says whether an instance speaks VRRP over IPv4 or over IPv6; one VRID
is two virtual routers in the two families. Instances of one name but of two families never hear each other, so that each
is Master of its own addresses and nobody stands in for it. Give each family an instance of its own, under the same name on
all directors; addresses of the other family that must move along belong into \`virtual_ipaddress_excluded\`.`,
  keepalived: 'silent',
  bad: directors({}, { addresses: ['fe80::10/64', '2001:db8::10/64'] }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.family === b.family) return;
      report({
        at: placeOf(second),
        message: `${b.name} is for IPv${b.family} here and for IPv${a.family} on ${first.node.name}: neither hears the other, and each is Master of its own addresses`,
        help: 'write the addresses of one family first on all directors',
        notes: [noteAt(first, second, placeOf(first), `IPv${a.family}`)],
      });
    });
  },
});

function placeOf({ instance }: Member) {
  return instance.addresses[0]?.span ?? instance.heading;
}
