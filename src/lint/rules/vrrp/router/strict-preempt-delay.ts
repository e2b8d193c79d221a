import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. The RFCs know no delay before preempting. */
export const strictPreemptDelay = fileRule({
  name: 'vrrp/strict-preempt-delay',
  level: 'error',
  summary: 'preempt_delay in strict mode, which resets it',
  details: `By the RFC a router either preempts or it does not; waiting before it does is keepalived's own addition. In
strict mode keepalived reports the delay and resets it, so that a director that comes back takes the addresses before its
services and its switch port are ready. Switch strict mode off, or use \`vrrp_startup_delay\`, which holds back the start.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'preempt_delay 60'),
  good: instanceWith('preempt_delay 60'),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const delay = instance.values.last('preempt_delay');
      if (delay === undefined || delay.value === 0) continue;
      // The parser reports what cancels it in any mode.
      if (instance.state === 'MASTER' || instance.isOwner || instance.values.has('nopreempt')) continue;
      report({
        at: delay.span,
        message: `strict mode cancels preempt_delay: ${instance.name} takes the addresses at once when it comes back, not after ${delay.value / 1000} s`,
        help: `delete "${strictKeyword(instance)}", or write "vrrp_startup_delay" in global_defs`,
        notes: strictNotes(instance, file),
      });
    }
  },
});
