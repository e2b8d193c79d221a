import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): timer_expired_backup. */
export const timerExpiredBackup = fileRule({
  name: 'vrrp/timer-expired-backup',
  level: 'error',
  summary: 'timer_expired_backup without nopreempt',
  details: `With \`timer_expired_backup\` a Master that got no processor time for so long that a peer must have taken over
steps down by itself and does not fight for the addresses. That has a meaning only if it then leaves the new Master
alone, that is with \`nopreempt\`; without it keepalived reports the line and resets it.`,
  keepalived: 'reports',
  bad: instanceWith('timer_expired_backup 100'),
  good: instanceWith('state BACKUP', 'nopreempt', 'timer_expired_backup 100'),
  check: ({ instances }, report) => {
    for (const { name, values } of instances) {
      const given = values.last('timer_expired_backup');
      if (given === undefined || values.has('nopreempt')) continue;
      report({
        at: given.heading,
        message: `timer_expired_backup is reset without nopreempt: after a stall ${name} goes on as a second Master until the two have heard each other`,
        help: 'write "nopreempt" too, with "state BACKUP"',
      });
    }
  },
});
