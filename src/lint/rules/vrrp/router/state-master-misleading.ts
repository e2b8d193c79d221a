import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** keepalived.conf(5): state is a hint. */
export const stateMasterMisleading = fileRule({
  name: 'vrrp/state-master-misleading',
  level: 'info',
  summary: 'state MASTER does not make a director Master',
  details: `Every instance starts as Backup, and the priorities decide who becomes Master, whatever \`state\` says. With
\`state MASTER\` on both directors nothing changes either. What the word does is cancel \`nopreempt\` and \`preempt_delay\`,
and make the priority 255 where none is given. \`state BACKUP\` on all directors says the same without these side effects.`,
  keepalived: 'silent',
  isStrictOnly: true,
  bad: instanceWith('state MASTER', 'priority 150'),
  good: instanceWith('state BACKUP', 'priority 150'),
  check: ({ instances }, report) => {
    const misleading = instances.filter(isMisleading);
    const [first] = misleading;
    if (first === undefined) return;
    report({
      at: first.at('state'),
      message: `state MASTER makes nobody Master${countOf(misleading)}: ${first.name} starts as Backup and wins or loses by its priority, ${first.priority}`,
      help: 'write "state BACKUP", so that nopreempt and preempt_delay can hold',
      notes: furtherPlaces(misleading, (instance) => instance.at('state')),
    });
  },
});

/** Where it does harm, that is a finding of another rule. */
function isMisleading({ state, isOwner, isStrict, values }: InstanceModel): boolean {
  if (state !== 'MASTER' || isOwner || isStrict) return false;
  return !values.has('nopreempt') && !values.has('preempt_delay');
}
