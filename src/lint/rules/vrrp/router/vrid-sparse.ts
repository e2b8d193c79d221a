import { fileRule } from '../../../rule.ts';
import { instanceOf, instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** The number that nearly every example of keepalived.conf has. */
const exampleVrid = 51;

export const vridSparse = fileRule({
  name: 'vrrp/vrid-sparse',
  level: 'info',
  summary: 'virtual_router_id 51 is that of most examples, and likely taken',
  details: `Most examples of keepalived.conf have \`virtual_router_id 51\`, and so have very many clusters in use. Two of them
on one network hear each other's advertisements: by the passwords they drop them and fill the log, and without passwords
one of the two gives its addresses up. There are 255 numbers; choose one for each group and write down where it is used.
Change it on all directors at the same time, since directors with different numbers are all Master. With unicast peers it
does not matter.`,
  keepalived: 'silent',
  bad: instanceOf('VI_1', ['interface eth0', `virtual_router_id ${exampleVrid}`]),
  good: instanceWith(),
  check: ({ instances }, report) => {
    const sparse = instances.filter(({ vrid, isUnicast }) => vrid === exampleVrid && !isUnicast);
    const [first] = sparse;
    if (first === undefined) return;
    report({
      at: first.at('virtual_router_id'),
      message: `virtual_router_id 51 is that of most examples${countOf(sparse)}: another cluster on the network of ${first.interface ?? 'this instance'} that kept it is taken for a director of ${first.name}`,
      help: 'choose another number from 1 to 255, and change it on all directors at the same time',
      notes: furtherPlaces(sparse, (instance) => instance.at('virtual_router_id')),
    });
  },
});
