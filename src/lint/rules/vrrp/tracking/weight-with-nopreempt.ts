import { fileRule } from '../../../rule.ts';
import { contributionsOf } from './counting-trackers.ts';
import { tracked } from './example.ts';
import { trackedText } from './tracked-names.ts';

/** keepalived.conf(5): nopreempt: a Backup leaves a Master of lower priority alone. */
export const weightWithNopreempt = fileRule({
  name: 'vrrp/weight-with-nopreempt',
  level: 'warn',
  summary: 'nopreempt together with a weighted tracker, whose failure then moves nothing',
  details: `A weighted tracker that fails does not end anything by itself: the Master advertises a lower priority, and a Backup
with a higher one takes over. \`nopreempt\` forbids the Backup just that, so with \`nopreempt\` on both directors the service is
dead and the addresses stay. Write weight 0, so that a failure is a fault: the Master then gives up its addresses, and anybody
may take them. Or delete \`nopreempt\` and use \`preempt_delay\` against quick returns.`,
  keepalived: 'silent',
  bad: tracked(['weight -20'], ['nopreempt']),
  good: tracked([], ['nopreempt']),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const nopreempt = instance.values.last('nopreempt');
      if (nopreempt === undefined || instance.state === 'MASTER') continue;
      if ((instance.values.last('preempt')?.order ?? -1) > nopreempt.order) continue;
      const [first, ...more] = contributionsOf(instance);
      if (first === undefined) continue;
      const others = more.length === 0 ? '' : ` (${more.length + 1} trackers)`;
      const cost = Math.abs(first.tracked.weight);
      report({
        at: first.tracked.span,
        message: `when ${trackedText(first.tracked)} fails, the priority falls by ${cost} and the addresses stay: with nopreempt a Backup leaves a Master of lower priority alone${others}`,
        help: 'write "weight 0" so that a failure is a fault, or replace "nopreempt" by "preempt_delay"',
        notes: [{ span: nopreempt.heading, message: `${instance.name} has nopreempt here` }],
      });
    }
  },
});
