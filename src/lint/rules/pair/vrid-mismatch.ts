import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): virtual_router_id: the same on all routers that stand in for each other. */
export const vridMismatch = pairRule({
  name: 'pair/vrid-mismatch',
  level: 'error',
  summary: 'Instances that belong together have different virtual_router_ids',
  details: `The VRID is how routers that stand in for each other find each other. An advertisement with a VRID that an
instance does not have is not for it, and is dropped without a word. Each director then hears nobody, becomes Master and
holds the virtual addresses, both at the same time. Give the instance one \`virtual_router_id\` on all directors, and one
that nobody else uses on that network.`,
  keepalived: 'silent',
  bad: directors({}, { vrid: 8 }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.vrid === undefined || b.vrid === undefined || a.vrid === b.vrid) return;
      report({
        at: b.at('virtual_router_id'),
        message: `${b.name} has virtual_router_id ${b.vrid} here and ${a.vrid} on ${first.node.name}: neither hears the other, and both become Master`,
        help: `write "virtual_router_id ${a.vrid}" on both, or ${b.vrid}`,
        notes: [noteAt(first, second, a.at('virtual_router_id'), `virtual_router_id ${a.vrid}`)],
      });
    });
  },
});
