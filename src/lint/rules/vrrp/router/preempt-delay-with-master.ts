import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): preempt_delay: the initial state must not be MASTER. */
export const preemptDelayWithMaster = diagnosticRule({
  name: 'vrrp/preempt-delay-with-master',
  level: 'error',
  summary: 'preempt_delay with state MASTER, which cancels it',
  details: `\`preempt_delay\` lets a director that comes back wait before it takes the addresses, until its services and its
switch port are ready. With \`state MASTER\`, and with priority 255, keepalived reports it and clears it, and the addresses
move at once. Write \`state BACKUP\` on both directors; the one with the higher priority becomes Master after the delay.`,
  keepalived: 'reports',
  bad: instanceWith('state MASTER', 'priority 150', 'preempt_delay 60'),
  good: instanceWith('state BACKUP', 'priority 150', 'preempt_delay 60'),
  claims: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'preempt-delay-ignored', 'preempt_delay');
    return instance !== undefined && (instance.state === 'MASTER' || instance.isOwner);
  },
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'preempt-delay-ignored', 'preempt_delay');
    const isMaster = instance?.state === 'MASTER';
    const reason = isMaster ? 'state MASTER' : 'priority 255';
    return {
      message: `${reason} cancels preempt_delay: ${instance?.name ?? 'this instance'} takes the addresses at once when it comes back`,
      help: isMaster
        ? 'write "state BACKUP" on both directors; the higher priority still becomes Master'
        : 'write a priority from 1 to 254',
    };
  },
});
