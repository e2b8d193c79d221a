import { diagnosticRule } from '../../../rule.ts';
import { isInAddressList } from './address-places.ts';
import { holding, instanceText, nested } from './example.ts';

const excluded = nested('virtual_ipaddress_excluded', ['2001:db8::10/64']);

/** RFC 5798 section 5.2.9: an advertisement holds addresses of one family. */
export const vipFamilyMismatch = diagnosticRule({
  name: 'vrrp/vip-family-mismatch',
  level: 'error',
  summary: 'IPv4 and IPv6 addresses in one virtual_ipaddress',
  details: `An advertisement is IPv4 or IPv6, and the first address of \`virtual_ipaddress\` decides which. keepalived ignores
the lines of the other family: nobody holds those addresses. Put them into \`virtual_ipaddress_excluded\`, where they move
with the instance and are not advertised, or into an instance of their own, which elects its own Master.`,
  keepalived: 'reports',
  bad: holding('192.0.2.10/24', '2001:db8::10/64'),
  good: instanceText({ addresses: ['192.0.2.10/24'], lines: excluded }),
  claims: (diagnostic, file) =>
    diagnostic.code === 'address-family-mismatch' && isInAddressList(diagnostic, file),
  improve: ({ message }) => ({ message: `${message}, and nobody holds it` }),
});
