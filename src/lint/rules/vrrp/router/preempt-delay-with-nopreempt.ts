import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): preempt_delay, nopreempt. */
export const preemptDelayWithNopreempt = diagnosticRule({
  name: 'vrrp/preempt-delay-with-nopreempt',
  level: 'error',
  summary: 'preempt_delay with nopreempt',
  details: `\`nopreempt\` says that this director never takes the addresses from a working Master, and \`preempt_delay\` says
how long it waits before it does. keepalived reports the two together and resets the delay. Decide which of them is
meant.`,
  keepalived: 'reports',
  bad: instanceWith('state BACKUP', 'priority 150', 'nopreempt', 'preempt_delay 60'),
  good: instanceWith('state BACKUP', 'priority 150', 'preempt_delay 60'),
  claims: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'preempt-delay-ignored', 'preempt_delay');
    return instance !== undefined && instance.state !== 'MASTER' && !instance.isOwner;
  },
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'preempt-delay-ignored', 'preempt_delay');
    const span = instance?.values.spanOf('nopreempt');
    return {
      message: `preempt_delay is ignored: with nopreempt ${instance?.name ?? 'this instance'} does not take the addresses back at all`,
      help: 'delete "nopreempt" to take them back after the delay, or "preempt_delay" to leave them',
      ...(span && { notes: [{ span, message: 'nopreempt is here' }] }),
    };
  },
});
