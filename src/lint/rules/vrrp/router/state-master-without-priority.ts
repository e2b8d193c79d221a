import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): priority: 255 where state is MASTER and nothing is said. */
export const stateMasterWithoutPriority = diagnosticRule({
  name: 'vrrp/state-master-without-priority',
  level: 'error',
  summary: 'state MASTER without priority makes the director the address owner',
  details: `An instance without \`priority\` has 100, but with \`state MASTER\` it has 255, and keepalived says nothing. 255
is the owner of the addresses: it becomes Master at once whenever it is there, \`nopreempt\` and \`preempt_delay\` do not
hold for it, and no tracker's weight lowers it, so that a director whose service is broken keeps the addresses. Write the
priority that is meant, from 1 to 254.`,
  keepalived: 'silent',
  bad: instanceWith('state MASTER'),
  good: instanceWith('state MASTER', 'priority 150'),
  claims: ({ code }) => code === 'master-without-priority',
  levelOf: () => 'error',
  improve: ({ message }) => ({
    message: `${message}: it always takes over at once, and no tracker's weight can lower it`,
    help: 'write "priority" with a number from 1 to 254, higher than that of the other director',
  }),
});
