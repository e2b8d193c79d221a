import { compareAddresses } from '../../../net/address.ts';
import type { InstanceModel } from '../../model/index.ts';
import { ownerPriority } from '../../model/instance-model.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { type Member, matchInstances } from './match-instances.ts';
import { healthyPriority, influencesOn } from './priorities.ts';
import { noteAt } from './wording.ts';

/** RFC 5798 section 6.4.3: of two Masters with one priority the one with the higher address stays. */
export const equalPriority = pairRule({
  name: 'pair/equal-priority',
  level: 'warn',
  summary: 'Directors have the same priority',
  details: `Between equal priorities the higher source address wins, which is nothing that the file says. Both time out at
the same moment too (the lower the priority the longer a Backup waits, and here they wait equally long), so that at the
start and after every failure of a third router both become Master for a moment, and clients see two answers to their ARP
requests. Give the director that is to be Master the higher priority, with a gap that the weights of its trackers overcome.`,
  keepalived: 'silent',
  bad: directors({ priority: 100 }, { priority: 100 }),
  good: directors({ priority: 110 }, { priority: 100 }),
  check: (nodes, report) => {
    for (const router of matchInstances(nodes).routers) {
      const known = new Map<number, Member>();
      for (const second of router) {
        const { instance, node } = second;
        const priority = healthyPriority(instance, influencesOn(node, instance));
        const first = known.get(priority);
        if (first === undefined) known.set(priority, second);
        if (first === undefined || priority === ownerPriority) continue;
        report({
          at: instance.at('priority'),
          message: `${instance.name} has ${priorityText(instance, priority)}, as on ${first.node.name}: ${winnerOf(first, second)}`,
          help: 'write a lower priority on the director that stands by',
          notes: [noteAt(first, second, first.instance.at('priority'), `priority ${priority} too`)],
        });
      }
    }
  },
});

function priorityText({ priority }: InstanceModel, healthy: number): string {
  return priority === healthy
    ? `priority ${priority}`
    : `priority ${healthy} with its weights while nothing fails`;
}

function winnerOf(first: Member, second: Member): string {
  const [a, b] = [first.instance.source, second.instance.source];
  const tie = 'both become Master at the same moment, and the higher source address stays';
  if (a === undefined || b === undefined || a === b) return `${tie}, whichever that is`;
  const [winner, address] = compareAddresses(a, b) > 0 ? [first, a] : [second, b];
  return `${tie}, ${address} of ${winner.node.name}`;
}
