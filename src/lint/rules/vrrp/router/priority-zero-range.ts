import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** RFC 5798 section 5.2.4: 1 to 254, 255 for the owner; 0 means that the Master leaves. */
export const priorityZeroRange = diagnosticRule({
  name: 'vrrp/priority-zero-range',
  level: 'error',
  summary: 'priority is not a number from 1 to 255',
  details: `A priority is one byte: 1 to 254, and 255 for the owner of the addresses. 0 is what a Master sends when it
leaves and cannot be configured. keepalived reports anything else and uses 100, which is also what a director without
\`priority\` has, so that two of them may end up equal and the higher address decides who is Master.`,
  keepalived: 'reports',
  bad: instanceWith('priority 300'),
  good: instanceWith('priority 200'),
  claims: (diagnostic, file) => instanceAt(file, diagnostic, 'invalid-value', 'priority') !== undefined,
  improve: (diagnostic, file) => {
    const given = instanceAt(file, diagnostic, 'invalid-value', 'priority')?.values.last('priority');
    const found = given?.statement.args[0]?.value;
    return {
      message: `priority must be a whole number from 1 to 255${found === undefined ? '' : `, found "${found}"`}; 100 is used, which may be the other director's too`,
      help: 'write a number from 1 to 254, higher on the director that is to be Master',
    };
  },
});
