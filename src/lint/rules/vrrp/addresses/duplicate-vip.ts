import { diagnosticRule } from '../../../rule.ts';
import { holding } from './example.ts';

/** keepalived.conf(5): virtual_ipaddress. */
export const duplicateVip = diagnosticRule({
  name: 'vrrp/duplicate-vip',
  level: 'error',
  summary: 'An address stands twice in one instance',
  details: `An interface has an address once. keepalived takes the first line and ignores the others, also where the second
stands in \`virtual_ipaddress_excluded\` or has another prefix length or interface; that is only written to the log. Often
a digit was forgotten when the line was copied, and the address that was meant is served by nobody.`,
  keepalived: 'logs',
  bad: holding('192.0.2.10/24', '192.0.2.10/24'),
  good: holding('192.0.2.10/24', '192.0.2.11/24'),
  claims: ({ code }) => code === 'duplicate-address',
  improve: () => ({ help: 'delete this line, or write the address that was meant' }),
});
