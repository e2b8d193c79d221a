import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** RFC 5798 section 6.1: the address owner always preempts. */
export const nopreemptWithOwner = diagnosticRule({
  name: 'vrrp/nopreempt-with-owner',
  level: 'error',
  summary: 'nopreempt with priority 255',
  details: `Priority 255 says that the addresses are the director's own, and the owner always takes them back: that is what
the RFC asks of it. keepalived reports \`nopreempt\` there and resets it. To leave a Master alone after coming back, give
a priority below 255.`,
  keepalived: 'reports',
  bad: instanceWith('state BACKUP', 'priority 255', 'nopreempt'),
  good: instanceWith('state BACKUP', 'priority 200', 'nopreempt'),
  claims: (diagnostic, file) =>
    instanceAt(file, diagnostic, 'nopreempt-ignored', 'nopreempt')?.isOwner === true,
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'nopreempt-ignored', 'nopreempt');
    return {
      message: `nopreempt is ignored: with priority 255 ${instance?.name ?? 'the instance'} takes its addresses back as soon as it is there`,
      help: 'write a priority from 1 to 254, or delete "nopreempt"',
    };
  },
});
