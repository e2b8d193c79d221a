import { diagnosticRule } from '../../../rule.ts';
import { holding, instanceText, nested } from './example.ts';

const excluded = nested('virtual_ipaddress_excluded', [`~SEQ(n, 11, 210) 192.0.2.\${n}/24`]);

/** RFC 3768 section 5.3.5: Count IP Addrs has one byte. */
export const tooManyVips = diagnosticRule({
  name: 'vrrp/too-many-vips',
  level: 'error',
  summary: 'More virtual addresses than an advertisement can count',
  details: `An advertisement counts its addresses in one byte, so 255 is the end. keepalived moves the rest to
\`virtual_ipaddress_excluded\` on its own: they are still held by the Master, but no longer compared between the directors.
Which ones are moved depends on the order of the lines. Write into \`virtual_ipaddress\` the one or two addresses that the
directors are to compare, and the rest into \`virtual_ipaddress_excluded\`.`,
  keepalived: 'reports',
  bad: holding(`~SEQ(n, 1, 200) 192.0.2.\${n}/24`, `~SEQ(n, 1, 200) 198.51.100.\${n}/24`),
  good: instanceText({ addresses: ['192.0.2.10/24'], lines: excluded }),
  claims: ({ code }) => code === 'too-many-addresses',
  improve: () => ({ help: 'move all but the first few lines to "virtual_ipaddress_excluded { }"' }),
});
