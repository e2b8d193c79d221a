import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** RFC 5798 section 5.2.4: priority 255 is that of the router that owns the addresses, of which there is one. */
export const both255 = pairRule({
  name: 'pair/both-255',
  level: 'error',
  summary: 'More than one director owns the addresses of a virtual router',
  details: `Priority 255 says that the addresses are this router's own: it becomes Master at once, and no tracker changes
that. Two owners both start as Master and both hold the addresses, until keepalived notices and lowers one of them. A
\`state MASTER\` without a \`priority\` means 255 too. Give the director that is to be Master 150 and the other 100; 255
is for a router whose interface really has the address.`,
  keepalived: 'logs',
  bad: directors({ priority: 255 }, { priority: 255 }),
  good: directors({ priority: 150 }, { priority: 100 }),
  check: (nodes, report) => {
    for (const router of matchInstances(nodes).routers) {
      const [first, ...others] = router.filter(({ instance }) => instance.isOwner);
      if (first === undefined) continue;
      for (const second of others) {
        const { instance } = second;
        report({
          at: instance.at('priority'),
          message: `${instance.name} has priority 255 here and on ${first.node.name}: both own its addresses, and both become Master`,
          help: 'write a priority from 1 to 254, lower on the director that stands by',
          notes: [noteAt(first, second, first.instance.at('priority'), reasonOf(first.instance))],
        });
      }
    }
  },
});

function reasonOf({ values }: { readonly values: { has(keyword: 'priority'): boolean } }): string {
  return values.has('priority') ? 'priority 255' : 'state MASTER without a priority means 255';
}
